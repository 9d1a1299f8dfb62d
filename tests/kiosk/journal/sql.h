// The journal's file as a stranger with SQLite meets it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace hailong::test {

/// Runs SQL on the file as a stranger would; the test fails when SQLite refuses it and `result` is not expected.
inline void run_sql(const std::filesystem::path& file, const std::string& sql, int expected = SQLITE_OK) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message), expected) << sql << ": " << message;
    sqlite3_free(message);
    sqlite3_close(connection);
}

/// The one number that a query gives; -1 when it gives none.
inline std::int64_t number_by_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    sqlite3_stmt* row = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(connection, sql.c_str(), -1, &row, nullptr), SQLITE_OK) << sql;
    const std::int64_t number = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
    sqlite3_finalize(row);
    sqlite3_close(connection);
    return number;
}

/// Every row that a query gives, its columns as text with | between them.
inline std::vector<std::string> rows_by_sql(const std::filesystem::path& file, const std::string& sql) {
    std::vector<std::string> rows;
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    sqlite3_stmt* row = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(connection, sql.c_str(), -1, &row, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(row) == SQLITE_ROW) {
        std::string text;
        for (int column = 0; column < sqlite3_column_count(row); ++column) {
            sqlite3_value* value = sqlite3_column_value(row, column);
            const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
            const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
            text += (column == 0 ? "" : "|") + std::string(bytes == nullptr ? "" : bytes, size);
        }
        rows.push_back(text);
    }
    sqlite3_finalize(row);
    sqlite3_close(connection);
    return rows;
}

/// The schema that the first release wrote (user_version 1). Never changes.
inline const char* first_schema() {
    return R"sql(
CREATE TABLE identity (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    kiosk TEXT NOT NULL
) STRICT;

CREATE TABLE records (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    bytes TEXT NOT NULL
) STRICT;
-- The id is asked for here too, because INSERT OR REPLACE would remove the older row without asking a DELETE trigger.
CREATE TRIGGER records_follow_each_other BEFORE INSERT ON records
WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM records) OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a record takes the next number and an id of its own'); END;
CREATE TRIGGER records_never_change BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER records_never_go BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE day_tallies (
    day           TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    tally         TEXT NOT NULL,
    PRIMARY KEY (day, questionnaire, version, flagged, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    delivered_seq    INTEGER NOT NULL,
    last_attempt_ms  INTEGER NOT NULL,
    last_success_ms  INTEGER,
    last_error       TEXT NOT NULL,
    server_offset_ms INTEGER
) STRICT;
INSERT INTO sync_state VALUES (1, 0, 0, NULL, '', NULL);

CREATE TABLE inbox_documents (
    name        TEXT PRIMARY KEY,
    body        TEXT NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE inbox_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version TEXT NOT NULL
) STRICT;
INSERT INTO inbox_state VALUES (1, '');
)sql";
}

}  // namespace hailong::test
