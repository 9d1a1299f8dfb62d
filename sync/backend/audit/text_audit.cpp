#include "sync/backend/audit/text_audit.h"

namespace hailong::sync {
namespace {

std::string described(const TextPlace& place) {
    return place.item.text + " at record " + std::to_string(place.seq) + " of " + place.kiosk.text;
}

std::string name_of(const StoredText& text) {
    return "the text for " + described(text.place);
}

std::string name_of(const Erasure& erasure) {
    return "the trace of an erased text for " + described(erasure.place);
}

/// The same of the other places of its response.
StoreResult<void> find_copies(const Erasure& erasure, Snapshot& snapshot, Findings& findings) {
    const auto page = snapshot.records().page(erasure.place.kiosk, erasure.place.seq, 1);
    if (!page) return unexpected(page.error());
    if (page->empty() || page->front().seq != erasure.place.seq || !page->front().id) return {};
    const auto places = snapshot.records().find_ids({&*page->front().id, 1});
    if (!places) return unexpected(places.error());
    for (const IdPlace& place : *places) {
        const auto texts = snapshot.texts().of_record(place.kiosk, place.seq);
        if (!texts) return unexpected(texts.error());
        for (const StoredText& text : *texts) {
            if (text.place.item != erasure.place.item ||
                (place.kiosk == erasure.place.kiosk && place.seq == erasure.place.seq))
                continue;
            findings.difference(name_of(text) + " is still there, but the same text was erased under number " +
                                std::to_string(erasure.place.seq) + " of " + erasure.place.kiosk.text +
                                "; erase it again: `hailong-backend texts erase` reaches every number of a response");
        }
    }
    return {};
}

bool stands_at(const TextPlace& place, const StoredRecord& record) {
    return place.kiosk == record.kiosk && place.seq == record.seq;
}

}  // namespace

StoreResult<void> TextAudit::fill_texts() {
    if (!texts_.empty() || texts_ended_) return {};
    auto page = reader_.page(last_text_, kAuditPage);
    if (!page) return unexpected(page.error());
    texts_ended_ = page->size() < kAuditPage;
    if (!page->empty()) last_text_ = page->back().place;
    texts_.assign(page->begin(), page->end());
    return {};
}

StoreResult<void> TextAudit::fill_erasures() {
    if (!erasures_.empty() || erasures_ended_) return {};
    auto page = reader_.erasures(last_erasure_, kAuditPage);
    if (!page) return unexpected(page.error());
    erasures_ended_ = page->size() < kAuditPage;
    if (!page->empty()) last_erasure_ = page->back().place;
    erasures_.assign(page->begin(), page->end());
    return {};
}

StoreResult<void> TextAudit::pass(const TextPlace& place) {
    if (const auto filled = fill_texts(); !filled) return filled;
    while (!texts_.empty() && texts_.front().place < place) {
        findings_.report.texts += 1;
        findings_.difference(name_of(texts_.front()) + ": there is no such record");
        texts_.pop_front();
        if (const auto filled = fill_texts(); !filled) return filled;
    }
    if (const auto filled = fill_erasures(); !filled) return filled;
    while (!erasures_.empty() && erasures_.front().place < place) {
        findings_.difference(name_of(erasures_.front()) + ": no record names such a text");
        erasures_.pop_front();
        if (const auto filled = fill_erasures(); !filled) return filled;
    }
    return {};
}

StoreResult<void> TextAudit::look_at(const StoredRecord& record, const Read& read, survey::UtcTime received) {
    if (const auto passed = pass({record.kiosk, record.seq, {}}); !passed) return passed;
    std::set<survey::ItemId> items;
    while (!texts_.empty() && stands_at(texts_.front().place, record)) {
        items.insert(texts_.front().place.item);
        take(texts_.front(), received, read);
        texts_.pop_front();
        if (const auto filled = fill_texts(); !filled) return filled;
    }
    while (!erasures_.empty() && stands_at(erasures_.front().place, record)) {
        take(erasures_.front(), read, items);
        erasures_.pop_front();
        if (const auto filled = fill_erasures(); !filled) return filled;
    }
    return {};
}

StoreResult<void> TextAudit::finish() {
    // Behind every identifier: those are ASCII.
    return pass({{"\xff"}, 0, {}});
}

void TextAudit::take(const StoredText& text, survey::UtcTime received, const Read& read) {
    findings_.report.texts += 1;
    if (!may_name_text(read, text.place.item)) {
        findings_.difference(name_of(text) + ": the record names no such text");
    }
    if (text.received + kOwnClockTolerance < received) {
        findings_.contradicting_times(name_of(text) + ": came before the record");
    }
}

void TextAudit::take(const Erasure& erasure, const Read& read, const std::set<survey::ItemId>& still_there) {
    if (!may_name_text(read, erasure.place.item)) {
        findings_.difference(name_of(erasure) + ": no record names such a text");
    }
    if (still_there.contains(erasure.place.item)) findings_.difference(name_of(erasure) + ": the text is still there");
}

StoreResult<void> find_erased_copies(Snapshot& snapshot, Findings& findings) {
    for (TextPlace after;;) {
        const auto page = snapshot.texts().erasures(after, kAuditPage);
        if (!page) return unexpected(page.error());
        for (const Erasure& erasure : *page) {
            const auto found = find_copies(erasure, snapshot, findings);
            if (!found) return found;
        }
        if (page->size() < kAuditPage) return {};
        after = page->back().place;
    }
}

}  // namespace hailong::sync
