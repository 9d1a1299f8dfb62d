#include "kiosk/recovery/recover.h"

#include <algorithm>
#include <functional>
#include <memory>

#include <SQLiteCpp/Column.h>
#include <sqlite3.h>

#include "kiosk/journal/database.h"
#include "kiosk/journal/state.h"
#include "kiosk/recovery/raw_pages.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using Row = std::function<void(SQLite::Statement&)>;

/// Highest number that a record can carry; beyond it a number met is damage itself.
constexpr std::int64_t kSeqMax = 9'007'199'254'740'991;

/// The damaged file through SQLite, for reading only; its log is read along and left as it is.
class DamagedFile {
  public:
    DamagedFile(const std::filesystem::path& file, survey::milliseconds busy_timeout)
        : sqlite_(file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, static_cast<int>(busy_timeout.count())) {
        sqlite3_db_config(sqlite_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite_.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    }

    /// Reads rows until they end or damage ends them; false after damage. Throws what is not damage.
    bool each(const std::string& sql, const Row& take) {
        try {
            SQLite::Statement row(sqlite_, sql);
            while (row.executeStep())
                take_whole(row, take);
            return true;
        } catch (const std::exception& error) {
            if (!is_damage(error)) throw;
            return false;
        }
    }

    /// As each(), and from the other end when the first way ended early.
    bool each_from_both_ends(const std::string& sql, const std::string& order, const Row& take) {
        if (each(sql + " ORDER BY " + order, take)) return true;
        each(sql + " ORDER BY " + order + " DESC", take);
        return false;
    }

    [[nodiscard]] SQLite::Database& sqlite() { return sqlite_; }

  private:
    /// A row whose content makes no sense is passed over; the next may.
    static void take_whole(SQLite::Statement& row, const Row& take) {
        try {
            take(row);
        } catch (const Damage&) {
            return;
        }
    }

    SQLite::Database sqlite_;
};

/// Puts together what the ways of reading find. What came first stays.
class Collector {
  public:
    Collector(Recovered& recovered, const survey::KioskId& kiosk) : recovered_(recovered), kiosk_(kiosk) {}

    /// The row's own id is not asked for: the one in the record's bytes is what the backend counts by.
    /// `sum` as record_sum() made it; empty: there was none.
    void record(std::int64_t seq, const std::optional<survey::Digest>& hash, const std::string& bytes,
                const std::string& sum) {
        if (seq < 1 || seq > kSeqMax || recovered_.records.count(seq) > 0) return;
        const bool is_whole = sum == record_sum(bytes);
        if (hash) recovered_.hashes.emplace(seq, *hash);
        const auto record = survey::decode(bytes);
        if (!record || record->seq != seq || (!sum.empty() && !is_whole)) return;
        if (record->kiosk != kiosk_) {
            recovered_.others_records += 1;
            return;
        }
        recovered_.records.emplace(seq,
                                 FoundRecord{hash.value_or(survey::Digest{}), record->response.id, bytes, is_whole});
        recovered_.last_seq = std::max(recovered_.last_seq, seq);
    }

    void sealed(std::int64_t seq, const std::string& item, std::string bytes) {
        if (!survey::is_identifier(item) || bytes.size() > survey::kSealedTextBytesMax) return;
        recovered_.texts.emplace(std::pair(seq, item), std::move(bytes));
    }

    void skip(const Skip& found) {
        if (found.first_seq < 1 || found.last_seq < found.first_seq || found.last_seq > kSeqMax) return;
        const bool overlaps = std::any_of(recovered_.skips.begin(), recovered_.skips.end(), [&](const Skip& held) {
            return found.first_seq <= held.last_seq && held.first_seq <= found.last_seq;
        });
        if (overlaps) return;
        recovered_.skips.push_back(found);
        recovered_.last_seq = std::max(recovered_.last_seq, found.last_seq);
    }

    void base(const ChainHead& found) {
        if (found.seq < 0 || found.seq > kSeqMax || (recovered_.base && recovered_.base->seq >= found.seq)) return;
        recovered_.base = found;
    }

  private:
    Recovered& recovered_;
    const survey::KioskId& kiosk_;
};

std::optional<survey::Digest> maybe_digest(const std::string& bytes) {
    survey::Digest digest;
    if (bytes.size() != digest.bytes.size()) return std::nullopt;
    std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
    return digest;
}

// ---- Through SQLite ------------------------------------------------------------------------------------------------

/// False when some record could not be reached. Each number costs a few microseconds.
bool read_records(DamagedFile& file, Collector& found, Recovered& recovered) {
    const auto take = [&](SQLite::Statement& row) {
        found.record(row.getColumn(0).getInt64(), maybe_digest(row.getColumn(1).getString()),
                     row.getColumn(2).getString(), row.getColumn(3).getString());
    };
    // A file of the first schema has no sums.
    const bool has_sums = file.each("SELECT sum FROM records LIMIT 0", [](SQLite::Statement&) {});
    const std::string columns =
        std::string("SELECT seq, hash, bytes, ") + (has_sums ? "sum" : "NULL") + " FROM records";
    if (file.each_from_both_ends(columns, "seq", take)) return true;
    // Between the two ends each number for itself; the index of ids may still know numbers that the table hides.
    file.each("SELECT max(seq) FROM (SELECT seq FROM records INDEXED BY sqlite_autoindex_records_1)",
              [&](SQLite::Statement& row) {
                  const std::int64_t seq = row.getColumn(0).getInt64();
                  if (seq <= recovered.last_seq + kRecoverHorizon) recovered.last_seq = std::max(recovered.last_seq, seq);
              });
    for (std::int64_t seq = 1; seq <= recovered.last_seq + kRecoverHorizon; ++seq) {
        if (recovered.records.count(seq) > 0) continue;
        file.each(columns + " WHERE seq = " + std::to_string(seq), take);
    }
    return false;
}

void read_texts(DamagedFile& file, Collector& found, const Recovered& recovered) {
    const auto take = [&](SQLite::Statement& row) {
        found.sealed(row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString());
    };
    if (file.each_from_both_ends("SELECT seq, item, box FROM boxes", "rowid", take)) return;
    for (const auto& [seq, record] : recovered.records)
        file.each("SELECT seq, item, box FROM boxes WHERE seq = " + std::to_string(seq), take);
}

void read_numbering(DamagedFile& file, Collector& found) {
    file.each("SELECT seq, hash FROM base", [&](SQLite::Statement& row) {
        found.base({row.getColumn(0).getInt64(), digest_of(row.getColumn(1))});
    });
    file.each("SELECT first_seq, last_seq, reason FROM skips", [&](SQLite::Statement& row) {
        if (const auto reason = survey::parse_skip_reason(row.getColumn(2).getString())) {
            found.skip({row.getColumn(0).getInt64(), row.getColumn(1).getInt64(), *reason});
        }
    });
}

void read_sync_state(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT kiosk FROM identity",
              [&](SQLite::Statement& row) { recovered.kiosk = row.getColumn(0).getString(); });
    file.each("SELECT last_attempt_ms, last_success_ms, last_error, server_offset_ms FROM sync_state",
              [&](SQLite::Statement& row) {
                  recovered.sync.last_attempt = from_ms(row.getColumn(0).getInt64());
                  if (!row.isColumnNull(1)) recovered.sync.last_success = from_ms(row.getColumn(1).getInt64());
                  recovered.sync.last_error = row.getColumn(2).getString();
                  if (!row.isColumnNull(3))
                      recovered.sync.server_offset = survey::milliseconds{row.getColumn(3).getInt64()};
              });
    // Each by itself: a file of the first schema knows only the first.
    file.each("SELECT delivered_seq FROM sync_state",
              [&](SQLite::Statement& row) { recovered.delivered = row.getColumn(0).getInt64(); });
    file.each("SELECT set_aside FROM sync_state", [&](SQLite::Statement& row) {
        recovered.quarantined = std::max<std::int64_t>(0, row.getColumn(0).getInt64());
    });
    file.each("SELECT words_key FROM sync_state WHERE words_key IS NOT NULL",
              [&](SQLite::Statement& row) { recovered.text_key = unguarded(row.getColumn(0).getString()); });
}

void read_tallies(DamagedFile& file, Recovered& recovered) {
    const auto take = [&](SQLite::Statement& row, Grain grain) {
        auto key = key_of(row, grain);
        if (key) recovered.tallies.emplace(std::move(*key), tally_of(tally_text(row)));
    };
    file.each_from_both_ends(std::string("SELECT ") + kDayColumns + " FROM day_tallies",
                             "day, questionnaire, version, flagged, subject_kind, subject_id",
                             [&](SQLite::Statement& row) { take(row, Grain::day); });
    file.each_from_both_ends(
        std::string("SELECT ") + kMonthColumns + " FROM month_tallies WHERE subject_kind = 'officer'",
        "month, questionnaire, version, flagged, subject_kind, subject_id",
        [&](SQLite::Statement& row) { take(row, Grain::month); });
}

void read_tickets(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT key FROM ticket_key",
              [&](SQLite::Statement& row) { recovered.ticket_key = unguarded(row.getColumn(0).getString()); });
    file.each_from_both_ends("SELECT hash, month FROM tickets", "hash", [&](SQLite::Statement& row) {
        TicketMark mark{digest_of(row.getColumn(0)), row.getColumn(1).getString()};
        if (survey::parse_date(mark.month + "-01")) recovered.tickets.push_back(std::move(mark));
    });
}

void read_gone(DamagedFile& file, Recovered& recovered) {
    ResponseCounts gone;
    const bool whole = file.each(
        "SELECT day, questionnaire, version, flagged, responses FROM gone_responses", [&](SQLite::Statement& row) {
            const survey::QuestionnaireRef questionnaire{survey::QuestionnaireId{row.getColumn(1).getString()},
                                                         row.getColumn(2).getInt64()};
            gone[{row.getColumn(0).getString(), questionnaire, row.getColumn(3).getInt() != 0}] =
                row.getColumn(4).getInt64();
        });
    if (whole) recovered.gone = std::move(gone);
}

void read_inbox(DamagedFile& file, Recovered& recovered) {
    const bool whole = file.each("SELECT name, body, received_ms FROM inbox_documents", [&](SQLite::Statement& row) {
        recovered.documents.push_back(
            {row.getColumn(0).getString(), row.getColumn(1).getString(), from_ms(row.getColumn(2).getInt64())});
    });
    if (!whole) recovered.documents.clear();  // half of what came down is worse than none: it comes again
    file.each("SELECT version FROM inbox_state", [&](SQLite::Statement& row) {
        if (whole) recovered.inbox_version = row.getColumn(0).getString();
    });
}

void read_events(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT time_ms, kind, detail FROM events ORDER BY number", [&](SQLite::Statement& row) {
        recovered.events.push_back(
            {from_ms(row.getColumn(0).getInt64()), row.getColumn(1).getString(), row.getColumn(2).getString()});
    });
}

/// True when nothing stood in the way.
bool read_through_sqlite(const std::filesystem::path& path, Collector& found, Recovered& recovered,
                         survey::milliseconds busy_timeout) {
    std::unique_ptr<DamagedFile> file;
    try {
        file = std::make_unique<DamagedFile>(path, busy_timeout);
    } catch (const std::exception& error) {
        if (!is_damage(error)) throw;
        return false;
    }
    int tables = 0;
    bool known_table = false;
    recovered.opened = file->each("SELECT name FROM sqlite_master WHERE type = 'table'", [&](SQLite::Statement& row) {
        ++tables;
        const std::string name = row.getColumn(0).getString();
        known_table = known_table || name == "records" || name == "day_tallies" || name == "sync_state";
    });
    recovered.ours = !recovered.opened || tables == 0 || known_table;
    if (!recovered.opened || !recovered.ours) return !recovered.ours;
    read_sync_state(*file, recovered);
    read_numbering(*file, found);
    const bool whole = read_records(*file, found, recovered);
    read_texts(*file, found, recovered);
    read_tallies(*file, recovered);
    read_gone(*file, recovered);
    read_tickets(*file, recovered);
    read_inbox(*file, recovered);
    read_events(*file, recovered);
    return whole;
}

// ---- Without SQLite ------------------------------------------------------------------------------------------------

template <class Type>
const Type* as(const RawRow& row, std::size_t column) {
    return column < row.values.size() ? std::get_if<Type>(&row.values[column]) : nullptr;
}

/// Tells the tables apart by their columns; a key that is the row id stands as NULL in its row.
void take_raw_row(const RawRow& row, Collector& found, Recovered& recovered, bool numbering_known) {
    const std::size_t columns = row.values.size();
    const bool keyed = columns > 0 && std::holds_alternative<std::monostate>(row.values[0]);
    if ((columns == 4 || columns == 5) && keyed && as<RawBlob>(row, 1) && as<RawBlob>(row, 2) && as<RawText>(row, 3)) {
        const auto* sum = as<RawBlob>(row, 4);
        found.record(row.rowid, maybe_digest(as<RawBlob>(row, 2)->bytes), as<RawText>(row, 3)->text,
                     sum == nullptr ? std::string() : sum->bytes);
    }
    // Only as written last: texts that were erased since must not come back.
    if (row.newest && columns == 3 && as<std::int64_t>(row, 0) && as<RawText>(row, 1) && as<RawBlob>(row, 2)) {
        found.sealed(*as<std::int64_t>(row, 0), as<RawText>(row, 1)->text, as<RawBlob>(row, 2)->bytes);
    }
    if (numbering_known || !keyed) return;
    if (columns == 3 && as<std::int64_t>(row, 1) && as<RawBlob>(row, 2)) {
        if (const auto hash = maybe_digest(as<RawBlob>(row, 2)->bytes)) found.base({*as<std::int64_t>(row, 1), *hash});
    }
    if (columns == 3 && as<std::int64_t>(row, 1) && as<RawText>(row, 2)) {
        const auto reason = survey::parse_skip_reason(as<RawText>(row, 2)->text);
        if (reason) found.skip({row.rowid, *as<std::int64_t>(row, 1), *reason});
    }
    if (columns == 2 && row.rowid == 1 && as<RawText>(row, 1) && recovered.kiosk.empty()) {
        recovered.kiosk = as<RawText>(row, 1)->text;
    }
    if ((columns == 6 || columns == 8) && row.rowid == 1 && as<std::int64_t>(row, 1) && as<RawText>(row, 4)) {
        recovered.delivered = std::max(recovered.delivered.value_or(0), *as<std::int64_t>(row, 1));
        if (const auto* key = as<RawBlob>(row, 7)) recovered.text_key = unguarded(key->bytes);
    }
}

}  // namespace

Expected<Recovered, StoreError> recover(const std::filesystem::path& file, const survey::KioskId& kiosk,
                                      std::int64_t known_seq, survey::milliseconds busy_timeout) {
    Recovered found;
    Collector collector(found, kiosk);
    try {
        const bool there = std::filesystem::exists(file);
        const bool whole = there && read_through_sqlite(file, collector, found, busy_timeout);
        if (found.ours && (!whole || found.last_seq < known_seq)) {
            const bool numbering_known = found.base.has_value();
            each_raw_row(file, [&](const RawRow& row) { take_raw_row(row, collector, found, numbering_known); });
        }
    } catch (const std::exception& error) {
        const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error);
        const StoreErrorKind kind = sqlite == nullptr ? StoreErrorKind::io : kind_of(sqlite->getErrorCode());
        return unexpected(make_error(kind, file.string() + ": the damaged file could not be read: " + error.what()));
    }
    std::sort(found.skips.begin(), found.skips.end(),
              [](const Skip& a, const Skip& b) { return a.first_seq < b.first_seq; });
    return found;
}

bool ends_before(const std::filesystem::path& file, std::int64_t known_seq, survey::milliseconds busy_timeout) {
    try {
        DamagedFile damaged(file, busy_timeout);
        std::int64_t last = 0;
        const auto take = [&](SQLite::Statement& row) { last = std::max(last, row.getColumn(0).getInt64()); };
        for (const char* sql :
             {"SELECT max(seq) FROM records", "SELECT max(last_seq) FROM skips", "SELECT seq FROM base"})
            damaged.each(sql, take);
        return last < known_seq;
    } catch (const std::exception&) {
        return false;  // opening it in earnest says what is wrong
    }
}

}  // namespace hailong::kiosk
