#include "sync/backend/comments/sealed_texts.h"

#include <algorithm>
#include <set>

#include "survey/crypto/sealed_text.h"
#include "survey/record.h"

namespace hailong::sync {
namespace {

using survey::ItemId;

/// The items of a record that have words; none when the record can't be read.
std::set<ItemId> named_in(const StoredRecord& stored) {
    std::set<ItemId> items;
    const auto record = survey::decode(stored.bytes);
    if (!record) return items;
    for (const survey::Answer& answer : record->response.answers) {
        if (answer.words) items.insert(answer.item);
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

StoreResult<void> each_box_of(const WordsFilter& filter, Reader& reader, const std::function<void(const StoredBox&)>& visit) {
    if (filter.kiosk && filter.seq) {
        const auto boxes = reader.boxes(*filter.kiosk, *filter.seq);
        if (!boxes) return unexpected(boxes.error());
        for (const StoredBox& box : *boxes)
            visit(box);
        return {};
    }
    return reader.each_box([&](const StoredBox& box) {
        if (!filter.kiosk || box.kiosk == *filter.kiosk) visit(box);
        return true;
    });
}

StoreResult<Expected<std::string, std::string>> open_stored(const StoredBox& box, const survey::BoxSecretKey& key,
                                                     Reader& reader) {
    using Opened = Expected<std::string, std::string>;
    const auto stored = reader.record(box.kiosk, box.seq);
    if (!stored) return unexpected(stored.error());
    if (!*stored) return Opened(unexpected(std::string("its record is not stored; run `hailong-backend verify`")));
    const auto record = survey::decode((*stored)->bytes);
    if (!record) return Opened(unexpected("its record can't be read: " + survey::describe(record.error())));
    const survey::Answer* answer = survey::answer_to(record->response.answers, box.item);
    if (answer == nullptr || !answer->words) return Opened(unexpected(std::string("its record names no such words")));
    auto words = survey::open_words(box.bytes, *answer->words, key);
    if (!words) {
        return Opened(unexpected(
            std::string("can't be opened: it was sealed for another key, or does not hold the words of its record")));
    }
    return Opened(std::move(*words));
}

StoreResult<Expected<ErasedWords, std::string>> erase_words(const survey::KioskId& kiosk, std::int64_t seq,
                                                       const std::optional<ItemId>& item, const std::string& reason,
                                                       survey::UtcTime now, WriteTransaction& transaction) {
    using Answer = Expected<ErasedWords, std::string>;
    const std::string place = "record " + std::to_string(seq) + " of \"" + kiosk.text + "\"";
    const auto stored = transaction.record(kiosk, seq);
    if (!stored) return unexpected(stored.error());
    if (!*stored)
        return Answer(unexpected("there is no " + place + "; `hailong-backend words list` shows what there is"));
    std::set<ItemId> items = named_in(**stored);
    const auto boxes = transaction.boxes(kiosk, seq);
    if (!boxes) return unexpected(boxes.error());
    for (const StoredBox& box : *boxes)
        items.insert(box.item);
    if (items.empty()) return Answer(unexpected(place + " has no words"));
    if (item) {
        if (!items.contains(*item)) {
            return Answer(
                unexpected(place + " has no words of \"" + item->text + "\"; those it has are of " + joined(items)));
        }
        items = {*item};
    }
    ErasedWords result;
    for (const ItemId& one : items) {
        const auto erased = transaction.erase_box({kiosk, seq, one, now, reason});
        if (!erased) return unexpected(erased.error());
        (*erased ? result.erased : result.before).push_back(one);
    }
    return Answer(std::move(result));
}

StoreResult<std::int64_t> erase_old_words(std::chrono::days keep, survey::UtcTime now, WriteTransaction& transaction) {
    Erasure trace;
    trace.time = now;
    trace.reason = kErasedByAge;
    return transaction.erase_boxes_before(now - keep, trace, kErasedAtOnceMax);
}

}  // namespace hailong::sync
