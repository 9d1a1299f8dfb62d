#include "sync/backend/comments/copies.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "survey/record.h"

namespace hailong::sync {
namespace {

using survey::ItemId;
using survey::Uuid;

/// Every place of each of these responses that stands at more than one.
using PlacesById = std::map<Uuid, std::vector<IdPlace>>;

StoreResult<PlacesById> places_of_copies(std::span<const Uuid> ids, RecordReader& reader) {
    PlacesById result;
    if (ids.empty()) return result;
    const auto places = reader.find_ids(ids);
    if (!places) return unexpected(places.error());
    for (const IdPlace& place : *places) {
        std::vector<IdPlace>& known = result[place.id];
        if (std::find(known.begin(), known.end(), place) == known.end()) known.push_back(place);
    }
    std::erase_if(result, [](const auto& one) { return one.second.size() < 2; });
    return result;
}

StoreResult<std::optional<StoredRecord>> record_at(const IdPlace& place, RecordReader& reader) {
    auto page = reader.page(place.kiosk, place.seq, 1);
    if (!page) return unexpected(page.error());
    if (page->empty() || page->front().seq != place.seq) return std::optional<StoredRecord>();
    return std::optional(std::move(page->front()));
}

/// What its record says of the text, which two texts have in common only when they are the same; empty when it says
/// nothing, or can't be read.
std::optional<survey::Digest> text_hash(const StoredRecord& stored, const ItemId& item) {
    const auto record = survey::decode(stored.bytes);
    if (!record) return std::nullopt;
    const survey::Answer* answer = survey::answer_to(record->response.answers, item);
    return answer != nullptr ? answer->text : std::nullopt;
}

/// The traces still missing at the places of one response.
StoreResult<std::vector<Erasure>> missing_traces(const std::vector<IdPlace>& places, survey::UtcTime now,
                                                 Transaction& transaction) {
    std::map<ItemId, std::string> reasons;  // of what is erased somewhere
    std::set<TextPlace> traces;
    for (const IdPlace& place : places) {
        const auto erased = transaction.texts().erasures_of_record(place.kiosk, place.seq);
        if (!erased) return unexpected(erased.error());
        for (const Erasure& one : *erased) {
            reasons.emplace(one.place.item, one.reason);
            traces.insert(one.place);
        }
    }
    std::vector<Erasure> missing;
    if (reasons.empty()) return missing;
    for (const IdPlace& place : places) {
        const auto record = record_at(place, transaction.records());
        if (!record) return unexpected(record.error());
        if (!*record) continue;
        const std::set<ItemId> named = items_with_texts(**record);
        for (const auto& [item, reason] : reasons) {
            const TextPlace at{place.kiosk, place.seq, item};
            if (named.contains(item) && !traces.contains(at)) missing.push_back({at, now, reason});
        }
    }
    return missing;
}

/// Whether the text stands at one of the places before this one, too.
StoreResult<bool> stands_before(const StoredText& text, const StoredRecord& own, const std::vector<IdPlace>& places,
                                const TextFilter& filter, Snapshot& snapshot) {
    const auto hash = text_hash(own, text.place.item);
    for (const IdPlace& place : places) {
        if (place.kiosk == text.place.kiosk && place.seq == text.place.seq) return false;
        if (filter.kiosk && place.kiosk != *filter.kiosk) continue;
        const auto record = record_at(place, snapshot.records());
        if (!record) return unexpected(record.error());
        if (!*record || !hash || text_hash(**record, text.place.item) != hash) continue;
        const auto texts = snapshot.texts().of_record(place.kiosk, place.seq);
        if (!texts) return unexpected(texts.error());
        const bool stands = std::any_of(texts->begin(), texts->end(),
                                        [&](const StoredText& one) { return one.place.item == text.place.item; });
        if (stands) return true;
    }
    return false;
}

}  // namespace

std::set<ItemId> items_with_texts(const StoredRecord& stored) {
    std::set<ItemId> items;
    const auto record = survey::decode(stored.bytes);
    if (!record) return items;
    for (const survey::Answer& answer : record->response.answers) {
        if (answer.text) items.insert(answer.item);
    }
    return items;
}

StoreResult<std::vector<TextPlace>> erase_copies(std::span<const Uuid> ids, survey::UtcTime now,
                                                 Transaction& transaction) {
    if (ids.empty()) return std::vector<TextPlace>();
    const auto counts = transaction.counts();
    if (!counts) return unexpected(counts.error());
    if (counts->erasures == 0) return std::vector<TextPlace>();
    const auto places = places_of_copies(ids, transaction.records());
    if (!places) return unexpected(places.error());
    std::vector<Erasure> erasures;
    for (const auto& [id, all] : *places) {
        const auto missing = missing_traces(all, now, transaction);
        if (!missing) return unexpected(missing.error());
        erasures.insert(erasures.end(), missing->begin(), missing->end());
    }
    return transaction.texts().erase(erasures);
}

StoreResult<std::vector<StoredText>> without_copies(std::vector<StoredText> texts, const TextFilter& filter,
                                                    Snapshot& snapshot) {
    std::map<std::pair<survey::KioskId, std::int64_t>, StoredRecord> records;
    std::vector<Uuid> ids;
    for (const StoredText& text : texts) {
        if (records.contains({text.place.kiosk, text.place.seq})) continue;
        auto record = record_at({{}, text.place.kiosk, text.place.seq}, snapshot.records());
        if (!record) return unexpected(record.error());
        if (!*record || !(*record)->id) continue;
        ids.push_back(*(*record)->id);
        records.emplace(std::pair(text.place.kiosk, text.place.seq), std::move(**record));
    }
    const auto places = places_of_copies(ids, snapshot.records());
    if (!places) return unexpected(places.error());
    std::vector<StoredText> result;
    for (StoredText& text : texts) {
        const auto own = records.find({text.place.kiosk, text.place.seq});
        const auto all = own == records.end() ? places->end() : places->find(*own->second.id);
        if (all != places->end()) {
            const auto is_copy = stands_before(text, own->second, all->second, filter, snapshot);
            if (!is_copy) return unexpected(is_copy.error());
            if (*is_copy) continue;
        }
        result.push_back(std::move(text));
    }
    return result;
}

}  // namespace hailong::sync
