#include "survey/crypto/shares.h"

#include <memory>
#include <optional>

#include <sodium.h>

#include "survey/base/check.h"
#include "survey/crypto/digest.h"

extern "C" {
#include <libgfshare.h>
}

namespace hailong::survey {
namespace {

constexpr unsigned kKeyBytes = sizeof(BoxSecretKey::bytes);
constexpr unsigned kShares = 3;
constexpr unsigned char kThreshold = 2;
constexpr std::string_view kWord = "hailong-share 1 ";
constexpr std::size_t kNameDigits = 8;

struct ContextEnd {
    void operator()(gfshare_ctx* context) const { gfshare_ctx_free(context); }
};
using Context = std::unique_ptr<gfshare_ctx, ContextEnd>;

void fill_random(unsigned char* bytes, unsigned size) {
    randombytes_buf(bytes, size);
}

/// The library has no random of its own, and needs some whenever a context ends, too: it writes over it.
void lend_random() {
    gfshare_fill_rand = fill_random;
}

/// The first digits of the public half's hash: enough to keep shares of different keys apart.
std::string name_of(const BoxSecretKey& key) {
    const BoxPublicKey half = public_half(key);
    return to_hex(sha256({reinterpret_cast<const char*>(half.bytes.data()), half.bytes.size()})).substr(0, kNameDigits);
}

struct Share {
    unsigned char number = 0;
    std::string key_name;
    BoxSecretKey bytes;  // as long as the secret
};

std::optional<Share> parse_share(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    const std::size_t fixed = kWord.size() + 2 + kNameDigits + 1;
    if (!line.starts_with(kWord) || line.size() <= fixed) return std::nullopt;
    const char digit = line[kWord.size()];
    if (digit < '1' || digit > '3' || line[kWord.size() + 1] != ' ' || line[fixed - 1] != ' ') return std::nullopt;
    const auto bytes = parse_key<BoxSecretKey>(line.substr(fixed));
    if (!bytes) return std::nullopt;
    return Share{static_cast<unsigned char>(digit - '0'), std::string(line.substr(kWord.size() + 2, kNameDigits)),
                 *bytes};
}

}  // namespace

std::array<std::string, 3> split_key(const BoxSecretKey& key) {
    const std::string name = name_of(key);  // starts libsodium, too
    lend_random();
    std::array<unsigned char, kShares> numbers{1, 2, 3};
    const Context context(gfshare_ctx_init_enc(numbers.data(), kShares, kThreshold, kKeyBytes));
    check(context != nullptr, "there is memory for three shares");
    BoxSecretKey secret = key;  // the library does not promise to leave it alone
    gfshare_ctx_enc_setsecret(context.get(), secret.bytes.data());
    std::array<std::string, 3> lines;
    for (unsigned char i = 0; i < kShares; ++i) {
        BoxSecretKey share;
        gfshare_ctx_enc_getshare(context.get(), i, share.bytes.data());
        lines.at(i) = std::string(kWord) + std::to_string(i + 1) + " " + name + " " + key_text(share);
    }
    return lines;
}

Expected<BoxSecretKey, std::string> join_shares(std::string_view one, std::string_view other) {
    auto first = parse_share(one);
    auto second = parse_share(other);
    if (!first || !second) {
        return unexpected(std::string(!first ? "the first" : "the second") +
                          " share is not a share; copy the whole line that begins with \"" + std::string(kWord) + "\"");
    }
    if (first->number == second->number) {
        return unexpected("both are share " + std::to_string(first->number) + "; bring two different ones");
    }
    if (first->key_name != second->key_name) {
        return unexpected("the shares belong to different keys (" + first->key_name + ", " + second->key_name +
                          "); bring two of the same");
    }
    lend_random();
    std::array<unsigned char, 2> numbers{first->number, second->number};
    const Context context(gfshare_ctx_init_dec(numbers.data(), 2, kKeyBytes));
    check(context != nullptr, "there is memory for two shares");
    gfshare_ctx_dec_giveshare(context.get(), 0, first->bytes.bytes.data());
    gfshare_ctx_dec_giveshare(context.get(), 1, second->bytes.bytes.data());
    BoxSecretKey key;
    gfshare_ctx_dec_extract(context.get(), key.bytes.data());
    if (name_of(key) != first->key_name) {
        return unexpected(
            std::string("a share was copied wrongly: together they make another key; compare them with "
                        "the originals"));
    }
    return key;
}

}  // namespace hailong::survey
