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

constexpr std::string_view kTooLarge = "is more than one batch may hold";
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
    Counters counters{reader.integer("collected", 0, kSeqMax), reader.integer("delivered", 0, kSeqMax)};
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
        counters.days[*day] = day_reader.integer(text, 0, kSeqMax);
    }
    return counters;
}

std::vector<survey::Skip> read_skipped(ObjectReader& header, Faults& faults) {
    std::vector<survey::Skip> skipped;
    const json::array& list = header.list_or_empty("skipped");
    if (list.size() > kSkippedMax) {
        header.fault("skipped", "names more than " + std::to_string(kSkippedMax) + " ranges",
                     "name the last ones, joined where they touch");
        return skipped;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], header.place_of("skipped") + "[" + std::to_string(i) + "]", faults);
        survey::Skip range;
        range.first_seq = reader.integer("first_seq", 1, kSeqMax);
        range.last_seq = reader.integer("last_seq", range.first_seq, kSeqMax);
        // A reason that is not known yet skips all the same.
        range.reason = survey::parse_skip_reason(reader.text("reason")).value_or(survey::SkipReason::unknown);
        if (!skipped.empty() && range.first_seq <= skipped.back().last_seq) {
            reader.fault("first_seq", "does not come after the range before it", "name ranges in ascending order");
        }
        skipped.push_back(range);
    }
    return skipped;
}

BatchHeader read_header(std::string_view line, Faults& faults) {
    BatchHeader header;
    const auto value = survey::parse_json(line);
    if (!value) {
        for (survey::Fault fault : value.error()) {
            fault.place = "header: " + fault.place;
            faults.push_back(std::move(fault));
        }
        return header;
    }
    ObjectReader reader(*value, "header", faults);
    header.protocol = reader.integer("protocol", 1, kSeqMax);
    if (reader.is_object() && header.protocol != kProtocolVersion) {
        reader.fault("protocol",
                     "is version " + std::to_string(header.protocol) + ", this program speaks " +
                         std::to_string(kProtocolVersion),
                     "use the same version at both ends");
        return header;
    }
    header.kiosk = survey::KioskId{reader.identifier("kiosk")};
    header.first_seq = reader.integer("first_seq", 1, kSeqMax);
    header.count = reader.integer("count", 1, kSeqMax);
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
    header.skipped = read_skipped(reader, faults);
    header.texts = reader.maybe_integer("texts", 0, kSeqMax).value_or(0);
    if (header.texts > static_cast<std::int64_t>(kBatchTextsMax)) {
        reader.fault("texts", std::string(kTooLarge), "send at most " + std::to_string(kBatchTextsMax) + " texts");
    }
    if (header.texts > 0) header.texts_hash = read_digest(reader, "texts_hash");
    if (header.count > static_cast<std::int64_t>(kBatchRecordsMax)) {
        reader.fault("count", std::string(kTooLarge), "send at most " + std::to_string(kBatchRecordsMax) + " records");
    } else if (header.first_seq > kSeqMax - header.count + 1) {
        reader.fault("first_seq", "leads beyond the highest sequence number", "check the terminal's journal");
    }
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
    sealed.seq = reader.integer("seq", 1, kSeqMax);
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
    return body + text_lines + "{\"signature\":\"" + survey::key_text(signature) + "\"}\n";
}

bool is_signed_by(std::string_view header_bytes, const survey::Signature& signature, const survey::SignPublicKey& key) {
    return survey::verifies(std::string(kSignedAs) + std::string(header_bytes), signature, key);
}

Expected<BatchHeader, Faults> decode_header(std::string_view header_bytes) {
    Faults faults;
    BatchHeader header = read_header(header_bytes, faults);
    if (!faults.empty()) return unexpected(std::move(faults));
    return header;
}

Expected<Batch, Faults> decode_batch(std::string_view body) {
    if (body.size() > kBatchBytesMax) {
        return unexpected(Faults{
            {"", std::string(kTooLarge), "send at most " + std::to_string(kBatchBytesMax) + " bytes, fewer records"}});
    }
    if (body.empty() || body.back() != '\n') {
        return unexpected(Faults{{"", "does not end with a line feed: cut short on the way", "send the whole batch"}});
    }
    const std::size_t header_end = body.find('\n');
    if (header_end > kHeaderBytesMax) {
        return unexpected(Faults{{"header", "is longer than " + std::to_string(kHeaderBytesMax) + " bytes",
                                  "send the header as the first line"}});
    }
    Faults faults;
    Batch batch;
    batch.header_bytes = body.substr(0, header_end);
    batch.header = read_header(batch.header_bytes, faults);
    if (!faults.empty()) return unexpected(std::move(faults));

    const std::vector<std::string_view> lines = lines_of(body.substr(header_end + 1));
    const auto records = static_cast<std::size_t>(batch.header.count);
    const std::size_t expected = records + static_cast<std::size_t>(batch.header.texts) + 1;
    if (lines.size() != expected) {
        return unexpected(Faults{
            {"header.count",
             "announces " + std::to_string(expected) + " lines below the header, but there are " +
                 std::to_string(lines.size()),
             "send as many records and texts as the header says, then the signature, each ended by one line feed"}});
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
    if (!faults.empty()) return unexpected(std::move(faults));
    return batch;
}

Problem problem_of(const Faults& faults) {
    survey::check(!faults.empty(), "a refusal has a reason");
    const auto any = [&](auto&& holds) { return std::any_of(faults.begin(), faults.end(), holds); };
    Problem problem{ProblemKind::malformed, survey::describe(faults), std::nullopt, std::nullopt};
    if (any([](const survey::Fault& fault) { return fault.what == kTooLarge; })) problem.kind = ProblemKind::too_large;
    if (any([](const survey::Fault& fault) {
            return fault.place == "header.protocol" && fault.what.rfind("is version ", 0) == 0;
        })) {
        problem.kind = ProblemKind::unsupported;
    }
    return problem;
}

}  // namespace hailong::sync
