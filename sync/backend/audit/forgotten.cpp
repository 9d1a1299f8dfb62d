#include "sync/backend/audit/forgotten.h"

#include <algorithm>
#include <utility>

#include "sync/protocol/batch.h"

namespace hailong::sync {
namespace {

using survey::Skip;
using survey::SkipReason;

StoreResult<std::optional<StoredBatch>> batch_from(const survey::KioskId& kiosk, std::int64_t seq,
                                                   RecordReader& reader) {
    const auto page = reader.page(kiosk, seq, 1);
    if (!page) return unexpected(page.error());
    if (page->empty()) return std::optional<StoredBatch>();
    return reader.batch_of(kiosk, page->front().seq);
}

/// A header names no more than kSkippedMax ranges, the last ones; those before them were named by earlier batches.
StoreResult<std::vector<Skip>> all_skipped(const survey::KioskId& kiosk, std::vector<Skip> last, RecordReader& reader) {
    if (last.size() < kSkippedMax) return last;
    const auto batches = reader.batches(kiosk);
    if (!batches) return unexpected(batches.error());
    for (auto batch = batches->rbegin(); batch != batches->rend(); ++batch) {
        const auto header = decode_header(batch->header_bytes);
        if (!header) continue;
        std::vector<Skip> before = header->skipped;
        std::erase_if(before, [&](const Skip& skip) { return skip.last_seq >= last.front().first_seq; });
        last.insert(last.begin(), before.begin(), before.end());
        if (header->skipped.size() < kSkippedMax) break;
    }
    return last;
}

/// The first number that came with the key of the last batch, when others came with an earlier one; else 1.
StoreResult<std::int64_t> first_of_last_key(const Terminal& terminal, const StoredBatch& last, Snapshot& snapshot) {
    const auto keys = snapshot.terminals().keys(terminal.kiosk);
    if (!keys) return unexpected(keys.error());
    const auto key = std::find_if(keys->rbegin(), keys->rend(), [&](const TerminalKey& one) {
        return is_signed_by(last.header_bytes, last.signature, one.key);
    });
    if (key == keys->rend() || key + 1 == keys->rend()) return 1;
    std::int64_t first = 1;
    for (std::int64_t end = last.first_seq; first < end;) {
        const std::int64_t middle = first + (end - first) / 2;
        const auto batch = batch_from(terminal.kiosk, middle, snapshot.records());
        if (!batch) return unexpected(batch.error());
        if (*batch && is_signed_by((*batch)->header_bytes, (*batch)->signature, key->key)) {
            end = middle;
        } else {
            first = middle + 1;
        }
    }
    return first;
}

}  // namespace

Remembered TerminalMemory::of(std::int64_t seq) const {
    const bool is_skipped = std::any_of(skipped.begin(), skipped.end(), [&](const Skip& skip) {
        return skip.reason != SkipReason::pruned && skip.first_seq <= seq && seq <= skip.last_seq;
    });
    if (is_skipped) return Remembered::no;
    return seq < own_from ? Remembered::perhaps : Remembered::yes;
}

StoreResult<TerminalMemory> memory_of(const Terminal& terminal, Snapshot& snapshot) {
    TerminalMemory memory;
    const auto last = batch_from(terminal.kiosk, terminal.last_seq, snapshot.records());
    if (!last) return unexpected(last.error());
    if (!*last) return memory;
    // A header that can't be read says nothing of skips; verify tells of it.
    const BatchHeader header = decode_header((*last)->header_bytes).value_or(BatchHeader{});
    auto skipped = all_skipped(terminal.kiosk, header.skipped, snapshot.records());
    if (!skipped) return unexpected(skipped.error());
    memory.skipped = std::move(*skipped);
    const auto first = first_of_last_key(terminal, **last, snapshot);
    if (!first) return unexpected(first.error());
    memory.own_from = *first;
    for (const Skip& skip : memory.skipped) {
        const std::int64_t count = skip.last_seq - skip.first_seq + 1;
        if (skip.reason == SkipReason::pruned) memory.pruned += count;
        if (skip.reason == SkipReason::renumbered || skip.reason == SkipReason::unknown) memory.uncounted += count;
        // A repair leaves what was delivered and stands before the break to the backend, without naming it.
        const bool is_break = skip.reason == SkipReason::damaged || skip.reason == SkipReason::unknown;
        if (is_break) memory.own_from = std::max(memory.own_from, skip.first_seq);
    }
    return memory;
}

std::int64_t TerminalMemory::forgettable() const {
    std::int64_t count = own_from - 1;
    for (const Skip& skip : skipped) {
        const std::int64_t first = std::max(skip.first_seq, own_from);
        if (skip.reason != SkipReason::pruned) count += std::max<std::int64_t>(0, skip.last_seq - first + 1);
    }
    return count;
}

StoreResult<void> ForgottenRecords::look_up(std::span<const StoredRecord> page, const std::set<std::int64_t>& copies,
                                            RecordReader& reader) {
    before_.clear();
    std::map<survey::Uuid, std::vector<std::int64_t>> numbers;  // of each response that came again
    std::vector<survey::Uuid> ids;
    for (const StoredRecord& record : page) {
        if (copies.contains(record.seq) && record.id && numbers.try_emplace(*record.id).second)
            ids.push_back(*record.id);
    }
    if (ids.empty()) return {};
    const auto places = reader.find_ids(ids);
    if (!places) return unexpected(places.error());
    for (const IdPlace& place : *places) {
        if (place.kiosk == page.front().kiosk) numbers[place.id].push_back(place.seq);
    }
    for (const StoredRecord& record : page) {
        if (!copies.contains(record.seq) || !record.id) continue;
        Remembered best = Remembered::no;
        for (const std::int64_t seq : numbers[*record.id]) {
            if (seq < record.seq) best = std::max(best, memory_.of(seq));
        }
        before_[record.seq] = best;
    }
    return {};
}

Forgotten ForgottenRecords::of(const StoredRecord& record) const {
    Forgotten result;
    const auto before = before_.find(record.seq);
    const Remembered now = memory_.of(record.seq);
    if (before == before_.end()) {
        result.add(now, 1);
    } else {
        result.add(before->second, -1);
        result.add(std::max(before->second, now), 1);
    }
    return result;
}

}  // namespace hailong::sync
