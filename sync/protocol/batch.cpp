#include "sync/protocol/batch.h"

#include <algorithm>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;

constexpr const char* kTooLarge = "is more than one batch may hold";
constexpr const char* kLineFeedsOnly = "end each line with a line feed alone";
constexpr std::string_view kSignedAs = "hailong-batch-1\n";
/// Most bytes of the last line: a signature has 88 characters.
constexpr std::size_t kSignatureLineBytesMax = 256;

std::string place_of_line(std::size_t line) {
    return "line " + std::to_string(line);
}

survey::Digest read_digest(ObjectReader& reader, std::string_view key) {
    const std::string text = reader.text(key);
    const auto digest = survey::parse_digest(text);
    if (!digest && reader.has(key) && reader.find(key)->is_string()) {
        reader.fault(key, "is not a SHA-256", "write 64 hexadecimal digits");
    }
    return digest.value_or(survey::Digest{});
}

Counters read_counters(ObjectReader& header, Faults& faults) {
    if (!header.has("counters")) {
        header.fault("counters", "is missing", "add it, as an object");
        return {};
    }
    ObjectReader reader(*header.find("counters"), header.place_of("counters"), faults);
    Counters counters{reader.integer("collected", 0, survey::kSeqMax), reader.integer("delivered", 0, survey::kSeqMax)};
    const json::value* days = reader.find("days");
    if (!reader.has("days")) return counters;
    if (!days->is_object() || days->as_object().size() > kCountedDaysMax) {
        reader.fault("days", "is no object of at most " + std::to_string(kCountedDaysMax) + " days",
                     "write {\"YYYY-MM-DD\": count}");
        return counters;
    }
    ObjectReader day_reader(*days, reader.place_of("days"), faults);
    for (const auto& [text, count] : days->as_object()) {
        const auto day = survey::parse_date(text);
        if (!day) {
            day_reader.fault(text, "is no day", "write YYYY-MM-DD");
            continue;
        }
        counters.days[*day] = day_reader.integer(text, 0, survey::kSeqMax);
    }
    return counters;
}

std::vector<survey::Skip> read_skipped(ObjectReader& header, Faults& faults) {
    std::vector<survey::Skip> skipped;
    std::int64_t numbers = 0;
    const json::array& list = header.list_or_empty("skipped");
    if (list.size() > kSkippedMax) {
        header.fault("skipped", "names more than " + std::to_string(kSkippedMax) + " ranges",
                     "name the last ones, joined where they touch");
        return skipped;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], header.place_of(survey::place_of_entry("skipped", i)), faults);
        survey::Skip range;
        range.first_seq = reader.integer("first_seq", 1, survey::kSeqMax);
        range.last_seq = reader.integer("last_seq", range.first_seq, survey::kSeqMax);
        // A reason that is not known yet skips all the same.
        range.reason = survey::parse_skip_reason(reader.text("reason")).value_or(survey::SkipReason::unknown);
        if (!skipped.empty() && range.first_seq <= skipped.back().last_seq) {
            reader.fault("first_seq", "does not come after the range before it", "name ranges in ascending order");
        }
        skipped.push_back(range);
        numbers += range.last_seq - range.first_seq + 1;
    }
    if (numbers > kSkippedNumbersMax) {
        header.fault("skipped", "names more than " + std::to_string(kSkippedNumbersMax) + " numbers",
                     "check the terminal's journal: its numbers would be used up");
    }
    return skipped;
}

/// Any whole number but ours is another version; what is none makes the header malformed.
bool is_of_another_version(const json::value& header) {
    const json::object* object = header.if_object();
    const json::value* version = object == nullptr ? nullptr : object->if_contains("protocol");
    if (version == nullptr) return false;
    return version->is_uint64() || (version->is_int64() && version->get_int64() != kProtocolVersion);
}

Faults other_version() {
    return {{"header.protocol", "is not version " + std::to_string(kProtocolVersion) + ", the only one spoken here",
             "use the same version at both ends"}};
}

/// How many lines stand below, and that they are not too many.
void read_sizes(ObjectReader& reader, BatchHeader& header, BatchRefusal& refusal) {
    header.count = reader.integer("count", 1, survey::kJsonIntegerMax);
    header.texts = reader.maybe_integer("texts", 0, survey::kJsonIntegerMax).value_or(0);
    if (header.texts > static_cast<std::int64_t>(kBatchTextsMax)) {
        refusal.kind = ProblemKind::too_large;
        reader.fault("texts", kTooLarge, "send at most " + std::to_string(kBatchTextsMax) + " texts");
    }
    if (header.count > static_cast<std::int64_t>(kBatchRecordsMax)) {
        refusal.kind = ProblemKind::too_large;
        reader.fault("count", kTooLarge, "send at most " + std::to_string(kBatchRecordsMax) + " records");
    } else if (header.first_seq > survey::kSeqMax - header.count + 1) {
        reader.fault("first_seq", "leads beyond the highest sequence number", "check the terminal's journal");
    }
}

BatchHeader read_header(std::string_view line, BatchRefusal& refusal) {
    BatchHeader header;
    Faults& faults = refusal.faults;
    const auto value = survey::parse_json(line);
    if (!value) {
        for (survey::Fault fault : value.error()) {
            fault.place = "header: " + fault.place;
            faults.push_back(std::move(fault));
        }
        return header;
    }
    ObjectReader reader(*value, "header", faults);
    if (is_of_another_version(*value)) {
        refusal = {ProblemKind::unsupported, other_version()};
        return header;
    }
    header.protocol = reader.integer("protocol", kProtocolVersion, kProtocolVersion);
    header.kiosk = survey::KioskId{reader.identifier("kiosk")};
    header.first_seq = reader.integer("first_seq", 1, survey::kSeqMax);
    read_sizes(reader, header, refusal);
    header.previous_hash = read_digest(reader, "previous_hash");
    header.last_hash = read_digest(reader, "last_hash");
    header.sent = read_time(reader, "sent_ms");
    header.counters = read_counters(reader, faults);
    header.boot = reader.text_or("boot", {});
    if (header.boot.size() > kBootBytesMax) {
        reader.fault("boot", "is longer than " + std::to_string(kBootBytesMax) + " bytes", "write the start's id");
    }
    if (const auto monotonic = reader.maybe_integer("sent_monotonic_ms", 0, kTimeMsMax)) {
        header.sent_monotonic = survey::milliseconds{*monotonic};
    }
    if (header.texts > 0) header.texts_hash = read_digest(reader, "texts_hash");
    header.skipped = read_skipped(reader, faults);
    for (const survey::Skip& range : header.skipped) {
        if (range.first_seq < header.first_seq + header.count && range.last_seq >= header.first_seq) {
            reader.fault("skipped", "names numbers of records below", "end a batch before a skipped range");
        }
    }
    return header;
}

survey::SealedText read_text(std::string_view line, const std::string& place, Faults& faults) {
    survey::SealedText sealed;
    const auto value = survey::parse_json(line);
    if (!value) {
        faults.push_back(
            {place, "is no sealed text: " + survey::describe(value.error()), "write one JSON object a line"});
        return sealed;
    }
    ObjectReader reader(*value, place, faults);
    sealed.seq = reader.integer("seq", 1, survey::kSeqMax);
    sealed.item = survey::ItemId{reader.identifier("item")};
    const auto bytes = survey::parse_base64(reader.text("sealed"));
    if (!bytes || bytes->size() > survey::kSealedTextBytesMax) {
        reader.fault("sealed", "is no base64 of at most " + std::to_string(survey::kSealedTextBytesMax) + " bytes",
                     "write the sealed text in base64 with padding");
    } else {
        sealed.bytes = *bytes;
    }
    return sealed;
}

survey::Signature read_signature(std::string_view line, Faults& faults) {
    const auto value = survey::parse_json(line);
    const json::value none;
    ObjectReader reader(value ? *value : none, "signature", faults);
    if (!reader.is_object()) return {};
    const auto signature = survey::parse_key<survey::Signature>(reader.text("signature"));
    if (!signature) reader.fault("signature", "is no Ed25519 signature", "write its 64 bytes in base64");
    return signature.value_or(survey::Signature{});
}

std::string signature_line(const survey::Signature& signature) {
    survey::CanonicalWriter writer;
    return writer.begin_object().key("signature").text(survey::key_text(signature)).end_object().take() + '\n';
}

std::string text_line(const survey::SealedText& sealed) {
    survey::check(sealed.bytes.size() <= survey::kSealedTextBytesMax, "a sealed text is within its limit");
    survey::CanonicalWriter writer;
    writer.begin_object().key("item").text(sealed.item.text).key("sealed").text(survey::to_base64(sealed.bytes));
    return writer.key("seq").integer(sealed.seq).end_object().take() + '\n';
}

json::object header_object(const BatchHeader& header) {
    json::object days;
    for (const auto& [day, count] : header.counters.days)
        days[survey::to_string(day)] = count;
    json::object counters{{"collected", header.counters.collected}, {"delivered", header.counters.delivered}};
    if (!days.empty()) counters["days"] = std::move(days);
    json::object object{
        {"count", header.count},
        {"counters", std::move(counters)},
        {"first_seq", header.first_seq},
        {"kiosk", header.kiosk.text},
        {"last_hash", survey::to_hex(header.last_hash)},
        {"previous_hash", survey::to_hex(header.previous_hash)},
        {"protocol", header.protocol},
        {"sent_ms", header.sent.time_since_epoch().count()},
    };
    if (!header.boot.empty()) object["boot"] = header.boot;
    if (header.sent_monotonic) object["sent_monotonic_ms"] = header.sent_monotonic->count();
    if (header.texts > 0) {
        object["texts"] = header.texts;
        object["texts_hash"] = survey::to_hex(header.texts_hash);
    }
    json::array skipped;
    for (const survey::Skip& range : header.skipped) {
        skipped.push_back(
            json::object{{"first_seq", range.first_seq}, {"last_seq", range.last_seq}, {"reason", name(range.reason)}});
    }
    if (!skipped.empty()) object["skipped"] = std::move(skipped);
    return object;
}

/// The lines below the header, without their line feeds.
std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// What stands below the header, into `batch`, whose header says how much that is.
void read_lines(const std::vector<std::string_view>& lines, Batch& batch, Faults& faults) {
    const auto records = static_cast<std::size_t>(batch.header.count);
    const std::size_t expected = records + static_cast<std::size_t>(batch.header.texts) + 1;
    if (lines.size() != expected) {
        faults.push_back(
            {"header.count",
             "announces " + std::to_string(expected) + " lines below the header, but there are " +
                 std::to_string(lines.size()),
             "send as many records and texts as the header says, then the signature, each ended by one line feed"});
        return;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].ends_with('\r')) continue;
        faults.push_back({place_of_line(i + 2), "ends with a carriage return", kLineFeedsOnly});
        return;
    }
    batch.records.reserve(records);
    for (std::size_t i = 0; i < records; ++i) {
        if (lines[i].size() > survey::kRecordBytesMax) {
            faults.push_back({place_of_line(i + 2),
                              "is longer than " + std::to_string(survey::kRecordBytesMax) + " bytes",
                              "keep records shorter"});
        }
        batch.records.emplace_back(lines[i]);
    }
    std::string text_lines;
    for (std::size_t i = records; i + 1 < lines.size(); ++i) {
        batch.texts.push_back(read_text(lines[i], place_of_line(i + 2), faults));
        text_lines.append(lines[i]).append("\n");
    }
    if (!batch.texts.empty() && survey::sha256(text_lines) != batch.header.texts_hash) {
        faults.push_back({"header.texts_hash", "is not the hash of the texts below", "send the texts as hashed"});
    }
    if (lines.back().size() > kSignatureLineBytesMax) {
        faults.push_back({"signature", "is longer than a signature", "end the batch with its signature"});
    } else {
        batch.signature = read_signature(lines.back(), faults);
    }
}

}  // namespace

std::string encode_batch(const BatchHeader& header, const std::vector<std::string>& records,
                         const std::vector<survey::SealedText>& texts, const survey::SignSecretKey& key) {
    survey::check(header.count == static_cast<std::int64_t>(records.size()),
                  "a batch holds as many records as it says");
    std::string text_lines;
    for (const survey::SealedText& sealed : texts)
        text_lines += text_line(sealed);
    BatchHeader whole = header;
    whole.texts = static_cast<std::int64_t>(texts.size());
    whole.texts_hash = texts.empty() ? survey::Digest{} : survey::sha256(text_lines);
    std::string body = survey::canonical_json(header_object(whole));
    const survey::Signature signature = survey::sign(std::string(kSignedAs) + body, key);
    body += '\n';
    for (const std::string& record : records) {
        survey::check(record.find('\n') == std::string::npos, "a record is one line");
        body += record;
        body += '\n';
    }
    return body + text_lines + signature_line(signature);
}

bool is_signed_by(std::string_view header_bytes, const survey::Signature& signature, const survey::SignPublicKey& key) {
    return survey::verifies(std::string(kSignedAs) + std::string(header_bytes), signature, key);
}

Expected<BatchHeader, Faults> decode_header(std::string_view header_bytes) {
    BatchRefusal refusal;
    BatchHeader header = read_header(header_bytes, refusal);
    if (!refusal.faults.empty()) return unexpected(std::move(refusal.faults));
    return header;
}

Expected<Batch, BatchRefusal> decode_batch(std::string_view body) {
    const auto refused = [](ProblemKind kind, survey::Fault fault) {
        return unexpected(BatchRefusal{kind, {std::move(fault)}});
    };
    if (body.size() > kBatchBytesMax) {
        return refused(ProblemKind::too_large,
                       {"", kTooLarge, "send at most " + std::to_string(kBatchBytesMax) + " bytes, fewer records"});
    }
    // A later version may end its lines, or its body, in another way.
    const std::string_view first_line = body.substr(0, std::min(body.find('\n'), kHeaderBytesMax + 1));
    if (const auto header = survey::parse_json(first_line); header && is_of_another_version(*header)) {
        return unexpected(BatchRefusal{ProblemKind::unsupported, other_version()});
    }
    if (body.empty() || body.back() != '\n') {
        return refused(ProblemKind::malformed,
                       {"", "does not end with a line feed: cut short on the way", "send the whole batch"});
    }
    const std::size_t header_end = body.find('\n');
    if (header_end > kHeaderBytesMax) {
        return refused(ProblemKind::malformed,
                       {"header", "is longer than " + std::to_string(kHeaderBytesMax) + " bytes",
                        "send the header as the first line"});
    }
    if (header_end > 0 && body[header_end - 1] == '\r') {
        return refused(ProblemKind::malformed, {"header", "ends with a carriage return", kLineFeedsOnly});
    }
    BatchRefusal refusal;
    Batch batch;
    batch.header_bytes = body.substr(0, header_end);
    batch.header = read_header(batch.header_bytes, refusal);
    if (!refusal.faults.empty()) return unexpected(std::move(refusal));
    read_lines(lines_of(body.substr(header_end + 1)), batch, refusal.faults);
    if (!refusal.faults.empty()) return unexpected(std::move(refusal));
    return batch;
}

Problem problem_of(const BatchRefusal& refusal) {
    return {refusal.kind, survey::describe(refusal.faults), std::nullopt, std::nullopt};
}

}  // namespace hailong::sync
