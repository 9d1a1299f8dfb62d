#include "sync/backend/comments/sealed_texts.h"

#include <algorithm>
#include <set>

#include "survey/crypto/sealed_text.h"
#include "survey/record.h"

namespace hailong::sync {
namespace {

using survey::ItemId;

/// The items of a record that have texts; none when the record can't be read.
std::set<ItemId> named_in(const StoredRecord& stored) {
    std::set<ItemId> items;
    const auto record = survey::decode(stored.bytes);
    if (!record) return items;
    for (const survey::Answer& answer : record->response.answers) {
        if (answer.text) items.insert(answer.item);
    }
    return items;
}

std::string joined(const std::set<ItemId>& items) {
    std::string text;
    for (const ItemId& item : items)
        text += (text.empty() ? "" : ", ") + item.text;
    return text;
}

}  // namespace

StoreResult<void> each_text_of(const TextFilter& filter, Reader& reader, const std::function<void(const StoredText&)>& visit) {
    if (filter.kiosk && filter.seq) {
        const auto texts = reader.texts(*filter.kiosk, *filter.seq);
        if (!texts) return unexpected(texts.error());
        for (const StoredText& sealed : *texts)
            visit(sealed);
        return {};
    }
    return reader.each_text([&](const StoredText& sealed) {
        if (!filter.kiosk || sealed.kiosk == *filter.kiosk) visit(sealed);
        return true;
    });
}

StoreResult<Expected<std::string, std::string>> open_stored(const StoredText& sealed, const survey::BoxSecretKey& key,
                                                     Reader& reader) {
    using Opened = Expected<std::string, std::string>;
    const auto stored = reader.record(sealed.kiosk, sealed.seq);
    if (!stored) return unexpected(stored.error());
    if (!*stored) return Opened(unexpected(std::string("its record is not stored; run `hailong-backend verify`")));
    const auto record = survey::decode((*stored)->bytes);
    if (!record) return Opened(unexpected("its record can't be read: " + survey::describe(record.error())));
    const survey::Answer* answer = survey::answer_to(record->response.answers, sealed.item);
    if (answer == nullptr || !answer->text) return Opened(unexpected(std::string("its record names no such texts")));
    auto texts = survey::open_text(sealed.bytes, *answer->text, key);
    if (!texts) {
        return Opened(unexpected(
            std::string("can't be opened: it was sealed for another key, or does not hold the texts of its record")));
    }
    return Opened(std::move(*texts));
}

StoreResult<Expected<ErasedTexts, std::string>> erase_texts(const survey::KioskId& kiosk, std::int64_t seq,
                                                       const std::optional<ItemId>& item, const std::string& reason,
                                                       survey::UtcTime now, WriteTransaction& transaction) {
    using Answer = Expected<ErasedTexts, std::string>;
    const std::string place = "record " + std::to_string(seq) + " of \"" + kiosk.text + "\"";
    const auto stored = transaction.record(kiosk, seq);
    if (!stored) return unexpected(stored.error());
    if (!*stored)
        return Answer(unexpected("there is no " + place + "; `hailong-backend texts list` shows what there is"));
    std::set<ItemId> items = named_in(**stored);
    const auto texts = transaction.texts(kiosk, seq);
    if (!texts) return unexpected(texts.error());
    for (const StoredText& sealed : *texts)
        items.insert(sealed.item);
    if (items.empty()) return Answer(unexpected(place + " has no texts"));
    if (item) {
        if (!items.contains(*item)) {
            return Answer(
                unexpected(place + " has no texts of \"" + item->text + "\"; those it has are of " + joined(items)));
        }
        items = {*item};
    }
    ErasedTexts result;
    for (const ItemId& one : items) {
        const auto erased = transaction.erase_text({kiosk, seq, one, now, reason});
        if (!erased) return unexpected(erased.error());
        (*erased ? result.erased : result.before).push_back(one);
    }
    return Answer(std::move(result));
}

StoreResult<std::int64_t> erase_old_texts(std::chrono::days keep, survey::UtcTime now, WriteTransaction& transaction) {
    Erasure trace;
    trace.time = now;
    trace.reason = kErasedByAge;
    return transaction.erase_texts_before(now - keep, trace, kErasedAtOnceMax);
}

}  // namespace hailong::sync
