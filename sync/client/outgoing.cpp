#include "sync/client/outgoing.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "survey/base/check.h"
#include "survey/record.h"

namespace hailong::sync {
namespace {

using kiosk::Journal;
using kiosk::JournalEntry;
using survey::Digest;
using survey::SealedText;
using survey::Skip;
using survey::SkipReason;

/// Room for the header, the signature and all line feeds, so that full batches stay within kBatchBytesMax.
constexpr std::size_t kFrameBytes = kHeaderBytesMax + kBatchRecordsMax + 256;
constexpr std::size_t kContentBytesMax = kBatchBytesMax - kFrameBytes;
/// Of a sealed text's line, besides its bytes and the name of its item.
constexpr std::size_t kSealedTextFrameBytes = 64;

std::size_t line_bytes(const SealedText& sealed) {
    return (sealed.bytes.size() + 2) / 3 * 4 + sealed.item.text.size() + kSealedTextFrameBytes;
}

/// Everything below `first_seq` that stands for no record: the journal's skips, and what is neither skipped nor here
/// any more of what was asked for.
std::vector<Skip> skipped_below(const std::vector<Skip>& skips, std::int64_t wanted_seq, std::int64_t base_seq,
                                std::int64_t first_seq) {
    std::vector<Skip> ranges;
    std::int64_t next = wanted_seq;  // the first number that is not accounted for yet
    const auto pruned_until = [&](std::int64_t last) {
        if (next <= std::min(last, base_seq)) ranges.push_back({next, std::min(last, base_seq), SkipReason::pruned});
    };
    for (const Skip& skip : skips) {
        if (skip.first_seq >= first_seq) break;
        pruned_until(skip.first_seq - 1);
        ranges.push_back(skip);
        next = std::max(next, skip.last_seq + 1);
    }
    pruned_until(first_seq - 1);

    std::vector<Skip> joined;
    for (const Skip& one : ranges) {
        if (!joined.empty() && joined.back().last_seq + 1 == one.first_seq && joined.back().reason == one.reason) {
            joined.back().last_seq = one.last_seq;
        } else {
            joined.push_back(one);
        }
    }
    return joined;
}

/// The last ones, as many as a header may name: those before them were told with earlier batches.
std::vector<Skip> last_ones(std::vector<Skip> ranges) {
    if (ranges.size() > kSkippedMax) {
        ranges.erase(ranges.begin(), ranges.end() - static_cast<std::ptrdiff_t>(kSkippedMax));
    }
    return ranges;
}

std::int64_t last_pruned(const std::vector<Skip>& ranges) {
    std::int64_t last = 0;
    for (const Skip& one : ranges) {
        if (one.reason == SkipReason::pruned) last = one.last_seq;
    }
    return last;
}

/// The first number from `first` to `last` that no range names; empty when they name all.
std::optional<std::int64_t> first_missing(const std::vector<Skip>& ranges, std::int64_t first, std::int64_t last) {
    for (const Skip& one : ranges) {
        if (first > last || first < one.first_seq) break;
        first = std::max(first, one.last_seq + 1);
    }
    if (first > last) return std::nullopt;
    return first;
}

Exchange missing(std::int64_t seq) {
    return person("record " + std::to_string(seq) +
                  " is missing in this terminal's journal: keep the file as it is and call support");
}

/// The first number between these records that neither one of them nor a skip stands for.
std::optional<std::int64_t> first_hole(const std::vector<JournalEntry>& entries, const std::vector<Skip>& skipped) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (const auto hole = first_missing(skipped, entries[i - 1].seq + 1, entries[i].seq - 1)) return hole;
    }
    return std::nullopt;
}

/// As many records from the first on as follow each other without a skip and fit one batch with their texts.
std::size_t count_that_fit(const std::vector<JournalEntry>& entries, const std::vector<SealedText>& texts) {
    std::size_t bytes = 0;
    std::size_t text_count = 0;
    auto sealed = texts.begin();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].seq != entries.front().seq + static_cast<std::int64_t>(i)) return i;
        bytes += entries[i].bytes.size();
        for (; sealed != texts.end() && sealed->seq == entries[i].seq; ++sealed) {
            bytes += line_bytes(*sealed);
            text_count += 1;
        }
        if (i > 0 && (bytes > kContentBytesMax || text_count > kBatchTextsMax)) return i;
    }
    return entries.size();
}

/// Counted as the backend can compare it with what it holds: answers, not numbers.
std::int64_t delivered_answers(std::int64_t delivered_seq, const std::vector<Skip>& skips) {
    std::int64_t answers = delivered_seq;
    for (const Skip& skip : skips) {
        if (skip.reason == SkipReason::damaged || skip.first_seq > delivered_seq) continue;
        answers -= std::min(skip.last_seq, delivered_seq) - skip.first_seq + 1;
    }
    return answers;
}

/// The days of these records, however far they are from today: the terminal's clock was wrong then, or is now. The
/// backend compares each day with what was last said of it, so nothing may be added to a day without saying so.
Expected<void, kiosk::StoreError> add_days_of(const std::vector<JournalEntry>& entries, const Journal& journal,
                                              std::map<survey::Date, std::int64_t>& days) {
    for (const JournalEntry& entry : entries) {
        const auto record = survey::decode(entry.bytes);
        if (!record || days.size() >= kCountedDaysMax) continue;
        const survey::Date day = survey::local_day(record->response);
        if (days.contains(day)) continue;
        const auto counted = journal.collected_by_day(day, day);
        if (!counted) return unexpected(counted.error());
        days.insert(counted->begin(), counted->end());
    }
    return {};
}

Expected<Counters, kiosk::StoreError> count(const Journal& journal, const std::vector<JournalEntry>& entries,
                                            const std::vector<Skip>& skips, survey::UtcTime now) {
    const auto collected = journal.collected();
    if (!collected) return unexpected(collected.error());
    const auto delivered = journal.delivered_seq();
    if (!delivered) return unexpected(delivered.error());
    const auto today = std::chrono::sys_days{survey::local_date(now)};
    auto days =
        journal.collected_by_day(survey::Date{today - std::chrono::days{kCountedDays - 1}}, survey::Date{today});
    if (!days) return unexpected(days.error());
    if (const auto added = add_days_of(entries, journal, *days); !added) return unexpected(added.error());
    return Counters{*collected, delivered_answers(*delivered, skips), *std::move(days)};
}

/// The records as the chain has them. A person is needed when one does not follow the one before it.
Expected<std::vector<std::string>, Exchange> chained(const std::vector<JournalEntry>& entries, Digest before) {
    std::vector<std::string> records;
    records.reserve(entries.size());
    for (const JournalEntry& entry : entries) {
        before = survey::chain(before, entry.bytes);
        if (before != entry.hash) {
            return unexpected(person("record " + std::to_string(entry.seq) +
                                     " does not follow the one before it: this terminal's journal was changed from "
                                     "outside; keep the file as it is and call support"));
        }
        records.push_back(entry.bytes);
    }
    return records;
}

}  // namespace

Expected<std::optional<Outgoing>, Exchange> pack_batch(const Journal& journal, const Sender& sender,
                                                       const survey::Clock& clock, Way way, std::int64_t wanted_seq,
                                                       std::size_t records_max) {
    const auto refused = [](const kiosk::StoreError& error) { return unexpected(from_store(error)); };
    const auto head = journal.head();
    if (!head) return refused(head.error());
    if (wanted_seq > head->seq) return std::nullopt;
    const auto base = journal.base();
    if (!base) return refused(base.error());
    const auto skips = journal.skips();
    if (!skips) return refused(skips.error());
    auto entries = journal.read(std::max(wanted_seq, base->seq + 1), records_max, kContentBytesMax);
    if (!entries) return refused(entries.error());

    const std::int64_t first_seq = entries->empty() ? head->seq + 1 : entries->front().seq;
    const std::vector<Skip> skipped = skipped_below(*skips, wanted_seq, base->seq, first_seq);
    if (const auto lost = first_missing(skipped, wanted_seq, first_seq - 1)) return unexpected(missing(*lost));
    if (entries->empty()) return std::nullopt;
    const auto all_skipped = skipped_below(*skips, first_seq, base->seq, entries->back().seq);
    if (const auto hole = first_hole(*entries, all_skipped)) return unexpected(missing(*hole));

    auto texts = journal.texts(first_seq, entries->back().seq);
    if (!texts) return refused(texts.error());
    entries->resize(count_that_fit(*entries, *texts));
    const auto before = journal.hash_at(first_seq - 1);
    if (!before) return refused(before.error());
    if (!*before) return unexpected(missing(first_seq - 1));
    const auto records = chained(*entries, **before);
    if (!records) return unexpected(records.error());
    auto counters = count(journal, *entries, *skips, clock.now());
    if (!counters) return refused(counters.error());

    Outgoing out;
    out.last_seq = entries->back().seq;
    out.header.kiosk = sender.kiosk;
    out.header.first_seq = first_seq;
    out.header.count = static_cast<std::int64_t>(entries->size());
    out.header.previous_hash = **before;
    out.header.last_hash = entries->back().hash;
    out.header.sent = clock.now();
    out.header.counters = *std::move(counters);
    out.header.boot = sender.boot;
    if (way == Way::network) out.header.sent_monotonic = clock.monotonic().time_since_epoch();
    out.lost_seq = last_pruned(skipped);
    out.header.skipped = last_ones(skipped);
    std::vector<SealedText> carried;
    for (SealedText& sealed : *texts) {
        if (sealed.seq <= out.last_seq)
            carried.push_back({sealed.seq, std::move(sealed.item), std::move(sealed.bytes)});
    }
    out.body = encode_batch(out.header, *records, carried, sender.secret_key);
    return out;
}

}  // namespace hailong::sync
