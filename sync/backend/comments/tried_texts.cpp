#include "sync/backend/comments/tried_texts.h"

#include <limits>
#include <set>

#include <boost/json.hpp>

#include "survey/base/json.h"
#include "survey/crypto/sealed_text.h"
#include "survey/record.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

/// Whether it opens, and holds the text of its record. One whose record is gone or can't be read is verify's business.
bool opens(const StoredText& sealed, const StoredRecord& stored, const survey::BoxSecretKey& key) {
    const auto record = survey::decode(stored.bytes);
    if (!record) return true;
    const survey::Answer* answer = survey::answer_to(record->response.answers, sealed.place.item);
    return answer == nullptr || !answer->text || survey::opens_text(sealed.bytes, *answer->text, key);
}

std::string encode(const TriedTexts& tried) {
    json::object last;
    for (const auto& [kiosk, seq] : tried.last)
        last[kiosk.text] = seq;
    json::object object{{"last", last}, {"unopened", tried.unopened}};
    if (tried.time) object["time_ms"] = tried.time->time_since_epoch().count();
    return survey::canonical_json(object);
}

std::int64_t integer_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

Incident incident_of(const survey::KioskId& kiosk, const std::set<std::int64_t>& seqs, survey::UtcTime now) {
    std::string numbers;
    std::size_t named = 0;
    for (const std::int64_t seq : seqs) {
        if (named++ == kUnopenedNamedMax) break;
        numbers += (numbers.empty() ? "" : ", ") + std::to_string(seq);
    }
    if (seqs.size() > kUnopenedNamedMax) numbers += " and others";
    return {now,
            kiosk,
            IncidentKind::unopened_text,
            "the texts beside records " + numbers +
                " were sealed for another key than this backend's, or are damaged. The ratings count, and the texts "
                "stay as they came. Enrol the terminal anew, so that it gets the right key; keep every key of texts "
                "that there ever was, and delete none: one of them may open these",
            {}};
}

}  // namespace

StoreResult<TriedTexts> tried_texts(FactReader& facts) {
    const auto fact = facts.fact(kTextsFact);
    if (!fact) return unexpected(fact.error());
    TriedTexts tried;
    const auto value = survey::parse_json(fact->value_or("{}"));
    const json::object* object = value ? value->if_object() : nullptr;
    if (object == nullptr) return tried;
    if (object->contains("time_ms")) tried.time = survey::UtcTime(survey::milliseconds(integer_in(*object, "time_ms")));
    tried.unopened = integer_in(*object, "unopened");
    if (const json::value* last = object->if_contains("last"); last != nullptr && last->is_object()) {
        for (const auto& member : last->get_object())
            tried.last[{std::string(member.key())}] = integer_in(last->get_object(), member.key());
    }
    return tried;
}

StoreResult<TextTry> try_texts(const TriedTexts& before, const survey::BoxSecretKey& key, Snapshot& snapshot) {
    const auto terminals = snapshot.terminals().page({}, std::numeric_limits<std::size_t>::max());
    if (!terminals) return unexpected(terminals.error());
    TextTry found{before.last, {}, 0};
    for (const Terminal& terminal : *terminals) {
        const auto texts = snapshot.texts().last_of(terminal.kiosk, kTriedOfTerminalMax);
        if (!texts) return unexpected(texts.error());
        std::int64_t& last = found.last[terminal.kiosk];
        const std::int64_t tried = last;
        for (const StoredText& sealed : *texts) {
            if (sealed.place.seq <= tried) continue;
            const auto record = snapshot.records().page(terminal.kiosk, sealed.place.seq, 1);
            if (!record) return unexpected(record.error());
            last = sealed.place.seq;
            if (record->empty() || record->front().seq != sealed.place.seq) continue;
            if (opens(sealed, record->front(), key)) {
                found.opened += 1;
            } else {
                found.unopened.push_back(sealed.place);
            }
        }
    }
    return found;
}

StoreResult<TriedTexts> keep_try(const TextTry& found, survey::UtcTime now, Transaction& transaction) {
    auto tried = tried_texts(transaction.facts());
    if (!tried) return tried;
    tried->time = now;
    tried->last = found.last;
    tried->unopened += static_cast<std::int64_t>(found.unopened.size());
    const auto kept = transaction.facts().put(kTextsFact, encode(*tried));
    if (!kept) return unexpected(kept.error());
    std::map<survey::KioskId, std::set<std::int64_t>> seqs;
    for (const TextPlace& place : found.unopened)
        seqs[place.kiosk].insert(place.seq);
    std::vector<Incident> incidents;
    incidents.reserve(seqs.size());
    for (const auto& [kiosk, numbers] : seqs)
        incidents.push_back(incident_of(kiosk, numbers, now));
    if (incidents.empty()) return tried;
    const auto added = transaction.incidents().add(incidents);
    if (!added) return unexpected(added.error());
    return tried;
}

std::string sentence_of(const TriedTexts& tried) {
    const std::string when =
        tried.time ? "last tried with their key at " + survey::to_rfc3339(*tried.time) : "never tried with their key";
    if (tried.unopened == 0) return when;
    return when + ", " + std::to_string(tried.unopened) +
           " could not be opened by it (`hailong-backend incidents` names them)";
}

}  // namespace hailong::sync
