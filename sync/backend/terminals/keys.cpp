#include "sync/backend/terminals/keys.h"

#include <string_view>

#include "survey/base/host.h"
#include "survey/crypto/digest.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "keys";
constexpr const char* kSignFile = "sign.key";
constexpr const char* kTransportFile = "transport.key";
constexpr const char* kTextPublicFile = "text.pub";
constexpr const char* kTextSecretFile = "text.key";

constexpr std::string_view kSignWord = "hailong-sign-key";
constexpr std::string_view kTransportWord = "hailong-transport-key";
constexpr std::string_view kTextPublicWord = "hailong-text-public-key";
constexpr std::string_view kTextSecretWord = "hailong-text-key";

/// What the keys of texts were called at first: a data folder of that time is read as it is.
struct FormerName {
    std::string_view now;
    std::string_view then;
};
constexpr FormerName kFormerFiles[] = {{kTextPublicFile, "words.pub"}, {kTextSecretFile, "words.key"}};
constexpr FormerName kFormerWords[] = {{kTextPublicWord, "hailong-words-public-key"},
                                       {kTextSecretWord, "hailong-words-key"}};

bool is_there(const fs::path& file) {
    std::error_code error;
    return fs::exists(file, error);
}

/// The file of that name, or where there is none, the one of its former name.
fs::path in_folder(const fs::path& data, const char* name) {
    const fs::path file = data / kFolder / name;
    if (is_there(file)) return file;
    for (const FormerName& former : kFormerFiles) {
        if (former.now == name && is_there(data / kFolder / former.then)) return data / kFolder / former.then;
    }
    return file;
}

/// What stands behind the word that says what the key is, or behind its former one; empty when neither begins the line.
std::string_view behind_word(std::string_view line, std::string_view word) {
    const auto behind = [line](std::string_view first) {
        const bool begins = line.starts_with(first) && line.size() > first.size() && line[first.size()] == ' ';
        return begins ? line.substr(first.size() + 1) : std::string_view();
    };
    for (const FormerName& former : kFormerWords) {
        if (former.now != word) continue;
        if (const std::string_view text = behind(former.then); !text.empty()) return text;
    }
    return behind(word);
}

/// The first digits of the SHA-256 over what stands before it: a spoiled key would be handed to new terminals, and what
/// is sealed for it could be opened by nobody.
std::string sum_of(std::string_view line) {
    constexpr std::size_t kSumDigits = 16;
    return survey::to_hex(survey::sha256(line)).substr(0, kSumDigits);
}

template <class Key>
std::string line_of(std::string_view word, const Key& key) {
    const std::string line = std::string(word) + " " + survey::key_text(key);
    return line + " " + sum_of(line) + "\n";
}

/// The line without its sum; empty when the sum does not fit. A file of the program before had none.
std::string_view checked(std::string_view line) {
    const std::size_t key = line.find(' ');
    const std::size_t sum = key == std::string_view::npos ? key : line.find(' ', key + 1);
    if (sum == std::string_view::npos) return line;
    return line.substr(sum + 1) == sum_of(line.substr(0, sum)) ? line.substr(0, sum) : std::string_view();
}

template <class Key>
Expected<Key, std::string> read_key(const fs::path& file, std::string_view word) {
    constexpr bool is_public = std::is_same_v<Key, survey::BoxPublicKey>;
    const auto text = is_public ? survey::read_file(file) : survey::read_secret_file(file);
    if (!text) return unexpected(text.error());
    std::string_view line = *text;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    const std::string damaged = file.string() + ": is not the file that was written: it begins with \"" +
                                std::string(word) +
                                "\", then a key and its sum follow. Nothing that was sent or sealed is lost: put "
                                "back the folder keys from the backup, and make no new keys";
    const auto key = survey::parse_key<Key>(behind_word(checked(line), word));
    if (!key) return unexpected(damaged);
    return *key;
}

/// One file after the other; stops at the first that can't be written.
class Maker {
  public:
    explicit Maker(const fs::path& data) : data_(data) {}

    Expected<std::vector<std::string>, std::string> run() {
        std::error_code error;
        fs::create_directories(data_ / kFolder, error);
        if (!error) fs::permissions(data_ / kFolder, fs::perms::owner_all, error);
        if (error) {
            return unexpected("can't create " + (data_ / kFolder).string() + ": " + error.message() +
                              "; let this user write to the data folder");
        }
        make(kSignFile, [] { return line_of(kSignWord, survey::make_sign_key()); });
        make(kTransportFile, [] { return line_of(kTransportWord, survey::make_box_key()); });
        if (!is_there(in_folder(data_, kTextPublicFile))) {
            // The secret half first: should the power fail in between, the public half follows from it.
            make(kTextSecretFile, [] { return line_of(kTextSecretWord, survey::make_box_key()); });
            make_text_public();
        }
        if (!error_.empty()) return unexpected(error_);
        return made_;
    }

  private:
    template <class Content>
    void make(const char* name, Content&& content) {
        const fs::path file = in_folder(data_, name);
        if (!error_.empty() || is_there(file)) return;
        note(name, survey::write_file(file, content(), survey::Readers::owner));
    }
    void make_text_public() {
        if (!error_.empty()) return;
        const auto secret = read_text_key(in_folder(data_, kTextSecretFile));
        if (!secret) {
            error_ = secret.error();
            return;
        }
        note(kTextPublicFile, survey::write_file(in_folder(data_, kTextPublicFile),
                                                 line_of(kTextPublicWord, survey::public_half(*secret))));
    }
    void note(const char* name, const Expected<void, std::string>& written) {
        if (written) {
            made_.emplace_back(name);
        } else {
            error_ = written.error();
        }
    }

    const fs::path& data_;
    std::vector<std::string> made_;
    std::string error_;
};

}  // namespace

BackendKeys public_halves(const ServiceKeys& keys) {
    return {survey::public_half(keys.sign), survey::public_half(keys.transport), keys.text};
}

Receipt signed_receipt(Receipt receipt, const survey::Signer& signer) {
    receipt.signature = signer.sign(receipt_text(receipt));
    return receipt;
}

fs::path text_key_file(const fs::path& data) {
    return in_folder(data, kTextSecretFile);
}

std::vector<std::string> missing_keys(const fs::path& data) {
    std::vector<std::string> missing;
    for (const char* name : {kSignFile, kTransportFile, kTextPublicFile}) {
        if (!is_there(in_folder(data, name))) missing.emplace_back(name);
    }
    return missing;
}

Expected<std::vector<std::string>, std::string> make_missing_keys(const fs::path& data) {
    return Maker(data).run();
}

Expected<ServiceKeys, std::string> load_keys(const fs::path& data) {
    const std::vector<std::string> missing = missing_keys(data);
    if (!missing.empty()) {
        return unexpected((data / kFolder / missing.front()).string() +
                          " is missing; restore the folder keys from the backup: terminals believe no other keys. On a "
                          "store that never had any, run `hailong-backend init` again");
    }
    const auto sign = read_key<survey::SignSecretKey>(in_folder(data, kSignFile), kSignWord);
    if (!sign) return unexpected(sign.error());
    const auto transport = read_key<survey::BoxSecretKey>(in_folder(data, kTransportFile), kTransportWord);
    if (!transport) return unexpected(transport.error());
    const auto texts = read_key<survey::BoxPublicKey>(in_folder(data, kTextPublicFile), kTextPublicWord);
    if (!texts) return unexpected(texts.error());
    // It may be gone, or not for this user to read: only a wrong one is in the way.
    const fs::path secret_file = text_key_file(data);
    const auto secret = read_text_key(secret_file);
    if (!secret && survey::read_file(secret_file)) {
        return unexpected(secret.error() + ". Or move it away, when its shares or a copy are kept elsewhere");
    }
    if (secret && survey::public_half(*secret) != *texts) {
        return unexpected(
            text_key_file(data).string() + " does not belong to " + kTextPublicFile +
            " beside it; put the right one back, or move this one to another place. Delete neither: one of "
            "them opens what was sealed for it");
    }
    return ServiceKeys{*sign, *transport, *texts};
}

namespace {

constexpr const char* kFact = "keys";

/// The public halves on three lines.
std::string fact_of(const ServiceKeys& keys) {
    const BackendKeys halves = public_halves(keys);
    return survey::key_text(halves.sign) + "\n" + survey::key_text(halves.transport) + "\n" +
           survey::key_text(halves.text);
}

}  // namespace

Expected<ServiceKeys, std::string> load_keys_of_store(const fs::path& data, FactReader& reader) {
    auto keys = load_keys(data);
    if (!keys) return keys;
    const auto remembered = reader.fact(kFact);
    if (!remembered) return unexpected(survey::describe(remembered.error()));
    if (!*remembered || **remembered == fact_of(*keys)) return keys;
    return unexpected(
        (data / kFolder).string() +
        " holds other keys than this store's: terminals would believe none of its answers. Nothing was "
        "changed; put the folder keys back that belongs to this store, from its backup. Only when that is "
        "lost for good: `hailong-backend init --new-keys`, and enrol every terminal anew");
}

StoreResult<void> remember_keys(const ServiceKeys& keys, FactWriter& writer) {
    return writer.put(kFact, fact_of(keys));
}

fs::path keys_folder(const fs::path& data) {
    return data / kFolder;
}

Expected<std::vector<std::string>, std::string> copy_keys(const fs::path& from, const fs::path& data) {
    std::error_code error;
    fs::create_directories(data / kFolder, error);
    if (!error) fs::permissions(data / kFolder, fs::perms::owner_all, error);
    if (error)
        return unexpected("can't create " + (data / kFolder).string() + ": " + error.message() +
                          "; let this user write to the data folder");
    std::vector<std::string> copied;
    std::vector<std::string> names = {kSignFile, kTransportFile, kTextPublicFile, kTextSecretFile};
    for (const FormerName& former : kFormerFiles)
        names.emplace_back(former.then);
    for (const std::string& name : names) {
        if (!is_there(from / name)) continue;
        const auto bytes = survey::read_file(from / name);
        if (!bytes) return unexpected(bytes.error());
        const auto written = survey::write_file(data / kFolder / name, *bytes, survey::Readers::owner);
        if (!written) return unexpected(written.error());
        copied.push_back(name);
    }
    return copied;
}

Expected<survey::BoxSecretKey, std::string> read_text_key(const fs::path& file) {
    return read_key<survey::BoxSecretKey>(file, kTextSecretWord);
}

Expected<void, std::string> write_text_key(const fs::path& file, const survey::BoxSecretKey& key) {
    return survey::write_file(file, line_of(kTextSecretWord, key), survey::Readers::owner);
}

}  // namespace hailong::sync
