#include "sync/backend/store/packing.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <zstd.h>

#include "survey/base/check.h"
#include "survey/base/hex.h"

namespace hailong::sync {
namespace {

/// The first byte: how the rest is to be read. A number never gets another meaning.
enum class Form : char { plain = 0, record_1 = 1, batch_header_1 = 2, record_2 = 3 };

/// A record of 545 bytes becomes 170, in two microseconds. Level 3 makes 150 of it, and takes three times as long.
constexpr int kLevel = -3;

// What matches best stands last: zstd counts distances from the end.
constexpr std::string_view kRecordDictionary =
    R"({"answers":[{"item":"reason","values":["attitude","instructions","time","wait"]},{"item":"points","values":["2","1","0"]},)"
    R"({"item":"comment","text_sha256":"},{"item":"contact_phone"}],"respondent":"organisation","business","channel":"phone",)"
    R"("began":"receipt","typed","resumed":"flags":["too_fast","straight","mash","palm"],"language":"en","complete":false,)"
    R"("server_offset_ms":-,"doubtful")"
    R"({"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["4"]},{"item":"reason","values":["wait"]}],)"
    R"("boot":"4be4a5a2-1111-4222-8333-444455556666","complete":true,"context":{"began":"scanned","center":"",)"
    R"("channel":"terminal","counter":"A","field":"ho-tich","officer":"a-01","procedure":"p-001","respondent":"individual"},)"
    R"("finished":{"monotonic_ms":1012000,"offset_min":420,"utc_ms":1795309200000},"flags":[],"format":1,)"
    R"("id":"01a1fb88-285e-7c12-9385-fc9030707dfb","kiosk":"","language":"vi","questionnaire":{"id":"WARD5","version":1},)"
    R"("seq":1,"server_offset_ms":0,"started":{"monotonic_ms":1000000,"offset_min":420,"utc_ms":1795309188000}})";
// How often which symbol comes: what makes a zstd dictionary of the sample above (RFC 8878, 5), so that no record
// brings tables of its own, which took a third of the time. Made once by ZDICT_finalizeDictionary (zstd 1.5.4) from the
// sample and 2,000 records of the sample center; in hex.
constexpr std::string_view kRecordEntropy =
    "37a430ec010000002b10d092a403ffffffffff83c1b3cd927fb4b67752e4fe7bef4d8e7c42c613d7ce3932a524654a94"
    "f2d55f7be302000000048083518e01000400c003838106098d8707ac820200808582899cc161c000540c0e53c4400e4c"
    "00000844a00200000054c984c602206671d298102231000e0000c0d00000000000010000000400000008000000";
constexpr std::string_view kBatchHeaderDictionary =
    R"("skipped":[{"first_seq":1,"last_seq":2,"reason":"damaged"}],"texts_sha256":",)"
    R"({"boot":"afecefeb-9a62-411f-b64b-88a8783c7a15","count":30,"counters":{"collected":30,"days":{"2026-11-21":3,)"
    R"("2026-11-22":5,"2026-12-01":4,"2027-01-01":5},"delivered":0},"first_seq":1,"kiosk":"","last_hash":")"
    R"(","previous_hash":"0000000000000000000000000000000000000000000000000000000000000000",)"
    R"("protocol":1,"sent_monotonic_ms":2367855,"sent_ms":1795972918472})";

struct FreeContexts {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
    void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

/// Made once, and only read from then on.
struct Dictionary {
    explicit Dictionary(std::string bytes)
        : text(std::move(bytes)),
          compress(ZSTD_createCDict(text.data(), text.size(), kLevel)),
          decompress(ZSTD_createDDict(text.data(), text.size())) {
        survey::check(compress && decompress, "there is memory for a dictionary");
    }
    std::string text;
    std::unique_ptr<ZSTD_CDict, FreeContexts> compress;
    std::unique_ptr<ZSTD_DDict, FreeContexts> decompress;
};

std::string bytes_of_hex(std::string_view digits) {
    std::vector<std::uint8_t> bytes(digits.size() / 2);
    survey::check(survey::parse_hex(digits, bytes), "the entropy of records is in hex");
    return {bytes.begin(), bytes.end()};
}

/// Null where the form has none, or there is no such form.
const Dictionary* dictionary(Form form) {
    static const Dictionary kRecord1{std::string(kRecordDictionary)};
    static const Dictionary kRecord2{bytes_of_hex(kRecordEntropy) + std::string(kRecordDictionary)};
    static const Dictionary kHeader1{std::string(kBatchHeaderDictionary)};
    switch (form) {
        case Form::record_1:
            return &kRecord1;
        case Form::record_2:
            return &kRecord2;
        case Form::batch_header_1:
            return &kHeader1;
        case Form::plain:
            break;
    }
    return nullptr;
}

/// What is written today.
Form form_of(PackedKind kind) {
    return kind == PackedKind::record ? Form::record_2 : Form::batch_header_1;
}

std::string plain(std::string_view bytes) {
    std::string packed(1, static_cast<char>(Form::plain));
    return packed += bytes;
}

}  // namespace

std::string_view packing_dictionary(PackedKind kind) {
    return dictionary(form_of(kind))->text;
}

std::string pack(std::string_view bytes, PackedKind kind) {
    if (bytes.empty() || bytes.size() > kUnpackedBytesMax) return plain(bytes);
    // A context costs more to make than a record to pack.
    static thread_local const std::unique_ptr<ZSTD_CCtx, FreeContexts> context(ZSTD_createCCtx());
    survey::check(context != nullptr, "there is memory to compress a record");
    std::string packed(1 + ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress_usingCDict(context.get(), packed.data() + 1, packed.size() - 1, bytes.data(),
                                                      bytes.size(), dictionary(form_of(kind))->compress.get());
    if (ZSTD_isError(size) != 0 || size >= bytes.size()) return plain(bytes);
    packed.front() = static_cast<char>(form_of(kind));
    packed.resize(1 + size);
    return packed;
}

std::optional<std::string> unpack(std::string_view packed) {
    if (packed.empty()) return std::nullopt;
    const auto form = static_cast<Form>(packed.front());
    const std::string_view rest = packed.substr(1);
    if (form == Form::plain) return std::string(rest);
    const Dictionary* known = dictionary(form);
    if (known == nullptr) return std::nullopt;
    const unsigned long long size = ZSTD_getFrameContentSize(rest.data(), rest.size());
    // What is no frame, or does not say its size, answers with numbers beyond every limit.
    if (size > kUnpackedBytesMax) return std::nullopt;
    static thread_local const std::unique_ptr<ZSTD_DCtx, FreeContexts> context(ZSTD_createDCtx());
    survey::check(context != nullptr, "there is memory to read a record");
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const std::size_t read = ZSTD_decompress_usingDDict(context.get(), bytes.data(), bytes.size(), rest.data(),
                                                        rest.size(), known->decompress.get());
    if (ZSTD_isError(read) != 0 || read != bytes.size()) return std::nullopt;
    return bytes;
}

}  // namespace hailong::sync
