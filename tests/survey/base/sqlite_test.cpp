#include "survey/base/sqlite.h"

#include <cerrno>
#include <limits>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "survey/base/uuid.h"
#include "tests/support/temporary_folder.h"

namespace hailong::survey::sqlite {
namespace {

using tests::TemporaryFolder;

StoreError refuse(const std::exception& error) {
    return {kind_of(error), error.what(), "do something"};
}

class SqliteFile : public testing::Test {
  protected:
    SqliteFile() {
        connection_.execute("PRAGMA journal_mode = WAL; CREATE TABLE things (id INTEGER PRIMARY KEY, a, b)");
    }
    [[nodiscard]] std::int64_t count() { return connection_.integer("SELECT count(*) FROM things"); }
    void add(Connection& connection, std::int64_t id) {
        Query(connection, "INSERT INTO things (id) VALUES (?)").integer(id).run();
    }

    const TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_ / "file.db";
    Connection connection_{file_, Access::create, milliseconds{0}};
};

TEST_F(SqliteFile, GivesBackWhatWasBound) {
    const Uuid id{{1, 2, 3, 255}};
    const std::array<std::uint8_t, 2> pair{0, 7};
    const std::string bytes("a\0b", 3);
    Query(connection_, "INSERT INTO things VALUES (1, ?, ?), (2, ?, ?), (3, ?, ?), (4, ?, ?)")
        .text("chữ")
        .blob(bytes)
        .bytes(id)
        .bytes(pair)
        .time(UtcTime{milliseconds{-5}})
        .flag(true)
        .null()
        .date(Date{std::chrono::year{2026}, std::chrono::month{2}, std::chrono::day{3}})
        .run();
    Query row(connection_, "SELECT a, b FROM things ORDER BY id");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text_at(0), "chữ");
    EXPECT_EQ(row.view_at(1), bytes);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.bytes_at<Uuid>(0), id);
    EXPECT_EQ((row.bytes_at<std::array<std::uint8_t, 2>>(1)), pair);
    EXPECT_THROW((void)row.bytes_at<Uuid>(1), Damage);
    EXPECT_THROW((void)row.date_at(0), Damage);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.time_at(0), UtcTime{milliseconds{-5}});
    EXPECT_TRUE(row.flag_at(1));
    ASSERT_TRUE(row.step());
    EXPECT_TRUE(row.is_null(0));
    EXPECT_EQ(to_string(row.date_at(1)), "2026-02-03");
    EXPECT_FALSE(row.step());
    EXPECT_FALSE(row.step()) << "it does not begin anew";
}

TEST_F(SqliteFile, TellsEmptyTextFromNothing) {
    Query(connection_, "INSERT INTO things VALUES (1, ?, ?)").text(std::string_view()).blob(std::string_view()).run();
    EXPECT_EQ(connection_.integer("SELECT count(*) FROM things WHERE a = '' AND b = x''"), 1);
}

TEST_F(SqliteFile, ForgetsWhatAnEarlierUseBound) {
    for (const bool bind : {true, false}) {
        Query row(connection_, "INSERT INTO things (a) VALUES (?)");
        if (bind) row.integer(7);
        EXPECT_EQ(row.run(), 1);
    }
    EXPECT_EQ(connection_.integer("SELECT count(*) FROM things WHERE a IS NULL"), 1);
}

TEST_F(SqliteFile, GivesBackNothingWhereNothingWasBound) {
    const std::optional<Uuid> id = Uuid{{1, 2, 3, 255}};
    const std::optional<Uuid> no_id;
    const std::optional<UtcTime> time = UtcTime{milliseconds{7}};
    {
        Query add(connection_, "INSERT INTO things VALUES (?, ?, ?)");
        add.integer(1).bytes_or_null(id).time_or_null(time).run();
        add.again().integer(2).bytes_or_null(no_id).time_or_null(std::nullopt).run();
        add.again().integer(3).text_or_null(std::string_view()).text_or_null(std::string_view("chữ")).run();
    }
    Query row(connection_, "SELECT a, b FROM things ORDER BY id");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.bytes_or_null_at<Uuid>(0), id);
    EXPECT_EQ(row.time_or_null_at(1), time);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.bytes_or_null_at<Uuid>(0), std::nullopt);
    EXPECT_EQ(row.time_or_null_at(1), std::nullopt);
    ASSERT_TRUE(row.step());
    EXPECT_TRUE(row.is_null(0));
    EXPECT_EQ(row.view_at(1), "chữ");
}

TEST_F(SqliteFile, RunsAQueryAgainFromItsBeginning) {
    for (std::int64_t id = 1; id <= 3; ++id)
        add(connection_, id);
    Query row(connection_, "SELECT id FROM things WHERE id >= ? ORDER BY id LIMIT ?");
    row.integer(2).limit(std::numeric_limits<std::size_t>::max());
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer_at(0), 2);
    EXPECT_TRUE(row.step());
    EXPECT_FALSE(row.step());
    row.again().integer(1).limit(1);
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer_at(0), 1);
    EXPECT_FALSE(row.step()) << "no more than the limit";
    EXPECT_FALSE(row.again().integer(1).limit(0).step());
}

TEST_F(SqliteFile, CountsTheRowsThatWereTouched) {
    for (std::int64_t id = 1; id <= 3; ++id)
        add(connection_, id);
    EXPECT_EQ(Query(connection_, "UPDATE things SET a = 1 WHERE id > 1").run(), 2);
    EXPECT_EQ(connection_.changes(), 2);
    EXPECT_EQ(count(), 3);
    EXPECT_EQ(connection_.changes(), 2) << "reading touches none";
    EXPECT_FALSE(connection_.try_execute("no SQL"));
    EXPECT_TRUE(connection_.try_execute("DELETE FROM things"));
    EXPECT_EQ(connection_.changes(), 3);
}

TEST_F(SqliteFile, LeavesNoStatementOpenWhenAStepThrows) {
    add(connection_, 1);
    add(connection_, 2);
    try {
        Query row(connection_, "SELECT id FROM things");
        ASSERT_TRUE(row.step());
        throw Damage("in the middle");
    } catch (const Damage&) {
    }
    connection_.execute("DROP TABLE things");  // refused while a row is being read
}

TEST_F(SqliteFile, ReadsTheSameStatementWithinItself) {
    for (std::int64_t id = 1; id <= 3; ++id)
        add(connection_, id);
    std::int64_t pairs = 0;
    const auto all = [&](auto& self, int depth) -> void {
        Query row(connection_, "SELECT id FROM things");
        while (row.step()) {
            ++pairs;
            if (depth > 0) self(self, depth - 1);
        }
    };
    all(all, 1);
    EXPECT_EQ(pairs, 3 + 9);
}

TEST_F(SqliteFile, RollsBackWhatIsNotCommitted) {
    {
        Transaction transaction(connection_);
        add(connection_, 1);
        EXPECT_TRUE(connection_.in_transaction());
    }
    EXPECT_FALSE(connection_.in_transaction());
    EXPECT_EQ(count(), 0);
    {
        Transaction transaction(connection_);
        add(connection_, 1);
        transaction.commit();
    }
    EXPECT_EQ(count(), 1);
}

TEST_F(SqliteFile, GoesOnAfterAnErrorThatEndedTheTransaction) {
    add(connection_, 1);
    {
        Transaction transaction(connection_);
        EXPECT_THROW(Query(connection_, "INSERT OR ROLLBACK INTO things (id) VALUES (1)").run(), Error);
        EXPECT_FALSE(connection_.in_transaction()) << "SQLite itself has ended it";
    }
    Transaction transaction(connection_);
    add(connection_, 2);
    transaction.commit();
    EXPECT_EQ(count(), 2);
}

TEST_F(SqliteFile, UndoesASavepointThatIsNotKept) {
    Transaction transaction(connection_);
    add(connection_, 1);
    {
        Savepoint kept(connection_);
        add(connection_, 2);
        {
            const Savepoint undone(connection_);
            add(connection_, 3);
        }
        kept.keep();
    }
    transaction.commit();
    EXPECT_EQ(connection_.text("SELECT group_concat(id) FROM things"), "1,2");
}

TEST_F(SqliteFile, SetsNoSavepointOutsideOfATransaction) {
    const auto lost = [&] { return guarded([&] { const Savepoint savepoint(connection_); }, refuse); };
    ASSERT_FALSE(lost());
    EXPECT_EQ(lost().error().kind, StoreErrorKind::io);
    EXPECT_FALSE(connection_.in_transaction());
    add(connection_, 1);
    {
        const Transaction transaction(connection_);
        EXPECT_TRUE(lost());
        const Savepoint ended(connection_);
        EXPECT_THROW(Query(connection_, "INSERT OR ROLLBACK INTO things (id) VALUES (1)").run(), Error);
        EXPECT_FALSE(lost()) << "SQLite itself has ended it";
        EXPECT_THROW(connection_.expect_transaction(), Error);
    }
    EXPECT_EQ(count(), 1);
}

TEST_F(SqliteFile, ReadsOneStateInATransaction) {
    Connection other(file_, Access::write, milliseconds{0});
    const Transaction same_state(connection_, Transaction::Kind::read);
    EXPECT_EQ(count(), 0);
    add(other, 1);
    EXPECT_EQ(count(), 0);
}

TEST_F(SqliteFile, SaysByKindWhatWasRefused) {
    const auto kind = [&](Connection& connection, const char* sql) {
        const auto done = guarded([&] { connection.execute(sql); }, refuse);
        return done ? std::string("nothing") : name(done.error().kind);
    };
    add(connection_, 1);
    EXPECT_EQ(kind(connection_, "INSERT INTO things (id) VALUES (1)"), "conflict");
    EXPECT_EQ(kind(connection_, "SELECT * FROM nowhere"), "corrupt");
    Connection other(file_, Access::write, milliseconds{0});
    const Transaction transaction(other);
    EXPECT_EQ(kind(connection_, "BEGIN IMMEDIATE"), "busy");
    Connection reader(file_, Access::read, milliseconds{0});
    EXPECT_TRUE(reader.is_read_only());
    EXPECT_EQ(kind(reader, "INSERT INTO things (id) VALUES (2)"), "read_only");
    EXPECT_EQ(kind(connection_, "SELECT count(*) FROM things"), "nothing");
}

TEST_F(SqliteFile, KnowsThatItWasMoved) {
    EXPECT_FALSE(connection_.has_moved());
    std::filesystem::rename(file_, folder_ / "elsewhere.db");
    EXPECT_TRUE(connection_.has_moved());
}

TEST(SqliteOpen, SaysWhyAFileCantBeOpened) {
    const TemporaryFolder folder;
    const auto opened = [&](const std::filesystem::path& file, Access access) {
        return guarded([&] { const Connection connection(file, access, milliseconds{0}); }, refuse);
    };
    EXPECT_EQ(opened(folder / "none" / "file.db", Access::create).error().kind, StoreErrorKind::read_only);
    EXPECT_EQ(opened(folder / "none.db", Access::write).error().kind, StoreErrorKind::read_only);
    EXPECT_TRUE(opened(folder / "new.db", Access::create));
}

TEST(SqliteKind, GoesByTheCodeAndTheSystem) {
    EXPECT_EQ(kind_of_result(SQLITE_BUSY_SNAPSHOT, 0), StoreErrorKind::busy);
    EXPECT_EQ(kind_of_result(SQLITE_FULL, 0), StoreErrorKind::full);
    EXPECT_EQ(kind_of_result(SQLITE_IOERR_SHMSIZE, ENOSPC), StoreErrorKind::full);
    EXPECT_EQ(kind_of_result(SQLITE_IOERR, EACCES), StoreErrorKind::io);
    EXPECT_EQ(kind_of_result(SQLITE_IOERR_SHORT_READ, 0), StoreErrorKind::corrupt);
    EXPECT_EQ(kind_of_result(SQLITE_CANTOPEN, EACCES), StoreErrorKind::read_only);
    EXPECT_EQ(kind_of_result(SQLITE_CANTOPEN, EMFILE), StoreErrorKind::io);
    EXPECT_EQ(kind_of_result(SQLITE_NOTADB, 0), StoreErrorKind::corrupt);
    EXPECT_EQ(kind_of_result(SQLITE_CONSTRAINT_TRIGGER, 0), StoreErrorKind::conflict);
    EXPECT_EQ(kind_of(Error(StoreErrorKind::full, "no room")), StoreErrorKind::full);
    EXPECT_EQ(kind_of(Damage("wrong")), StoreErrorKind::corrupt);
    EXPECT_EQ(kind_of(std::runtime_error("anything")), StoreErrorKind::io);
}

TEST(SqliteWall, TakesValuesNothingAndResultsOfItsOwn) {
    EXPECT_EQ(guarded([] { return 7; }, refuse), 7);
    EXPECT_TRUE(guarded([] {}, refuse));
    const StoreError own{StoreErrorKind::newer, "newer", "update"};
    const StoreResult<int> refused = guarded([&]() -> StoreResult<int> { return unexpected(own); }, refuse);
    EXPECT_EQ(refused.error(), own);
    const StoreResult<int> thrown = guarded([]() -> int { throw Damage("wrong"); }, refuse);
    EXPECT_EQ(thrown.error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(thrown.error().what, "wrong");
}

}  // namespace
}  // namespace hailong::survey::sqlite
