// Whether sealed texts and the traces of erased ones stand beside records that name them: they are read beside the
// records, in the same order, so that each is read once. Private to this room.
#pragma once

#include <deque>
#include <set>

#include "sync/backend/audit/findings.h"
#include "sync/backend/ingest/validate.h"

namespace hailong::sync {

/// REQUIRES: is shown every record of the store in order of kiosk and seq, then finish() is called.
class TextAudit {
  public:
    TextAudit(TextReader& reader, Findings& findings) : reader_(reader), findings_(findings) {}

    /// `received`: when the record came, at the earliest.
    [[nodiscard]] StoreResult<void> look_at(const StoredRecord& record, const Read& read, survey::UtcTime received);
    /// What is left stands beside nothing.
    [[nodiscard]] StoreResult<void> finish();

  private:
    /// Everything before `place` stands beside nothing.
    [[nodiscard]] StoreResult<void> pass(const TextPlace& place);
    [[nodiscard]] StoreResult<void> fill_texts();
    [[nodiscard]] StoreResult<void> fill_erasures();
    void take(const StoredText& text, survey::UtcTime received, const Read& read);
    void take(const Erasure& erasure, const Read& read, const std::set<survey::ItemId>& still_there);

    TextReader& reader_;
    Findings& findings_;
    std::deque<StoredText> texts_;  // read and not looked at yet
    std::deque<Erasure> erasures_;
    TextPlace last_text_;
    TextPlace last_erasure_;
    bool texts_ended_ = false;
    bool erasures_ended_ = false;
};

/// Texts that are erased under one number of their response, and still there under another. O(erased texts).
[[nodiscard]] StoreResult<void> find_erased_copies(Snapshot& snapshot, Findings& findings);

}  // namespace hailong::sync
