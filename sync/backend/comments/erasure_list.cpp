#include "sync/backend/comments/erasure_list.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/backend/comments/copies.h"

namespace hailong::sync {
namespace {

/// The end of the year 9999.
constexpr std::int64_t kTimeMax = 253'402'300'799'999;

std::string line_of(const ListedErasure& one) {
    const Erasure& erasure = one.erasure;
    boost::json::object line{{"item", erasure.place.item.text},
                             {"kiosk", erasure.place.kiosk.text},
                             {"reason", erasure.reason},
                             {"seq", erasure.place.seq},
                             {"time_ms", erasure.time.time_since_epoch().count()}};
    if (one.id) line["id"] = survey::to_string(*one.id);
    return survey::canonical_json(line) + '\n';
}

Expected<ListedErasure, survey::Faults> decode_line(std::string_view line) {
    const auto value = survey::parse_json(line);
    if (!value) return unexpected(value.error());
    survey::Faults faults;
    survey::ObjectReader reader(*value, "", faults);
    ListedErasure one;
    one.erasure.place = {{reader.identifier("kiosk")}, reader.integer("seq", 1, survey::kSeqMax), {}};
    one.erasure.place.item.text = reader.identifier("item");
    one.erasure.reason = reader.text("reason");
    one.erasure.time = survey::UtcTime(std::chrono::milliseconds(reader.integer("time_ms", 0, kTimeMax)));
    if (reader.has("id")) {
        one.id = survey::parse_uuid(reader.text("id"));
        if (!one.id) reader.fault("id", "is no UUID", "copy it as it was written");
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return one;
}

/// Where it stands, with the id as its proof; nowhere when it is not stored.
StoreResult<std::vector<TextPlace>> find(const ListedErasure& one, RecordReader& reader) {
    const TextPlace& place = one.erasure.place;
    std::vector<TextPlace> found;
    if (one.id) {
        const auto places = reader.find_ids({&*one.id, 1});
        if (!places) return unexpected(places.error());
        for (const IdPlace& where : *places)
            found.push_back({where.kiosk, where.seq, place.item});
        return found;
    }
    const auto page = reader.page(place.kiosk, place.seq, 1);
    if (!page) return unexpected(page.error());
    if (!page->empty() && page->front().seq == place.seq && !page->front().id) found.push_back(place);
    return found;
}

/// Whether a trace stands at one of the places, and the text at none.
StoreResult<bool> is_erased(const std::vector<TextPlace>& places, TextReader& reader) {
    bool has_trace = false;
    for (const TextPlace& place : places) {
        const auto is_of_item = [&](const auto& one) { return one.place.item == place.item; };
        const auto texts = reader.of_record(place.kiosk, place.seq);
        if (!texts) return unexpected(texts.error());
        if (std::any_of(texts->begin(), texts->end(), is_of_item)) return false;
        const auto traces = reader.erasures_of_record(place.kiosk, place.seq);
        if (!traces) return unexpected(traces.error());
        has_trace |= std::any_of(traces->begin(), traces->end(), is_of_item);
    }
    return has_trace;
}

bool is_among(const std::vector<ListedErasure>& list, const ListedErasure& one) {
    return std::any_of(list.begin(), list.end(), [&](const ListedErasure& other) { return is_same_text(one, other); });
}

}  // namespace

std::string encode_erasures(const std::vector<ListedErasure>& list) {
    std::string text;
    for (const ListedErasure& one : list)
        text += line_of(one);
    return text;
}

Expected<std::vector<ListedErasure>, std::string> decode_erasures(std::string_view text) {
    std::vector<ListedErasure> list;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        auto one = decode_line(line);
        if (!one) return unexpected("line " + std::to_string(list.size() + 1) + ": " + survey::describe(one.error()));
        list.push_back(std::move(*one));
    }
    return list;
}

bool is_same_text(const ListedErasure& one, const ListedErasure& other) {
    return one.erasure.place.item == other.erasure.place.item &&
           (one.id ? one.id == other.id : !other.id && one.erasure.place == other.erasure.place);
}

StoreResult<std::vector<ListedErasure>> erasures_not_stored(const std::vector<ListedErasure>& list,
                                                            Snapshot& snapshot) {
    std::vector<ListedErasure> missing;
    const auto awaited = awaited_erasures(snapshot.facts());
    if (!awaited) return unexpected(awaited.error());
    for (const ListedErasure& one : list) {
        const auto places = find(one, snapshot.records());
        if (!places) return unexpected(places.error());
        if (places->empty()) {
            if (one.id && !is_among(*awaited, one)) missing.push_back(one);
            continue;
        }
        const auto erased = is_erased(*places, snapshot.texts());
        if (!erased) return unexpected(erased.error());
        if (!*erased) missing.push_back(one);
    }
    return missing;
}

StoreResult<std::size_t> count_of_stored_records(const std::vector<ListedErasure>& list, Snapshot& snapshot) {
    std::size_t count = 0;
    for (const ListedErasure& one : list) {
        const auto places = find(one, snapshot.records());
        if (!places) return unexpected(places.error());
        if (!places->empty()) ++count;
    }
    return count;
}

StoreResult<void> erase_listed(const std::vector<ListedErasure>& list, Transaction& transaction) {
    std::vector<Erasure> erasures;
    std::vector<survey::Uuid> ids;
    auto awaited = awaited_erasures(transaction.facts());
    if (!awaited) return unexpected(awaited.error());
    const std::size_t awaited_before = awaited->size();
    for (const ListedErasure& one : list) {
        const auto places = find(one, transaction.records());
        if (!places) return unexpected(places.error());
        if (!places->empty()) {
            erasures.push_back({places->front(), one.erasure.time, one.erasure.reason});
            if (one.id) ids.push_back(*one.id);
        }
        if (places->empty() && one.id && !is_among(*awaited, one)) awaited->push_back(one);
    }
    const auto erased = transaction.texts().erase(erasures);
    if (!erased) return unexpected(erased.error());
    if (!ids.empty()) {
        const auto copies = erase_copies(ids, erasures.back().time, transaction);
        if (!copies) return unexpected(copies.error());
    }
    if (awaited->size() == awaited_before) return {};
    return transaction.facts().put(kErasedFact, encode_erasures(*awaited));
}

StoreResult<void> erase_awaited(const std::vector<ListedErasure>& awaited, std::span<const survey::Uuid> ids,
                                Transaction& transaction) {
    std::vector<Erasure> erasures;
    for (const ListedErasure& one : awaited) {
        if (!one.id || std::find(ids.begin(), ids.end(), *one.id) == ids.end()) continue;
        const auto places = transaction.records().find_ids({&*one.id, 1});
        if (!places) return unexpected(places.error());
        for (const IdPlace& place : *places)
            erasures.push_back(
                {{place.kiosk, place.seq, one.erasure.place.item}, one.erasure.time, one.erasure.reason});
    }
    if (erasures.empty()) return {};
    const auto erased = transaction.texts().erase(erasures);
    if (!erased) return unexpected(erased.error());
    return {};
}

StoreResult<std::vector<ListedErasure>> awaited_erasures(FactReader& facts) {
    const auto fact = facts.fact(kErasedFact);
    if (!fact) return unexpected(fact.error());
    // Damage is verify's business: the fact has a sum.
    return fact->has_value() ? decode_erasures(**fact).value_or(std::vector<ListedErasure>())
                             : std::vector<ListedErasure>();
}

}  // namespace hailong::sync
