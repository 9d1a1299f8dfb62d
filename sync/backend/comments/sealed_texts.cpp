#include "sync/backend/comments/sealed_texts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "survey/crypto/sealed_text.h"
#include "survey/record.h"
#include "sync/backend/comments/copies.h"

namespace hailong::sync {
namespace {

using survey::ItemId;

/// Records read at once to open the texts beside them.
constexpr std::size_t kRecordPage = 1'000;

std::string joined(const std::set<ItemId>& items) {
    std::string text;
    for (const ItemId& item : items)
        text += (text.empty() ? "" : ", ") + item.text;
    return text;
}

OpenedText open(const StoredText& sealed, const StoredRecord& stored, const survey::BoxSecretKey& key) {
    const auto record = survey::decode(stored.bytes);
    if (!record) return unexpected("its record can't be read: " + survey::describe(record.error()));
    const survey::Answer* answer = survey::answer_to(record->response.answers, sealed.place.item);
    if (answer == nullptr || !answer->text) return unexpected(std::string("its record names no such text"));
    auto text = survey::open_text(sealed.bytes, *answer->text, key);
    if (!text) {
        return unexpected(
            std::string("can't be opened: it was sealed for another key, or does not hold the text of its record"));
    }
    return std::move(*text);
}

/// Whether its terminal's clock says that it is not as old as that; a time to come says nothing.
bool is_younger(const StoredRecord& stored, survey::UtcTime now, std::chrono::days age) {
    const auto record = survey::decode(stored.bytes);
    if (!record) return false;
    const survey::UtcTime finished = record->response.finished.utc;
    return finished > now - age && finished <= now + std::chrono::days(1);
}

/// The records that texts stand beside, each page of them read once. REQUIRES: asked in order of place.
class RecordsOfTexts {
  public:
    explicit RecordsOfTexts(RecordReader& reader) : reader_(reader) {}

    /// Null when it is not stored.
    StoreResult<const StoredRecord*> at(const TextPlace& place) {
        const bool is_in_page = !page_.empty() && page_.front().kiosk == place.kiosk &&
                                page_.front().seq <= place.seq && page_.back().seq >= place.seq;
        if (!is_in_page) {
            auto page = reader_.page(place.kiosk, place.seq, kRecordPage);
            if (!page) return unexpected(page.error());
            page_ = std::move(*page);
        }
        const auto found = std::lower_bound(page_.begin(), page_.end(), place.seq,
                                            [](const StoredRecord& one, std::int64_t seq) { return one.seq < seq; });
        return found != page_.end() && found->seq == place.seq ? &*found : nullptr;
    }

  private:
    RecordReader& reader_;
    std::vector<StoredRecord> page_;
};

}  // namespace

StoreResult<std::vector<StoredText>> texts_of(const TextFilter& filter, const TextPlace& after, TextReader& reader) {
    const TextPlace start = filter.kiosk ? TextPlace{*filter.kiosk, filter.seq.value_or(0), {}} : TextPlace{};
    auto page = reader.page(std::max(start, after), kTextPage);
    if (!page) return page;
    std::erase_if(*page, [&](const StoredText& one) {
        return (filter.kiosk && one.place.kiosk != *filter.kiosk) || (filter.seq && one.place.seq != *filter.seq);
    });
    return page;
}

StoreResult<std::vector<OpenedText>> open_stored(std::span<const StoredText> texts, const survey::BoxSecretKey& key,
                                                 RecordReader& reader) {
    RecordsOfTexts records(reader);
    std::vector<OpenedText> opened;
    for (const StoredText& sealed : texts) {
        const auto record = records.at(sealed.place);
        if (!record) return unexpected(record.error());
        if (*record == nullptr) {
            opened.emplace_back(unexpected(std::string("its record is not stored; run `hailong-backend verify`")));
        } else {
            opened.push_back(open(sealed, **record, key));
        }
    }
    return opened;
}

StoreResult<Expected<ErasedTexts, std::string>> erase_texts(const survey::KioskId& kiosk, std::int64_t seq,
                                                            const std::optional<ItemId>& item,
                                                            const std::string& reason, survey::UtcTime now,
                                                            Transaction& transaction) {
    using Answer = Expected<ErasedTexts, std::string>;
    const std::string place = "record " + std::to_string(seq) + " of \"" + kiosk.text + "\"";
    const auto stored = transaction.records().page(kiosk, seq, 1);
    if (!stored) return unexpected(stored.error());
    if (stored->empty() || stored->front().seq != seq)
        return Answer(unexpected("there is no " + place + "; `hailong-backend texts list` shows what there is"));
    std::set<ItemId> items = items_with_texts(stored->front());
    const auto texts = transaction.texts().of_record(kiosk, seq);
    if (!texts) return unexpected(texts.error());
    for (const StoredText& sealed : *texts)
        items.insert(sealed.place.item);
    if (items.empty()) return Answer(unexpected(place + " has no texts"));
    if (item) {
        if (!items.contains(*item)) {
            return Answer(
                unexpected(place + " has no text of \"" + item->text + "\"; those it has are of " + joined(items)));
        }
        items = {*item};
    }
    std::vector<Erasure> erasures;
    erasures.reserve(items.size());
    for (const ItemId& one : items)
        erasures.push_back({{kiosk, seq, one}, now, reason});
    const auto erased = transaction.texts().erase(erasures);
    if (!erased) return unexpected(erased.error());
    ErasedTexts result;
    for (const TextPlace& one : *erased)
        result.erased.push_back(one.item);
    for (const ItemId& one : items) {
        if (std::find(result.erased.begin(), result.erased.end(), one) == result.erased.end()) {
            result.before.push_back(one);
        }
    }
    result.id = stored->front().id;
    if (result.id) {
        auto copies = erase_copies({&*result.id, 1}, now, transaction);
        if (!copies) return unexpected(copies.error());
        result.copies = std::move(*copies);
    }
    return Answer(std::move(result));
}

StoreResult<std::int64_t> erase_old_texts(std::chrono::days keep, survey::UtcTime now, Transaction& transaction) {
    auto old = transaction.texts().received_before(now - keep, kOldLookedAtMax);
    if (!old) return unexpected(old.error());
    std::sort(old->begin(), old->end());
    RecordsOfTexts records(transaction.records());
    std::vector<Erasure> erasures;
    std::vector<survey::Uuid> ids;
    for (const TextPlace& place : *old) {
        if (erasures.size() == kErasedAtOnceMax) break;
        const auto record = records.at(place);
        if (!record) return unexpected(record.error());
        if (*record != nullptr && is_younger(**record, now, keep)) continue;
        erasures.push_back({place, now, kErasedByAge});
        if (*record != nullptr && (*record)->id) ids.push_back(*(*record)->id);
    }
    if (erasures.empty()) return 0;
    const auto erased = transaction.texts().erase(erasures);
    if (!erased) return unexpected(erased.error());
    const auto copies = erase_copies(ids, now, transaction);
    if (!copies) return unexpected(copies.error());
    return static_cast<std::int64_t>(erasures.size());
}

}  // namespace hailong::sync
