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

/// Where it stands, with the id as its proof; empty when it is not stored.
StoreResult<std::optional<TextPlace>> find(const ListedErasure& one, RecordReader& reader) {
    TextPlace place = one.erasure.place;
    if (one.id) {
        const auto places = reader.find_ids({&*one.id, 1});
        if (!places) return unexpected(places.error());
        if (places->empty()) return std::optional<TextPlace>();
        place.kiosk = places->front().kiosk;
        place.seq = places->front().seq;
        return std::optional(place);
    }
    const auto page = reader.page(place.kiosk, place.seq, 1);
    if (!page) return unexpected(page.error());
    const bool is_it = !page->empty() && page->front().seq == place.seq && !page->front().id;
    return is_it ? std::optional(place) : std::nullopt;
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

StoreResult<void> erase_listed(const std::vector<ListedErasure>& list, Transaction& transaction) {
    std::vector<Erasure> erasures;
    std::vector<survey::Uuid> ids;
    std::vector<ListedErasure> awaited;
    for (const ListedErasure& one : list) {
        const auto place = find(one, transaction.records());
        if (!place) return unexpected(place.error());
        if (*place) erasures.push_back({**place, one.erasure.time, one.erasure.reason});
        if (*place && one.id) ids.push_back(*one.id);
        if (!*place && one.id) awaited.push_back(one);
    }
    const auto erased = transaction.texts().erase(erasures);
    if (!erased) return unexpected(erased.error());
    if (!ids.empty()) {
        const auto copies = erase_copies(ids, erasures.back().time, transaction);
        if (!copies) return unexpected(copies.error());
    }
    return awaited.empty() ? StoreResult<void>() : transaction.facts().put(kErasedFact, encode_erasures(awaited));
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
