// How the journal's history is continued from another device, shortened, or numbered anew.
#include <algorithm>

#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/state.h"
#include "kiosk/journal/state_rows.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;

/// Records removed in one transaction: a few milliseconds, which an append may have to wait.
constexpr std::int64_t kPruneStep = 200;

// ---- Numbered anew -------------------------------------------------------------------------------------------------

/// The numbers from `first_seq` to `last_seq` that no skip covers become skips: damaged.
void skip_uncovered(Connection& file, std::int64_t first_seq, std::int64_t last_seq) {
    for (const Skip& skip : read_skips(file)) {
        if (skip.last_seq < first_seq) continue;
        if (skip.first_seq > last_seq) break;
        if (skip.first_seq > first_seq) put_skip(file, {first_seq, skip.first_seq - 1, SkipReason::damaged});
        first_seq = skip.last_seq + 1;
    }
    if (first_seq <= last_seq) put_skip(file, {first_seq, last_seq, SkipReason::damaged});
}

/// Gives the record the next number; its texts follow it.
void move_to_end(Connection& file, const survey::Record& record) {
    const ChainHead last = read_head(file);
    const std::int64_t seq = next_seq(last);
    JournalEntry entry{seq, {}, survey::encode({record.kiosk, seq, record.response})};
    entry.hash = survey::chain(last.hash, entry.bytes);
    Query(file, "DELETE FROM records WHERE seq = ?").integer(record.seq).run();
    put_record(file, entry, record.response.id);
    Query(file, "UPDATE sealed_texts SET seq = ? WHERE seq = ?").integer(entry.seq).integer(record.seq).run();
}

std::vector<std::int64_t> numbers_of_records(Connection& file) {
    std::vector<std::int64_t> numbers;
    Query row(file, "SELECT seq FROM records ORDER BY seq");
    while (row.step())
        numbers.push_back(row.integer_at(0));
    return numbers;
}

/// See Journal::renumber_after. `stored_seq`: how far the backend's other history goes.
std::int64_t renumber(Connection& file, const survey::KioskId& kiosk, std::int64_t stored_seq) {
    const std::int64_t last_own = read_head(file).seq;
    skip_uncovered(file, stored_seq + 1, read_base(file).seq);
    const std::vector<std::int64_t> moving = numbers_of_records(file);
    // Between two skips of old there is one run of records; each run becomes one skip.
    for (std::size_t first = 0, next = 1; next <= moving.size(); ++next) {
        if (next < moving.size() && moving[next] == moving[next - 1] + 1) continue;
        put_skip(file, {moving[first], moving[next - 1], SkipReason::renumbered});
        first = next;
    }
    // At least one number stays out behind what the backend holds: only behind a skip may a chain begin anew.
    if (stored_seq >= last_own) put_skip(file, {last_own + 1, stored_seq + 1, SkipReason::unknown});
    for (const std::int64_t seq : moving) {
        const auto entry = read_entry_from(file, seq);
        if (!entry || entry->seq != seq) throw Damage("seq " + std::to_string(seq) + ": missing");
        auto record = survey::decode(entry->bytes);
        if (!record || record->seq != seq) {
            throw Damage("seq " + std::to_string(seq) + ": the record can't be read");
        }
        record->kiosk = kiosk;
        move_to_end(file, *record);
    }
    return static_cast<std::int64_t>(moving.size());
}

// ---- Pruning -------------------------------------------------------------------------------------------------------

/// At most `count_max` records; see Journal::prune.
std::int64_t prune_some(Connection& file, survey::UtcTime received_before, std::int64_t count_max) {
    ChainHead new_base;
    ResponseCounts pruned;
    std::int64_t count = 0;
    {
        Query row(file,
                  "SELECT seq, hash, bytes FROM records WHERE seq <= ? AND seq < (SELECT max(seq) FROM records) "
                  "ORDER BY seq LIMIT ?");
        row.integer(std::min(read_delivered(file), read_delivered_before(file, received_before))).integer(count_max);
        for (; row.step(); ++count) {
            const JournalEntry entry = entry_at(row);
            const auto record = survey::decode(entry.bytes);
            if (!record) throw Damage("seq " + std::to_string(entry.seq) + ": the record can't be read");
            new_base = {entry.seq, entry.hash};
            pruned[group_of(record->response)] += 1;
        }
    }
    if (count == 0) return 0;
    Query(file, "DELETE FROM sealed_texts WHERE seq <= ?").integer(new_base.seq).run();
    Query(file, "DELETE FROM records WHERE seq <= ?").integer(new_base.seq).run();
    put_base(file, new_base);
    Query(file, "DELETE FROM deliveries WHERE last_seq <= ?").integer(new_base.seq).run();
    for (const auto& [group, responses] : pruned)
        add_without_record(file, group, responses);
    return count;
}

}  // namespace

StoreResult<bool> Journal::adopt(const ChainHead& stored) {
    return state_->database->run("continue another device's numbering", [&] {
        WriteTransaction transaction(*state_->database);
        if (read_base(state_->file()) == stored) return true;
        if (read_head(state_->file()).seq != 0) return false;
        put_base(state_->file(), stored);
        raise_delivered(state_->file(), stored.seq);
        transaction.commit();
        return true;
    });
}

StoreResult<std::int64_t> Journal::renumber_after(std::int64_t seq, const Digest& hash) {
    return state_->database->run("number the records anew", [&]() -> std::int64_t {
        WriteTransaction transaction(*state_->database);
        if (read_hash_at(state_->file(), seq) == hash) return 0;
        const std::int64_t moved = renumber(state_->file(), state_->kiosk, seq);
        const ChainHead head = read_head(state_->file());
        const auto line = read_head_line(state_->database->file());
        const std::string boot_id = line ? line->boot_id : std::string();
        state_->head_file.write({head, false, boot_id});
        transaction.commit();
        state_->head_file.write({head, true, boot_id});
        return moved;
    });
}

StoreResult<survey::TimeAgreement> Journal::agree_on_time(survey::UtcTime now) {
    return state_->database->run("agree on the time", [&] {
        WriteTransaction transaction(*state_->database);
        survey::AgreedTime kept = read_agreed_time(state_->file());
        const auto before = kept.last;
        const survey::TimeAgreement agreement = survey::agree(kept, now);
        put_agreed_time(state_->file(), kept);
        if (agreement == survey::TimeAgreement::agreed && before &&
            std::chrono::abs(now - *before) > kRestartRetention) {
            Query(state_->file(), "DELETE FROM deliveries").run();
            put_delivery(state_->file(), read_delivered(state_->file()), now);
        }
        transaction.commit();
        return agreement;
    });
}

StoreResult<std::int64_t> Journal::prune(survey::UtcTime received_before) {
    return state_->database->run("remove old records", [&] {
        std::int64_t pruned = 0;
        while (true) {
            WriteTransaction transaction(*state_->database);
            const std::int64_t some = prune_some(state_->file(), received_before, kPruneStep);
            using enum WriteTransaction::Log;
            transaction.commit(some > 0 ? keeps_nothing : may_keep);  // comments went with them
            pruned += some;
            if (some < kPruneStep) return pruned;
        }
    });
}

}  // namespace hailong::kiosk
