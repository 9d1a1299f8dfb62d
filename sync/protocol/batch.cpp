#include "sync/protocol/batch.h"

#include <algorithm>

#include "survey/check.h"
#include "survey/json.h"
#include "survey/record.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;

constexpr std::string_view kTooLarge = "is more than one batch may hold";

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
    return {reader.integer("collected", 0, kSeqMax), reader.integer("delivered", 0, kSeqMax)};
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
    header.signature = reader.text_or("signature", {});
    if (header.count > static_cast<std::int64_t>(kBatchRecordsMax)) {
        reader.fault("count", std::string(kTooLarge), "send at most " + std::to_string(kBatchRecordsMax) + " records");
    } else if (header.first_seq > kSeqMax - header.count + 1) {
        reader.fault("first_seq", "leads beyond the highest sequence number", "check the terminal's journal");
    }
    return header;
}

}  // namespace

std::string encode_batch(const BatchHeader& header, const std::vector<std::string>& records) {
    survey::check(header.count == static_cast<std::int64_t>(records.size()),
                  "a batch holds as many records as it says");
    json::object object{
        {"count", header.count},
        {"counters", {{"collected", header.counters.collected}, {"delivered", header.counters.delivered}}},
        {"first_seq", header.first_seq},
        {"kiosk", header.kiosk.text},
        {"last_hash", survey::to_hex(header.last_hash)},
        {"previous_hash", survey::to_hex(header.previous_hash)},
        {"protocol", header.protocol},
        {"sent_ms", header.sent.time_since_epoch().count()},
    };
    if (!header.signature.empty()) object["signature"] = header.signature;
    std::string body = survey::canonical_json(object);
    body += '\n';
    for (const std::string& record : records) {
        survey::check(record.find('\n') == std::string::npos, "a record is one line");
        body += record;
        body += '\n';
    }
    return body;
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

    const std::string_view lines = body.substr(header_end + 1);
    const auto found = static_cast<std::int64_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (found != batch.header.count) {
        return unexpected(
            Faults{{"header.count",
                    "is " + std::to_string(batch.header.count) + ", but " + std::to_string(found) + " records follow",
                    "send as many records as the header says, each ended by one line feed"}});
    }
    batch.records.reserve(static_cast<std::size_t>(found));
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        const std::string_view line = lines.substr(at, end - at);
        if (line.size() > survey::kRecordBytesMax) {
            faults.push_back({place_of_line(batch.records.size() + 2),
                              "is longer than " + std::to_string(survey::kRecordBytesMax) + " bytes",
                              "keep records shorter"});
        }
        batch.records.emplace_back(line);
        at = end + 1;
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
