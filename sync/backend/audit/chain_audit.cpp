#include "sync/backend/audit/chain_audit.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace hailong::sync {
namespace {

/// The last batch that came while what was counted at a doubtful time bound what came behind it.
constexpr const char* kDoubtfulBound = "doubtful_bound";

std::string batch_name(const StoredBatch& batch) {
    return "the batch of " + batch.kiosk.text + " from " + std::to_string(batch.first_seq) + " to " +
           std::to_string(batch.first_seq + batch.count - 1);
}

}  // namespace

StoreResult<void> ChainAudit::run(Snapshot& snapshot, Recount& recount, TextAudit& texts) {
    const auto kept = read_kept(snapshot);
    if (!kept) return kept;
    check_keys();
    check_batches();
    expect_chain_values();
    for (std::int64_t next = 1; next > 0;) {
        const auto page = snapshot.records().page(terminal_.kiosk, next, kAuditPage);
        if (!page) return unexpected(page.error());
        const auto copies = copies_among(*page, snapshot.records());
        if (!copies) return unexpected(copies.error());
        for (const StoredRecord& record : *page) {
            const std::string name = "record " + std::to_string(record.seq) + " of " + terminal_.kiosk.text;
            const Read read = read_record(record.bytes, record.kiosk, record.seq);
            pass(record, name);
            const KnownBatch* batch = batch_of(record, name);
            const survey::UtcTime received = batch != nullptr ? batch->earliest() : record.received;
            const bool is_former = batch != nullptr && batch->stored.number <= doubtful_bound_until_;
            recount.look_at({record, read, terminal_, evidence_of(record, batch, floor_),
                             is_former ? evidence_of(record, batch, former_floor_) : std::nullopt, received,
                             copies->contains(record.seq), name});
            note_floor(record);
            const auto looked = texts.look_at(record, read, received);
            if (!looked) return looked;
        }
        next = page->size() < kAuditPage ? 0 : page->back().seq + 1;
    }
    check_end();
    check_promises();
    return recount.compare_sums(terminal_, snapshot.terminals());
}

StoreResult<void> ChainAudit::read_kept(Snapshot& snapshot) {
    RecordReader& records = snapshot.records();
    auto batches = records.batches(terminal_.kiosk);
    if (!batches) return unexpected(batches.error());
    auto keys = snapshot.terminals().keys(terminal_.kiosk);
    if (!keys) return unexpected(keys.error());
    auto skips = records.skips(terminal_.kiosk);
    if (!skips) return unexpected(skips.error());
    const auto unsigned_until = records.unsigned_until(terminal_.kiosk);
    if (!unsigned_until) return unexpected(unsigned_until.error());
    const auto bound_until = snapshot.facts().fact(kDoubtfulBound);
    if (!bound_until) return unexpected(bound_until.error());
    doubtful_bound_until_ = std::strtoll(bound_until->value_or("0").c_str(), nullptr, 10);
    for (StoredBatch& batch : *batches) {
        auto header = decode_header(batch.header_bytes);
        if (!header) {
            findings_.difference(batch_name(batch) + ": its header can't be read: " + survey::describe(header.error()));
        }
        ReceiptTime receipt = receipt_time(reference_.corrections, batch.number, batch.received);
        batches_.push_back({std::move(batch), header.value_or(BatchHeader{}), std::move(receipt)});
    }
    keys_ = std::move(*keys);
    skips_ = std::move(*skips);
    unsigned_until_ = *unsigned_until;
    return {};
}

void ChainAudit::check_keys() {
    const std::string& kiosk = terminal_.kiosk.text;
    if (terminal_.key && (keys_.empty() || keys_.back().key != *terminal_.key)) {
        findings_.difference(kiosk + ": its present key is not the last one it was enrolled with");
    }
    if (unsigned_until_ > 0) {
        findings_.note(kiosk + ": records 1 to " + std::to_string(unsigned_until_) +
                       " came before batches were signed: the chain vouches for them, no signature does");
    }
}

/// Each batch is what its terminal signed, with a key of its time; each brought something.
void ChainAudit::check_batches() {
    std::int64_t last_seq = 0;
    auto key = keys_.cbegin();
    bool is_first_of_key = true;
    for (const KnownBatch& batch : batches_) {
        const BatchHeader& header = batch.header;
        if (header.kiosk != batch.stored.kiosk || header.first_seq != batch.stored.first_seq ||
            header.count != batch.stored.count) {
            findings_.difference(batch_name(batch.stored) + ": its header speaks of other records");
        }
        if (batch.last_seq() <= last_seq) findings_.difference(batch_name(batch.stored) + ": brought nothing new");
        last_seq = batch.last_seq();
        if (last_seq > unsigned_until_) {
            check_signature(batch, key, is_first_of_key);
        } else if (batch.stored.signature != survey::Signature{}) {
            findings_.difference(batch_name(batch.stored) + ": is signed, but said to be from before batches were");
        }
    }
    if (!batches_.empty() &&
        terminal_.last_seen.value_or(survey::UtcTime{}) + kOwnClockTolerance < batches_.back().earliest()) {
        findings_.contradicting_times(terminal_.kiosk.text + ": was last seen before its last batch came");
    }
}

void ChainAudit::check_signature(const KnownBatch& batch, std::vector<TerminalKey>::const_iterator& key,
                                 bool& is_first_of_key) {
    while (key != keys_.cend() && !is_signed_by(batch.stored.header_bytes, batch.stored.signature, key->key)) {
        ++key;
        is_first_of_key = true;
    }
    if (key == keys_.cend()) {
        findings_.difference(batch_name(batch.stored) + ": is not signed with a key that its terminal had then");
        key = keys_.cbegin();  // one bad batch is told once
    } else if (is_first_of_key && key->since > batch.latest() + kOwnClockTolerance) {
        findings_.contradicting_times(terminal_.kiosk.text + ": a key is said to be from " +
                                      survey::to_rfc3339(key->since) + ", but was used before");
    }
    is_first_of_key = false;
}

/// What the signed headers say of the chain, to be found on the way.
void ChainAudit::expect_chain_values() {
    for (const KnownBatch& batch : batches_) {
        if (batch.header.count == 0) continue;  // unreadable, told already
        chain_values_.emplace(batch.header.first_seq - 1, batch.header.previous_hash);
        chain_values_.emplace(batch.header.first_seq + batch.header.count - 1, batch.header.last_hash);
    }
    expect(0);
}

/// The signed headers have this value at `seq`, where they speak of it.
void ChainAudit::expect(std::int64_t seq) {
    const auto [first, last] = chain_values_.equal_range(seq);
    for (auto at = first; at != last; ++at) {
        if (at->second == value_) continue;
        findings_.difference("record " + std::to_string(seq) + " of " + terminal_.kiosk.text +
                             ": a signed batch has another chain value for it");
    }
    chain_values_.erase(first, last);
}

/// A skip is only what the batch behind it says.
void ChainAudit::check_skip(const StoredSkip& skip) {
    const std::string name =
        skip.kiosk.text + ": numbers " + std::to_string(skip.first_seq) + " to " + std::to_string(skip.last_seq);
    const auto behind = std::find_if(batches_.begin(), batches_.end(),
                                     [&](const KnownBatch& batch) { return batch.stored.first_seq > skip.last_seq; });
    const auto says_so = [&](const survey::Skip& range) {
        return range.first_seq <= skip.first_seq && range.last_seq >= skip.last_seq && range.reason == skip.reason;
    };
    if (behind == batches_.end() ||
        std::none_of(behind->header.skipped.begin(), behind->header.skipped.end(), says_so)) {
        findings_.difference(name + " are skipped as " + std::string(survey::name(skip.reason)) +
                             ", but the batch behind them does not say so");
        return;
    }
    if (behind->stored.received != skip.received) {
        findings_.difference(name + " are skipped at another time than was said");
    }
    const bool is_last = skip.last_seq + 1 == behind->stored.first_seq;
    if (!is_last && skip.previous_hash != survey::kChainStart) {
        findings_.difference(name + " are skipped with a chain value that nobody said");
    }
}

void ChainAudit::pass_skips(std::int64_t next_seq) {
    for (; next_skip_ < skips_.size(); ++next_skip_) {
        const StoredSkip& skip = skips_[next_skip_];
        if (skip.first_seq != seq_ + 1 || skip.last_seq >= next_seq) return;
        check_skip(skip);
        const std::int64_t count = skip.last_seq - skip.first_seq + 1;
        findings_.report.skipped += count;
        skipped_ += count;
        if (is_lost(skip.reason)) lost_ += count;
        seq_ = skip.last_seq;
        value_ = skip.previous_hash;
        if (seq_ + 1 == next_seq) expect(seq_);
    }
}

void ChainAudit::pass(const StoredRecord& record, const std::string& name) {
    findings_.report.records += 1;
    pass_skips(record.seq);
    if (record.seq != seq_ + 1) {
        findings_.difference(terminal_.kiosk.text + ": records " + std::to_string(seq_ + 1) + " to " +
                             std::to_string(record.seq - 1) + " are missing");
    } else if (survey::chain(value_, record.bytes) != record.hash) {
        findings_.difference(name + ": its bytes, or those before it, do not lead to the chain value stored");
    }
    value_ = record.hash;  // go on from what is stored, so that one change is told once
    seq_ = record.seq;
    expect(seq_);
}

/// Null when none is stored that brought it.
const ChainAudit::KnownBatch* ChainAudit::batch_of(const StoredRecord& record, const std::string& name) {
    while (next_batch_ < batches_.size() && batches_[next_batch_].last_seq() < record.seq)
        ++next_batch_;
    const bool is_brought = next_batch_ < batches_.size() && batches_[next_batch_].stored.first_seq <= record.seq;
    if (!is_brought) {
        findings_.difference(name + ": no batch is stored that brought it");
    } else if (batches_[next_batch_].stored.received != record.received) {
        findings_.difference(name + ": the batch that brought it came at another time");
    }
    return is_brought ? &batches_[next_batch_] : nullptr;
}

std::optional<survey::TimeEvidence> ChainAudit::evidence_of(const StoredRecord& record, const KnownBatch* batch,
                                                            const TimeFloor& floor) const {
    if (record.seq <= unsigned_until_) return std::nullopt;
    if (batch == nullptr) return time_evidence_of({}, {record.received, {}}, floor, record.seq);
    return time_evidence_of(batch->header, batch->receipt, floor, record.seq);
}

void ChainAudit::note_floor(const StoredRecord& record) {
    if (record.quarantine_reason || record.reprocessed) return;
    floor_.counted(record.seq, {record.counted_at, record.trust});
    former_floor_.counted(record.seq, {record.counted_at, survey::TimeTrust::trusted});
}

void ChainAudit::check_end() {
    const std::string& kiosk = terminal_.kiosk.text;
    for (; next_skip_ < skips_.size(); ++next_skip_) {
        findings_.difference(kiosk + ": numbers " + std::to_string(skips_[next_skip_].first_seq) + " to " +
                             std::to_string(skips_[next_skip_].last_seq) +
                             " are skipped, but records stand there or behind nothing");
    }
    for (const auto& [seq, expected] : chain_values_) {
        findings_.difference(kiosk + ": a batch speaks of the chain value at " + std::to_string(seq) +
                             ", but there is no such record");
    }
    if (seq_ != terminal_.last_seq || value_ != terminal_.last_hash) {
        findings_.difference(kiosk + ": the terminal's head says record " + std::to_string(terminal_.last_seq) +
                             " with chain value " + to_hex(terminal_.last_hash) + ", the records end at " +
                             std::to_string(seq_) + " with " + to_hex(value_));
    }
    if (skipped_ != terminal_.totals.skipped || lost_ != terminal_.totals.lost) {
        findings_.difference(kiosk + ": its totals say " + std::to_string(terminal_.totals.skipped) + " skipped, " +
                             std::to_string(terminal_.totals.lost) + " lost; the skips make " +
                             std::to_string(skipped_) + " and " + std::to_string(lost_));
    }
    if (floor_.last() != terminal_.last_counted) {
        findings_.difference(kiosk + ": the terminal says that record " +
                             std::to_string(terminal_.last_counted ? terminal_.last_counted->seq : 0) +
                             " was the last to count when it came, the records say " +
                             std::to_string(floor_.last() ? floor_.last()->seq : 0));
    }
}

/// What a terminal holds receipts for, as it says and signs with each batch, stands here: unless the store was put back
/// from a copy and the terminal has not sent again all that the copy lacks.
void ChainAudit::check_promises() {
    if (batches_.empty()) return;
    std::int64_t stored = terminal_.last_seq;
    for (const StoredSkip& skip : skips_) {
        if (skip.reason != survey::SkipReason::damaged) stored -= skip.last_seq - skip.first_seq + 1;
    }
    const std::int64_t promised = batches_.back().header.counters.delivered;
    if (promised <= stored) return;
    findings_.difference(
        terminal_.kiosk.text + ": was promised that " + std::to_string(promised) +
        " of its answers are stored, as its last batch says; here are " + std::to_string(stored) + ", up to record " +
        std::to_string(terminal_.last_seq) +
        ". It sends the others again by itself as long as it has them: let it connect, change nothing");
}

}  // namespace hailong::sync
