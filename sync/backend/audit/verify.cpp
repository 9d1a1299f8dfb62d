#include "sync/backend/audit/verify.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hailong::sync {
namespace {

using survey::Digest;
using survey::Uuid;

std::string described(const TallyKey& key) {
    return "tally of " + key.center.text + ", " + (key.grain == Grain::day ? "day " : "month of ") +
           survey::to_string(key.date) + ", " + key.questionnaire.id.text + " version " +
           std::to_string(key.questionnaire.version) + ", " + std::string(survey::name(key.subject.kind)) +
           (key.subject.id.empty() ? "" : " " + key.subject.id) + (key.flagged ? ", flagged" : "");
}

std::string described(const TerminalDay& day) {
    return std::to_string(day.stored) + " stored, " + std::to_string(day.counted) + " counted, " +
           std::to_string(day.quarantined) + " quarantined, " + std::to_string(day.copies) + " copies";
}

std::string batch_name(const StoredBatch& batch) {
    return "the batch of " + batch.kiosk.text + " from " + std::to_string(batch.first_seq) + " to " +
           std::to_string(batch.first_seq + batch.count - 1);
}

/// How far the backend's own clock may have been put back between an enrolment and the batches after it.
constexpr survey::milliseconds kOwnClockTolerance = std::chrono::hours(24);

/// What is kept of one terminal beside its records.
struct Kept {
    struct Known {
        StoredBatch stored;
        BatchHeader header;  // empty when it can't be read
        [[nodiscard]] std::int64_t last_seq() const { return stored.first_seq + stored.count - 1; }
    };
    std::vector<Known> batches;  // in the order received
    std::vector<TerminalKey> keys;
    std::vector<StoredSkip> skips;
    std::int64_t unsigned_until = 0;
};

class Recount {
  public:
    explicit Recount(const Reference& reference) : reference_(reference) {}

    StoreResult<VerifyReport> run(Reader& reader) {
        const auto terminals = reader.terminals();
        if (!terminals) return unexpected(terminals.error());
        for (const Terminal& terminal : *terminals) {
            const auto walked = walk(reader, terminal);
            if (!walked) return unexpected(walked.error());
        }
        check_ids();
        for (const auto step :
             {&Recount::compare_tallies, &Recount::compare_days, &Recount::check_texts, &Recount::check_erasures}) {
            const auto done = (this->*step)(reader);
            if (!done) return unexpected(done.error());
        }
        return std::move(report_);
    }

  private:
    void difference(std::string sentence) {
        report_.difference_count += 1;
        if (report_.differences.size() < kDifferencesMax) report_.differences.push_back(std::move(sentence));
    }
    void note(std::string sentence) {
        if (report_.notes.size() < kDifferencesMax) report_.notes.push_back(std::move(sentence));
    }

    StoreResult<Kept> kept_of(Reader& reader, const survey::KioskId& kiosk) {
        Kept kept;
        const auto read = reader.each_batch(kiosk, [&](const StoredBatch& batch) {
            auto header = decode_header(batch.header_bytes);
            if (!header) difference(batch_name(batch) + ": its header can't be read: " + describe(header.error()));
            kept.batches.push_back({batch, header.value_or(BatchHeader{})});
            return true;
        });
        if (!read) return unexpected(read.error());
        auto keys = reader.terminal_keys(kiosk);
        if (!keys) return unexpected(keys.error());
        auto skips = reader.skips(kiosk);
        if (!skips) return unexpected(skips.error());
        const auto unsigned_until = reader.unsigned_until(kiosk);
        if (!unsigned_until) return unexpected(unsigned_until.error());
        kept.keys = std::move(*keys);
        kept.skips = std::move(*skips);
        kept.unsigned_until = *unsigned_until;
        return kept;
    }

    StoreResult<void> walk(Reader& reader, const Terminal& terminal) {
        report_.terminals += 1;
        if (reference_.center(terminal.center) == nullptr) {
            difference(terminal.kiosk.text + ": stands at a center that is not known: " + terminal.center.text);
        }
        const auto kept = kept_of(reader, terminal.kiosk);
        if (!kept) return unexpected(kept.error());
        check_batches(*kept, terminal);
        expect_chain_values(*kept);
        std::int64_t last_seq = 0;
        Digest value = survey::kChainStart;
        auto skip = kept->skips.begin();
        auto batch = kept->batches.begin();
        TimeFloor floor;
        const auto pass_skips = [&](std::int64_t next) {
            for (; skip != kept->skips.end() && skip->first_seq == last_seq + 1 && skip->last_seq < next; ++skip) {
                check_skip(*skip, *kept);
                last_seq = skip->last_seq;
                value = skip->previous_hash;
                report_.skipped += skip->last_seq - skip->first_seq + 1;
                if (last_seq + 1 == next) expect(last_seq, value, terminal.kiosk);
            }
        };
        StoreResult<void> failed;
        const auto walked = reader.each_record(terminal.kiosk, [&](const StoredRecord& record) {
            report_.records += 1;
            const std::string name = "record " + std::to_string(record.seq) + " of " + terminal.kiosk.text;
            pass_skips(record.seq);
            if (record.seq != last_seq + 1) {
                difference(terminal.kiosk.text + ": records " + std::to_string(last_seq + 1) + " to " +
                           std::to_string(record.seq - 1) + " are missing");
            } else if (survey::chain(value, record.bytes) != record.hash) {
                difference(name + ": its bytes, or those before it, do not lead to the chain value stored");
            }
            value = record.hash;  // go on from what is stored, so that one change is told once
            last_seq = record.seq;
            expect(record.seq, value, terminal.kiosk);
            while (batch != kept->batches.end() && batch->last_seq() < record.seq)
                ++batch;
            const bool is_brought = batch != kept->batches.end() && batch->stored.first_seq <= record.seq;
            if (!is_brought) {
                difference(name + ": no batch is stored that brought it");
            } else if (batch->stored.received != record.received) {
                difference(name + ": the batch that brought it came at another time");
            }
            std::optional<survey::TimeEvidence> evidence;
            if (record.seq > kept->unsigned_until) {
                evidence = time_evidence_of(is_brought ? batch->header : BatchHeader{}, record.received, floor, record.seq);
            }
            const auto copy = is_copy(record, reader);
            if (!copy) {
                failed = unexpected(copy.error());
                return false;
            }
            check_validation(record, terminal, name, evidence, *copy);
            if (record.quarantine_reason.empty() && !record.reprocessed) floor.counted(record.seq, record.counted_at);
            return true;
        });
        if (!walked) return walked;
        if (!failed) return failed;
        for (; skip != kept->skips.end(); ++skip) {
            difference(terminal.kiosk.text + ": numbers " + std::to_string(skip->first_seq) + " to " +
                       std::to_string(skip->last_seq) + " are skipped, but records stand there or behind nothing");
        }
        for (const auto& [seq, expected] : chain_values_) {
            difference(terminal.kiosk.text + ": a batch speaks of the chain value at " + std::to_string(seq) +
                       ", but there is no such record");
        }
        if (last_seq != terminal.last_seq || value != terminal.last_hash) {
            difference(terminal.kiosk.text + ": the terminal's head says record " + std::to_string(terminal.last_seq) +
                       " with chain value " + to_hex(terminal.last_hash) + ", the records end at " +
                       std::to_string(last_seq) + " with " + to_hex(value));
        }
        return {};
    }

    /// Each batch is what its terminal signed, with a key of its time; each brought something.
    void check_batches(const Kept& kept, const Terminal& terminal) {
        const std::string& kiosk = terminal.kiosk.text;
        if (terminal.key && (kept.keys.empty() || kept.keys.back().key != *terminal.key)) {
            difference(kiosk + ": its present key is not the last one it was enrolled with");
        }
        if (kept.unsigned_until > 0) {
            note(kiosk + ": records 1 to " + std::to_string(kept.unsigned_until) +
                 " came before batches were signed: the chain vouches for them, no signature does");
        }
        std::int64_t last_seq = 0;
        auto key = kept.keys.begin();
        bool is_first_of_key = true;
        for (const Kept::Known& batch : kept.batches) {
            const BatchHeader& header = batch.header;
            if (header.kiosk != batch.stored.kiosk || header.first_seq != batch.stored.first_seq ||
                header.count != batch.stored.count) {
                difference(batch_name(batch.stored) + ": its header speaks of other records");
            }
            if (batch.last_seq() <= last_seq) difference(batch_name(batch.stored) + ": brought nothing new");
            last_seq = batch.last_seq();
            if (last_seq <= kept.unsigned_until) {
                if (batch.stored.signature != survey::Signature{}) {
                    difference(batch_name(batch.stored) + ": is signed, but said to be from before batches were");
                }
                continue;
            }
            while (key != kept.keys.end() && !is_signed_by(batch.stored.header_bytes, batch.stored.signature, key->key)) {
                ++key;
                is_first_of_key = true;
            }
            if (key == kept.keys.end()) {
                difference(batch_name(batch.stored) + ": is not signed with a key that its terminal had then");
                key = kept.keys.begin();  // one bad batch is told once
            } else if (is_first_of_key && key->since > batch.stored.received + kOwnClockTolerance) {
                difference(kiosk + ": a key is said to be from " + survey::to_rfc3339(key->since) +
                           ", but was used before");
            }
            is_first_of_key = false;
        }
        if (!kept.batches.empty() &&
            terminal.last_seen.value_or(survey::UtcTime{}) + kOwnClockTolerance < kept.batches.back().stored.received) {
            difference(kiosk + ": was last seen before its last batch came");
        }
    }

    /// What the signed headers say of the chain, to be found on the walk.
    void expect_chain_values(const Kept& kept) {
        chain_values_.clear();
        for (const Kept::Known& batch : kept.batches) {
            if (batch.header.count == 0) continue;  // unreadable, told already
            chain_values_.emplace(batch.header.first_seq - 1, batch.header.previous_hash);
            chain_values_.emplace(batch.header.first_seq + batch.header.count - 1, batch.header.last_hash);
        }
        expect(0, survey::kChainStart, {});
    }
    void expect(std::int64_t seq, const Digest& value, const survey::KioskId& kiosk) {
        const auto [first, last] = chain_values_.equal_range(seq);
        for (auto at = first; at != last; ++at) {
            if (at->second == value) continue;
            difference("record " + std::to_string(seq) + " of " + kiosk.text +
                       ": a signed batch has another chain value for it");
        }
        chain_values_.erase(first, last);
    }

    /// A skip is only what the batch behind it says.
    void check_skip(const StoredSkip& skip, const Kept& kept) {
        const std::string name =
            skip.kiosk.text + ": numbers " + std::to_string(skip.first_seq) + " to " + std::to_string(skip.last_seq);
        const auto behind = std::find_if(kept.batches.begin(), kept.batches.end(), [&](const Kept::Known& batch) {
            return batch.stored.first_seq > skip.last_seq;
        });
        const auto says_so = [&](const survey::Skip& range) {
            return range.first_seq <= skip.first_seq && range.last_seq >= skip.last_seq &&
                   survey::name(range.reason) == skip.reason;
        };
        if (behind == kept.batches.end() ||
            std::none_of(behind->header.skipped.begin(), behind->header.skipped.end(), says_so)) {
            difference(name + " are skipped as " + skip.reason + ", but the batch behind them does not say so");
            return;
        }
        if (behind->stored.received != skip.received) difference(name + " are skipped at another time than was said");
        const bool is_last = skip.last_seq + 1 == behind->stored.first_seq;
        if (!is_last && skip.previous_hash != survey::kChainStart) {
            difference(name + " are skipped with a chain value that nobody said");
        }
    }

    /// Whether the record is rightly counted or rightly quarantined, and its time rightly resolved; recounts it.
    void check_validation(const StoredRecord& record, const Terminal& terminal, const std::string& name,
                         const std::optional<survey::TimeEvidence>& evidence, bool is_copy) {
        const Read read = read_record(record.bytes, record.kiosk, record.seq);
        const survey::Response* response = read.record ? &read.record->response : nullptr;
        const std::optional<Uuid> id = response != nullptr ? std::optional(response->id) : std::nullopt;
        const bool was_unreadable = !record.id && record.quarantine_reason == kQuarantineUnknownFormat;
        if (id != record.id && !was_unreadable) difference(name + ": the id stored is not the one in its bytes");
        Validation now{read.quarantined, {}};
        if (now.quarantined.counts()) now = validate(*response, terminal.center, reference_, evidence);
        const TerminalDay more = terminal_day(record, record.id ? response : nullptr, is_copy);
        days_.try_emplace({more.kiosk.text, more.day}, TerminalDay{more.kiosk, more.day}).first->second += more;
        if (record.quarantine_reason.empty()) {
            check_counted(name, record, read, now, terminal.center);
        } else {
            check_quarantined(name, record, id, now.quarantined);
        }
    }

    void check_counted(const std::string& name, const StoredRecord& record, const Read& read, const Validation& now,
                       const survey::CenterId& center) {
        report_.counted += 1;
        if (read.record) counted_ids_.push_back(read.record->response.id);
        const survey::Questionnaire* questionnaire =
            read.record ? reference_.questionnaires.find(read.record->response.questionnaire) : nullptr;
        if (questionnaire == nullptr || (!now.quarantined.counts() && !may_pass(now.quarantined.reason))) {
            difference(name + ": is counted, but should be quarantined as " + now.quarantined.reason + ": " + now.quarantined.detail);
            return;
        }
        if (!now.quarantined.counts()) {
            note(name + ": counts, but would be " + now.quarantined.reason + " today: " + now.quarantined.detail);
        }
        check_time(name, record, now.time);
        for (const TallyRow& row : tally_rows(read.record->response, *questionnaire, center, now.time))
            expected_[row.key] += row.tally;
    }

    void check_time(const std::string& name, const StoredRecord& record, const survey::ResolvedTime& time) {
        if (record.counted_at != time.counted_at || record.trust != time.trust) {
            difference(name + ": is counted at " + survey::to_rfc3339(record.counted_at) + " (" +
                       std::string(survey::name(record.trust)) + "), the evidence says " +
                       survey::to_rfc3339(time.counted_at) + " (" + std::string(survey::name(time.trust)) + ")");
        }
        switch (time.trust) {
            case survey::TimeTrust::trusted:
                break;
            case survey::TimeTrust::corrected:
                report_.corrected += 1;
                break;
            case survey::TimeTrust::doubtful:
                report_.doubtful += 1;
                break;
        }
        // Why it was quarantined stays with a record that was reprocessed, and with no other.
        if (record.reprocessed.has_value() == record.quarantine_detail.empty() ||
            record.reprocessed.value_or(record.received) < record.received - kOwnClockTolerance) {
            difference(name + ": what is stored of its reprocessing contradicts itself");
        }
    }

    void check_quarantined(const std::string& name, const StoredRecord& record, const std::optional<Uuid>& id,
                     const Quarantine& now) {
        const std::string& reason = record.quarantine_reason;
        report_.quarantined += 1;
        if (id) quarantined_ids_.push_back(*id);
        if (id && reason == kQuarantineDuplicateId) repeated_.emplace_back(*id, name);
        if (record.reprocessed || record.counted_at != survey::UtcTime{} || record.trust != survey::TimeTrust::doubtful) {
            difference(name + ": is quarantined, but has a time that it was counted or reprocessed at");
        }
        if (!is_known_reason(reason)) {
            difference(name + ": is quarantined as " + reason + ", which is no reason");
            return;
        }
        // Of what the documents decide the words are the same for ever.
        if (now.reason == reason && may_pass(reason) && reason != kQuarantineUnknownFormat &&
            now.detail != record.quarantine_detail) {
            difference(name + ": is quarantined with other words than \"" + now.detail + "\"");
        }
        if (reason == kQuarantineDuplicateId) return;
        if (!now.counts() && !may_pass(reason) && now.reason != reason) {
            difference(name + ": is quarantined as " + reason + ", but it is " + now.reason);
        }
        if (!now.counts()) return;
        if (may_pass(reason)) {
            note(name + ": was quarantined as " + reason + "; with what is known today it could be counted");
        } else {
            difference(name + ": is quarantined as " + reason + " without cause");
        }
    }

    static bool is_known_reason(std::string_view reason) {
        static constexpr std::array kLasting = {kQuarantineUnreadable, kQuarantineWrongPlace, kQuarantineDuplicateId, kQuarantineInvalid};
        return may_pass(reason) || std::find(kLasting.begin(), kLasting.end(), reason) != kLasting.end();
    }

    /// A counted id stands once; a record quarantined as duplicate_id has a twin.
    void check_ids() {
        std::sort(counted_ids_.begin(), counted_ids_.end());
        std::sort(quarantined_ids_.begin(), quarantined_ids_.end());
        for (auto at = std::adjacent_find(counted_ids_.begin(), counted_ids_.end()); at != counted_ids_.end();
             at = std::adjacent_find(at + 1, counted_ids_.end())) {
            difference("the id " + to_string(*at) + " is counted more than once");
        }
        for (const auto& [id, name] : repeated_) {
            const auto quarantined = std::equal_range(quarantined_ids_.begin(), quarantined_ids_.end(), id);
            if (quarantined.second - quarantined.first > 1) continue;
            if (std::binary_search(counted_ids_.begin(), counted_ids_.end(), id)) continue;
            difference(name + ": is quarantined as duplicate_id without cause");
        }
    }

    StoreResult<void> compare_tallies(Reader& reader) {
        const auto read = reader.each_tally([&](const TallyRow& row) {
            report_.tally_rows += 1;
            const auto expected = expected_.find(row.key);
            if (expected == expected_.end()) {
                difference(described(row.key) + ": no record counts for it");
                return true;
            }
            if (expected->second != row.tally) {
                difference(described(row.key) + ": holds " + to_text(row.tally) + ", the records make " +
                           to_text(expected->second));
            }
            expected_.erase(expected);
            return true;
        });
        if (!read) return read;
        for (const auto& [key, tally] : expected_)
            difference(described(key) + ": is missing, the records make " + to_text(tally));
        return {};
    }

    /// collected is the terminal's word: reconcile compares it.
    StoreResult<void> compare_days(Reader& reader) {
        const auto read = reader.each_terminal_day([&](const TerminalDay& day) {
            const std::string name = day.kiosk.text + " on " + survey::to_string(day.day);
            const auto found = days_.find({day.kiosk.text, day.day});
            TerminalDay expected = found == days_.end() ? TerminalDay{day.kiosk, day.day} : found->second;
            expected.collected = day.collected;
            if (expected != day) {
                difference(name + ": the day says " + described(day) + "; the records make " + described(expected));
            }
            if (found != days_.end()) days_.erase(found);
            return true;
        });
        if (!read) return read;
        for (const auto& [key, day] : days_) {
            difference(key.first + " on " + survey::to_string(key.second) + ": the day is missing; the records make " +
                       described(day));
        }
        return {};
    }

    /// Texts stand only beside records that name them, and not where they were erased.
    StoreResult<void> check_texts(Reader& reader) {
        StoreResult<void> result;
        const auto read = reader.each_text([&](const StoredText& sealed) {
            report_.texts += 1;
            const auto record = reader.record(sealed.kiosk, sealed.seq);
            if (!record) {
                result = unexpected(record.error());
                return false;
            }
            const std::string name =
                "texts for " + sealed.item.text + " at record " + std::to_string(sealed.seq) + " of " + sealed.kiosk.text;
            if (!*record) {
                difference(name + ": there is no such record");
                return true;
            }
            if (!may_stand_beside(**record, sealed.item)) difference(name + ": the record names no such texts");
            if (sealed.received + kOwnClockTolerance < (*record)->received) difference(name + ": came before the record");
            return true;
        });
        return read ? result : read;
    }

    StoreResult<void> check_erasures(Reader& reader) {
        const auto erasures = reader.erasures();
        if (!erasures) return unexpected(erasures.error());
        for (const Erasure& erasure : *erasures) {
            const std::string name = "the trace of erased texts for " + erasure.item.text + " at record " +
                                     std::to_string(erasure.seq) + " of " + erasure.kiosk.text;
            const auto record = reader.record(erasure.kiosk, erasure.seq);
            if (!record) return unexpected(record.error());
            if (!*record || !may_stand_beside(**record, erasure.item)) {
                difference(name + ": no record names such texts");
            }
            const auto texts = reader.texts(erasure.kiosk, erasure.seq);
            if (!texts) return unexpected(texts.error());
            const bool is_there =
                std::any_of(texts->begin(), texts->end(), [&](const StoredText& sealed) { return sealed.item == erasure.item; });
            if (is_there) difference(name + ": the texts are still there");
        }
        return {};
    }

    /// What can't be read may name them.
    static bool may_stand_beside(const StoredRecord& record, const survey::ItemId& item) {
        const Read read = read_record(record.bytes, record.kiosk, record.seq);
        return !read.record || names_text(read.record->response, item);
    }

    const Reference& reference_;
    VerifyReport report_;
    std::multimap<std::int64_t, Digest> chain_values_;  // of the terminal that is walked
    std::map<std::pair<std::string, survey::Date>, TerminalDay> days_;
    std::vector<Uuid> counted_ids_;
    std::vector<Uuid> quarantined_ids_;
    std::vector<std::pair<Uuid, std::string>> repeated_;  // quarantined as duplicate_id: id and name
    std::map<TallyKey, survey::Tally> expected_;
};

}  // namespace

StoreResult<VerifyReport> verify(Reader& reader, const Reference& reference) {
    return Recount(reference).run(reader);
}

}  // namespace hailong::sync
