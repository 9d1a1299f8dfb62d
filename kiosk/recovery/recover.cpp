#include "kiosk/recovery/recover.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>

#include "kiosk/journal/log_check.h"
#include "kiosk/journal/sectors.h"
#include "kiosk/journal/sums.h"
#include "kiosk/journal/tally_rows.h"
#include "kiosk/recovery/raw_pages.h"
#include "survey/base/sqlite.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using survey::Grain;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Once;
using survey::sqlite::Query;
using Row = std::function<void(Query&)>;

/// What the disk's errors mean: with bad sectors, trying again will not help.
enum class Disk { gives_all, has_bad_sectors };

/// True for what says that the file's content is wrong, or lost to a bad sector; false for what the disk or another
/// process did.
bool is_damage(const std::exception& error, Disk disk) {
    const StoreErrorKind kind = survey::sqlite::kind_of(error);
    return kind == StoreErrorKind::corrupt || kind == StoreErrorKind::conflict ||
           (kind == StoreErrorKind::io && disk == Disk::has_bad_sectors);
}

/// The damaged file through SQLite, for reading only; its log is read along and left as it is.
class DamagedFile {
  public:
    DamagedFile(const std::filesystem::path& file, Disk disk, survey::milliseconds busy_timeout)
        : connection_(file, survey::sqlite::Access::read, busy_timeout), disk_(disk) {
        connection_.fold_log_on_close(false);
        connection_.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    }

    /// Reads rows until they end or damage ends them; false after damage. Throws what is not damage.
    bool each(const std::string& sql, const Row& take) {
        try {
            Query row(connection_, Once{sql});
            while (row.step())
                take_whole(row, take);
            return true;
        } catch (const std::exception& error) {
            if (!is_damage(error, disk_)) throw;
            return false;
        }
    }

    /// As each(), and from the other end when the first way ended early.
    bool each_from_both_ends(const std::string& sql, const std::string& order, const Row& take) {
        if (each(sql + " ORDER BY " + order, take)) return true;
        each(sql + " ORDER BY " + order + " DESC", take);
        return false;
    }

    /// Whether the schema has these columns, under these names.
    bool has(const std::string& columns, const std::string& table) {
        return each("SELECT " + columns + " FROM " + table + " LIMIT 0", [](Query&) {});
    }

  private:
    /// A row whose content makes no sense is passed over; the next may.
    static void take_whole(Query& row, const Row& take) {
        try {
            take(row);
        } catch (const Damage&) {
            return;
        }
    }

    Connection connection_;
    Disk disk_;
};

/// Puts together what the ways of reading find. What came first stays.
class Collector {
  public:
    Collector(Recovered& recovered, const survey::KioskId& kiosk) : recovered_(recovered), kiosk_(kiosk) {}

    /// The row's own id is not asked for: the one in the record's bytes is what the backend counts by.
    /// `sum` as record_sum() made it; empty: there was none.
    void record(std::int64_t seq, const std::optional<survey::Digest>& hash, const std::string& bytes,
                const std::string& sum) {
        if (seq < 1 || seq > survey::kSeqMax || recovered_.records.count(seq) > 0) return;
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

    void text(std::int64_t seq, const std::string& item, std::string bytes) {
        if (!survey::is_identifier(item) || bytes.size() > survey::kSealedTextBytesMax) return;
        recovered_.texts.emplace(std::pair(seq, item), std::move(bytes));
    }

    /// Of a page; `newest`: as it was written last.
    void raw_text(bool newest, std::int64_t seq, const std::string& item, const std::string& bytes) {
        if (newest) return text(seq, item, bytes);
        older_texts_.push_back({seq, {item}, bytes});
    }
    void raw_delivered(std::int64_t seq) { delivered_max_ = std::max(delivered_max_, seq); }

    /// From older pages only what was not delivered: no text that was erased may come back.
    void take_older_texts() {
        const std::int64_t delivered = std::max(delivered_max_, recovered_.delivered.value_or(0));
        for (survey::SealedText& older : older_texts_) {
            if (older.seq > delivered) text(older.seq, older.item.text, std::move(older.bytes));
        }
    }

    void skip(const Skip& found) {
        if (found.first_seq < 1 || found.last_seq < found.first_seq || found.last_seq > survey::kSeqMax) return;
        const bool overlaps = std::any_of(recovered_.skips.begin(), recovered_.skips.end(), [&](const Skip& known) {
            return found.first_seq <= known.last_seq && known.first_seq <= found.last_seq;
        });
        if (overlaps) return;
        recovered_.skips.push_back(found);
        recovered_.last_seq = std::max(recovered_.last_seq, found.last_seq);
    }

    void base(const ChainHead& found) {
        if (found.seq < 0 || found.seq > survey::kSeqMax || (recovered_.base && recovered_.base->seq >= found.seq))
            return;
        recovered_.base = found;
    }

  private:
    Recovered& recovered_;
    const survey::KioskId& kiosk_;
    std::vector<survey::SealedText> older_texts_;
    std::int64_t delivered_max_ = 0;  // on any page
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
    const auto take = [&](Query& row) {
        found.record(row.integer_at(0), maybe_digest(row.text_at(1)), row.text_at(2), row.text_at(3));
    };
    // A file of the first schema has no sums.
    const bool has_sums = file.has("sum", "records");
    const std::string columns =
        std::string("SELECT seq, hash, bytes, ") + (has_sums ? "sum" : "NULL") + " FROM records";
    if (file.each_from_both_ends(columns, "seq", take)) return true;
    // Between the two ends each number for itself; the index of ids may still know numbers that the table hides.
    file.each("SELECT max(seq) FROM (SELECT seq FROM records INDEXED BY sqlite_autoindex_records_1)", [&](Query& row) {
        const std::int64_t seq = row.integer_at(0);
        if (seq <= recovered.last_seq + kRecoverHorizon) recovered.last_seq = std::max(recovered.last_seq, seq);
    });
    for (std::int64_t seq = 1; seq <= recovered.last_seq + kRecoverHorizon; ++seq) {
        if (recovered.records.count(seq) > 0) continue;
        file.each(columns + " WHERE seq = " + std::to_string(seq), take);
    }
    return false;
}

/// False when some text could not be reached.
bool read_texts(DamagedFile& file, Collector& found, const Recovered& recovered) {
    const auto take = [&](Query& row) { found.text(row.integer_at(0), row.text_at(1), row.text_at(2)); };
    // A file of the second or third schema has other names.
    const std::string rows = file.has("bytes", "sealed_texts") ? "SELECT seq, item, bytes FROM sealed_texts"
                                                               : "SELECT seq, item, box FROM boxes";
    if (file.each_from_both_ends(rows, "rowid", take)) return true;
    for (const auto& [seq, record] : recovered.records)
        file.each(rows + " WHERE seq = " + std::to_string(seq), take);
    return false;
}

void read_numbering(DamagedFile& file, Collector& found) {
    file.each("SELECT seq, hash FROM base", [&](Query& row) {
        found.base({row.integer_at(0), row.bytes_at<survey::Digest>(1)});
    });
    file.each("SELECT first_seq, last_seq, reason FROM skips", [&](Query& row) {
        if (const auto reason = survey::parse_skip_reason(row.text_at(2))) {
            found.skip({row.integer_at(0), row.integer_at(1), *reason});
        }
    });
}

void read_sync_state(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT kiosk FROM identity", [&](Query& row) { recovered.kiosk = row.text_at(0); });
    file.each("SELECT last_attempt_ms, last_success_ms, last_error, server_offset_ms FROM sync_state", [&](Query& row) {
        recovered.sync.last_attempt = row.time_at(0);
        if (!row.is_null(1)) recovered.sync.last_success = row.time_at(1);
        recovered.sync.last_error = row.text_at(2);
        if (!row.is_null(3)) recovered.sync.server_offset = survey::milliseconds{row.integer_at(3)};
    });
    // Each by itself: a file of the first schema knows only the first.
    file.each("SELECT delivered_seq FROM sync_state", [&](Query& row) { recovered.delivered = row.integer_at(0); });
    const bool has_words_of_today = file.has("quarantined, text_key", "sync_state");
    file.each(std::string("SELECT ") + (has_words_of_today ? "quarantined" : "set_aside") + " FROM sync_state",
              [&](Query& row) { recovered.quarantined = std::max<std::int64_t>(0, row.integer_at(0)); });
    file.each(std::string("SELECT ") + (has_words_of_today ? "text_key" : "words_key") + " FROM sync_state",
              [&](Query& row) { recovered.text_key = parse_key_with_sum(row.view_at(0)); });
}

void read_tallies(DamagedFile& file, Recovered& recovered) {
    const auto take = [&](Query& row, Grain grain) {
        auto key = maybe_key_at(row, grain);
        if (key) recovered.tallies.emplace(std::move(*key), tally_at(row, 6));
    };
    file.each_from_both_ends(
        "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies",
        "day, questionnaire, version, flagged, subject_kind, subject_id", [&](Query& row) { take(row, Grain::day); });
    file.each_from_both_ends(
        "SELECT month, questionnaire, version, flagged, subject_kind, subject_id, tally FROM month_tallies "
        "WHERE subject_kind = 'officer'",
        "month, questionnaire, version, flagged, subject_kind, subject_id",
        [&](Query& row) { take(row, Grain::month); });
}

void read_tickets(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT key FROM ticket_key",
              [&](Query& row) { recovered.ticket_key = parse_key_with_sum(row.text_at(0)); });
    file.each_from_both_ends("SELECT hash, month FROM tickets", "hash", [&](Query& row) {
        const auto month = parse_month(row.view_at(1));
        if (month) recovered.tickets.push_back({row.bytes_at<survey::Digest>(0), *month});
    });
}

void read_without_record(DamagedFile& file, Recovered& recovered) {
    const std::string table =
        file.has("responses", "responses_without_record") ? "responses_without_record" : "gone_responses";
    ResponseCounts counts;
    const bool whole =
        file.each("SELECT day, questionnaire, version, flagged, responses FROM " + table, [&](Query& row) {
            const survey::QuestionnaireRef questionnaire{survey::QuestionnaireId{row.text_at(1)}, row.integer_at(2)};
            counts[{Grain::day, row.date_at(0), questionnaire, row.flag_at(3)}] = row.integer_at(4);
        });
    if (whole) recovered.without_record = std::move(counts);
}

void read_inbox(DamagedFile& file, Recovered& recovered) {
    const bool whole = file.each("SELECT name, body, received_ms FROM inbox_documents", [&](Query& row) {
        recovered.documents.push_back({row.text_at(0), row.text_at(1), row.time_at(2)});
    });
    if (!whole) recovered.documents.clear();  // half of what came down is worse than none: it comes again
    file.each("SELECT version FROM inbox_state", [&](Query& row) {
        if (whole) recovered.inbox_version = row.text_at(0);
    });
}

void read_events(DamagedFile& file, Recovered& recovered) {
    file.each("SELECT time_ms, kind, detail FROM events ORDER BY number", [&](Query& row) {
        recovered.events.push_back({row.time_at(0), row.text_at(1), row.text_at(2)});
    });
}

/// True when nothing stood in the way.
bool read_through_sqlite(const std::filesystem::path& path, Collector& found, Recovered& recovered,
                         survey::milliseconds busy_timeout) {
    std::error_code none;
    if (std::filesystem::is_empty(path, none)) return false;  // SQLite would delete the log beside it
    const Disk disk = has_bad_sectors(path) ? Disk::has_bad_sectors : Disk::gives_all;
    std::unique_ptr<DamagedFile> file;
    try {
        file = std::make_unique<DamagedFile>(path, disk, busy_timeout);
    } catch (const std::exception& error) {
        if (!is_damage(error, disk)) throw;
        return false;
    }
    int tables = 0;
    bool known_table = false;
    recovered.opened = file->each("SELECT name FROM sqlite_master WHERE type = 'table'", [&](Query& row) {
        ++tables;
        const std::string name = row.text_at(0);
        known_table = known_table || name == "records" || name == "day_tallies" || name == "sync_state";
    });
    recovered.ours = !recovered.opened || tables == 0 || known_table;
    if (!recovered.opened || !recovered.ours) return !recovered.ours;
    read_sync_state(*file, recovered);
    read_numbering(*file, found);
    const bool has_records = read_records(*file, found, recovered);
    const bool has_texts = read_texts(*file, found, recovered);
    read_tallies(*file, recovered);
    read_without_record(*file, recovered);
    read_tickets(*file, recovered);
    read_inbox(*file, recovered);
    read_events(*file, recovered);
    return has_records && has_texts;
}

// ---- Without SQLite ------------------------------------------------------------------------------------------------

template <class Type>
const Type* as(const RawRow& row, std::size_t column) {
    return column < row.values.size() ? std::get_if<Type>(&row.values[column]) : nullptr;
}

/// Of a row of the state of delivery, as the schemas had it one after the other.
std::optional<std::int64_t> delivered_in(const RawRow& row) {
    const std::size_t columns = row.values.size();
    const bool is_state = (columns == 6 || columns == 8 || columns == 10) && row.rowid == 1 &&
                          std::holds_alternative<std::monostate>(row.values[0]) && as<RawText>(row, 4);
    const auto* delivered = as<std::int64_t>(row, 1);
    return is_state && delivered ? std::optional(*delivered) : std::nullopt;
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
    if (columns == 3 && as<std::int64_t>(row, 0) && as<RawText>(row, 1) && as<RawBlob>(row, 2))
        found.raw_text(row.newest, *as<std::int64_t>(row, 0), as<RawText>(row, 1)->text, as<RawBlob>(row, 2)->bytes);
    if (const auto delivered = delivered_in(row)) found.raw_delivered(*delivered);
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
    if (const auto delivered = delivered_in(row)) {
        recovered.delivered = std::max(recovered.delivered.value_or(0), *delivered);
        if (const auto* key = as<RawBlob>(row, 7)) recovered.text_key = parse_key_with_sum(key->bytes);
    }
}

}  // namespace

StoreResult<Recovered> recover(const std::filesystem::path& file, const survey::KioskId& kiosk, std::int64_t known_seq,
                               survey::milliseconds busy_timeout) {
    Recovered found;
    Collector collector(found, kiosk);
    try {
        const bool there = std::filesystem::exists(file);
        const bool whole = there && read_through_sqlite(file, collector, found, busy_timeout);
        if (found.ours && (!whole || found.last_seq < known_seq || is_log_damaged(file, busy_timeout))) {
            const bool numbering_known = found.base.has_value();
            each_raw_row(file, [&](const RawRow& row) { take_raw_row(row, collector, found, numbering_known); });
            collector.take_older_texts();
        }
    } catch (const std::exception& error) {
        return unexpected(make_error(survey::sqlite::kind_of(error),
                                     file.string() + ": the damaged file could not be read: " + error.what()));
    }
    std::sort(found.skips.begin(), found.skips.end(),
              [](const Skip& a, const Skip& b) { return a.first_seq < b.first_seq; });
    return found;
}

}  // namespace hailong::kiosk
