#include "tests/faults/audit.h"

#include <array>
#include <fstream>
#include <map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "kiosk/journal/journal.h"
#include "survey/base/command_line.h"
#include "survey/time_evidence.h"
#include "sync/backend/store/packing.h"
#include "sync/backend/store/tally_codec.h"

namespace hailong::tests {
namespace {

/// Most tries until everything is delivered: a network that drops a third of everything needs a few.
constexpr int kTriesMax = 20;

struct Row {
    std::string id;  // hexadecimal
    std::string bytes;
    bool operator==(const Row&) const = default;
};
using Rows = std::map<std::int64_t, Row>;

/// What `sql` finds: seq, id in hexadecimal, bytes.
Rows rows(const std::filesystem::path& file, const std::string& sql) {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
    SQLite::Statement query(database, sql);
    Rows found;
    while (query.executeStep()) {
        const SQLite::Column bytes = query.getColumn(2);
        found[query.getColumn(0).getInt64()] = {
            query.getColumn(1).getString(),
            std::string(static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes()))};
    }
    return found;
}

Rows journal_rows(const std::filesystem::path& journal) {
    return rows(journal, "SELECT seq, lower(hex(id)), CAST(bytes AS BLOB) FROM records ORDER BY seq");
}

std::int64_t number(const std::filesystem::path& file, const std::string& sql) {
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY, 5'000);
    return database.execAndGet(sql).getInt64();
}

/// The backend's place of a record is the number of its kiosk, and the sequence number in the lower 40 bits.
std::string of_kiosk(const std::string& kiosk) {
    return " FROM records WHERE place >> 40 = (SELECT number FROM kiosks WHERE kiosk = '" + kiosk + "')";
}

Rows backend_rows(const std::filesystem::path& store, const std::string& kiosk) {
    Rows found = rows(store, "SELECT place & ((1 << 40) - 1), lower(hex(id)), bytes" + of_kiosk(kiosk));
    for (auto& [seq, row] : found)
        row.bytes = sync::unpack(row.bytes).value_or("bytes that can't be unpacked");
    return found;
}

/// Whole visits by day, flagged ones too: each response once.
std::int64_t visits_counted(const std::filesystem::path& store) {
    std::int64_t counted = 0;
    for (const auto& [place, row] : rows(store,
                                         "SELECT row_number() OVER (), '', tally FROM tallies "
                                         "WHERE grain = 0 AND kind = 0")) {
        const auto tally = sync::decode_tally(row.bytes);
        counted += tally ? tally->responses : 0;
    }
    return counted;
}

/// Differences told in words; more tell a person nothing new.
constexpr std::size_t kToldMax = 10;

void compare(const Rows& journal, const Rows& backend, const std::string& kiosk, Kept kept,
             std::vector<std::string>& findings) {
    const auto tell = [&](std::int64_t seq, const std::string& what) {
        if (findings.size() < kToldMax) findings.push_back(kiosk + ": record " + std::to_string(seq) + " " + what);
    };
    for (const auto& [seq, row] : journal) {
        const auto found = backend.find(seq);
        if (found == backend.end()) {
            tell(seq, "is lost: the backend does not hold it");
        } else if (found->second.bytes != row.bytes) {
            tell(seq, "is altered: the backend holds other bytes");
        }
    }
    if (kept == Kept::what_was_left) return;
    for (const auto& [seq, row] : backend) {
        if (journal.count(seq) == 0) tell(seq, "is held by the backend, and the terminal never had it");
    }
}

}  // namespace

std::string newest_id(const std::filesystem::path& journal) {
    try {
        SQLite::Database database(journal.string(), SQLite::OPEN_READONLY, 5'000);
        SQLite::Statement query(database, "SELECT lower(hex(id)) FROM records ORDER BY seq DESC LIMIT 1");
        return query.executeStep() ? query.getColumn(0).getString() : std::string();
    } catch (const SQLite::Exception&) {
        return {};  // not there yet
    }
}

Stored stored(const Center& center, const std::string& kiosk) {
    return stored(center, kiosk, center.store());
}

Stored stored(const Center& center, const std::string& kiosk, const std::filesystem::path& store) {
    const std::filesystem::path journal = center.terminal(kiosk) / "journal.db";
    return {number(journal, "SELECT count(*) FROM records"), number(journal, "SELECT delivered_seq FROM sync_state"),
            number(store, "SELECT count(*)" + of_kiosk(kiosk))};
}

std::string inbox_version(const Center& center, const std::string& kiosk) {
    SQLite::Database database((center.terminal(kiosk) / "journal.db").string(), SQLite::OPEN_READONLY, 5'000);
    return database.execAndGet("SELECT version FROM inbox_state").getString();
}

Trust trust(const Center& center) {
    SQLite::Database database(center.store().string(), SQLite::OPEN_READONLY, 5'000);
    SQLite::Statement query(database, "SELECT trust, count(*) FROM records GROUP BY trust");
    Trust found;
    // As the store writes them: 1, 2, 3; nothing for what is not counted.
    using survey::TimeTrust;
    static constexpr std::array kTrusts = {TimeTrust::trusted, TimeTrust::corrected, TimeTrust::doubtful};
    while (query.executeStep()) {
        const auto number = static_cast<std::size_t>(query.getColumn(0).getInt64());
        const bool is_known = number >= 1 && number <= kTrusts.size();
        found[is_known ? std::string(survey::name(kTrusts[number - 1])) : ""] = query.getColumn(1).getInt64();
    }
    return found;
}

std::int64_t counted_elsewhen(const Center& center, std::chrono::milliseconds most_before) {
    return number(center.store(),
                  "SELECT count(*) FROM records WHERE counted_ms > received_ms OR counted_ms < received_ms - " +
                      std::to_string(most_before.count()));
}

std::vector<std::string> deliver_all(const Center& center, const std::string& kiosk,
                                     const std::vector<std::string>& enter) {
    Ran ran;
    for (int tries = 0; tries < kTriesMax; ++tries) {
        ran = center.sync_once(kiosk, enter);
        if (ran.exit_code == 0) return {};
        if (ran.exit_code != static_cast<int>(survey::ExitStatus::try_again)) break;
    }
    return {kiosk + ": is not delivered, exit code " + std::to_string(ran.exit_code) + ": " + ran.output};
}

Promised not_stored(const Center& center, const std::string& kiosk, const Promised& promised) {
    Promised missing = promised;
    for (const auto& [seq, row] : backend_rows(center.store(), kiosk))
        missing.erase(row.id);
    return missing;
}

Promised promised_in(const std::filesystem::path& file) {
    Promised ids;
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);)
        ids.insert(line);
    return ids;
}

std::vector<std::string> audit_terminal(const Center& center, const std::string& kiosk, const Promised& promised,
                                        Kept kept) {
    std::vector<std::string> findings;
    const std::filesystem::path file = center.terminal(kiosk) / "journal.db";
    const auto journal = kiosk::Journal::open(file, {kiosk});
    if (!journal) return {kiosk + ": " + kiosk::describe(journal.error())};
    const auto faults = journal->verify();
    if (!faults) return {kiosk + ": " + kiosk::describe(faults.error())};
    for (const std::string& fault : *faults)
        findings.push_back(kiosk + ": the journal: " + fault);

    const Rows own = journal_rows(file);
    const Rows theirs = backend_rows(center.store(), kiosk);
    compare(own, theirs, kiosk, kept, findings);
    std::set<std::string> ids;
    for (const auto& [seq, row] : theirs) {
        if (!ids.insert(row.id).second) findings.push_back(kiosk + ": response " + row.id + " is held twice");
    }
    if (const Promised missing = not_stored(center, kiosk, promised); !missing.empty()) {
        findings.push_back(kiosk + ": " + std::to_string(missing.size()) +
                           " responses were thanked for and are not held, the first " + *missing.begin());
    }
    if (stored(center, kiosk).delivered != (own.empty() ? 0 : own.rbegin()->first)) {
        findings.push_back(kiosk + ": not everything is marked as delivered");
    }
    return findings;
}

Accounts& Accounts::operator+=(const Accounts& other) {
    promised += other.promised;
    records += other.records;
    lost += other.lost;
    doubled += other.doubled;
    altered += other.altered;
    return *this;
}

Accounts accounts_of(const Center& center, const std::string& kiosk, const Promised& promised) {
    const Rows theirs = backend_rows(center.store(), kiosk);
    std::map<std::string, std::int64_t> held;
    for (const auto& [seq, row] : theirs)
        held[row.id] += 1;
    Accounts accounts;
    accounts.promised = static_cast<std::int64_t>(promised.size());
    accounts.records = static_cast<std::int64_t>(theirs.size());
    Promised wanted = promised;
    for (const auto& [seq, row] : journal_rows(center.terminal(kiosk) / "journal.db")) {
        wanted.insert(row.id);
        const auto found = theirs.find(seq);
        if (found != theirs.end() && found->second.bytes != row.bytes) accounts.altered += 1;
    }
    for (const std::string& id : wanted)
        accounts.lost += held.contains(id) ? 0 : 1;
    for (const auto& [id, times] : held)
        accounts.doubled += times - 1;
    return accounts;
}

std::vector<std::string> audit_backend(const Center& center) {
    std::vector<std::string> findings;
    const Ran verified = center.backend({"verify"});
    if (verified.exit_code != 0) findings.push_back("verify finds: " + verified.output);
    if (run({kBin + "hailong-backend", "--help"}).output.find("reconcile") != std::string::npos) {
        const Ran reconciled = center.backend({"reconcile"});
        if (reconciled.exit_code != 0) findings.push_back("reconcile finds: " + reconciled.output);
    }
    const std::filesystem::path store = center.store();
    const std::int64_t records = number(store, "SELECT count(*) FROM records");
    const std::int64_t quarantined = number(store, "SELECT count(*) FROM records WHERE reason IS NOT NULL");
    const std::int64_t ids = number(store, "SELECT count(DISTINCT id) FROM records");
    const std::int64_t counted = visits_counted(store);
    if (ids != records)
        findings.push_back("of " + std::to_string(records) + " records only " + std::to_string(ids) + " are different");
    if (counted + quarantined != records) {
        findings.push_back("held are " + std::to_string(records) + " records, counted " + std::to_string(counted) +
                           ", quarantined " + std::to_string(quarantined));
    }
    // Everything that these tests do is an honest visit, whatever clock it was taken under.
    if (quarantined != 0) findings.push_back(std::to_string(quarantined) + " records were quarantined");
    const std::int64_t incidents = number(store, "SELECT count(*) FROM incidents");
    if (incidents != 0) {
        findings.push_back("there are " + std::to_string(incidents) + " incidents, the first: " +
                           SQLite::Database(store.string(), SQLite::OPEN_READONLY, 5'000)
                               .execAndGet("SELECT kind || ': ' || detail FROM incidents ORDER BY rowid LIMIT 1")
                               .getString());
    }
    return findings;
}

}  // namespace hailong::tests
