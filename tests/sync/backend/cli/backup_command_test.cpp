// Backups, and putting them back, as a person does it.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "sync/backend/store/sqlite/backup.h"
#include "tests/sync/backend/audit/outsider.h"
#include "tests/sync/backend/cli/command_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::must;
using sample::Ran;

class BackupCommand : public sample::Commands {
  protected:
    BackupCommand() { EXPECT_EQ(init().status, 0); }
    std::string folder(const std::string& name) const { return (folder_.path() / name).string(); }
    Ran back_up(const std::string& name = "backup") { return run({"backup", "--data", data(), folder(name)}); }
    Ran restore(const std::string& to, const std::string& from = "backup") {
        return run({"restore", "--data", folder(to), folder(from)});
    }
    /// One more thing in the store.
    void leave(const std::string& detail) {
        const auto store = must(open_sqlite_store(fs::path(data()) / kStoreFile, OpenMode::existing));
        auto transaction = must(store->write());
        sample::add_incident(*transaction, {sample::noon(), {}, IncidentKind::wrong_code, detail, ""});
        must(transaction->commit());
    }
    static std::string bytes(const fs::path& file) { return survey::read_file(file).value(); }
    static std::vector<std::string> names_in(const fs::path& folder) {
        std::vector<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            names.push_back(fs::relative(entry.path(), folder).string());
        std::sort(names.begin(), names.end());
        return names;
    }
    static fs::perms rights(const fs::path& path) { return fs::status(path).permissions() & fs::perms::mask; }
};

TEST_F(BackupCommand, WritesStoreAndKeysForTheirOwnerAloneAndSaysUpToWhen) {
    const Ran ran = back_up();
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("stored before 2026-11-22"), std::string::npos) << ran.out;
    const fs::path backup = folder("backup");
    EXPECT_EQ(names_in(backup), (std::vector<std::string>{"backend.sqlite", "keys", "keys/sign.key", "keys/text.key",
                                                          "keys/text.pub", "keys/transport.key"}));
    EXPECT_EQ(rights(backup), fs::perms::owner_all);
    EXPECT_EQ(rights(backup / "keys"), fs::perms::owner_all);
    for (const char* name : {"backend.sqlite", "keys/sign.key", "keys/text.key"})
        EXPECT_EQ(rights(backup / name), fs::perms::owner_read | fs::perms::owner_write) << name;
}

TEST_F(BackupCommand, HoldsWhatStillStandsInTheLogOfAStoreInUse) {
    const auto used = must(open_sqlite_store(fs::path(data()) / kStoreFile, OpenMode::existing));
    leave("in the log alone");
    ASSERT_EQ(back_up().status, 0);
    const auto copy = must(open_sqlite_store(fs::path(folder("backup")) / kStoreFile, OpenMode::existing));
    EXPECT_EQ(must(must(copy->read())->incidents().newest(9)).back().detail, "in the log alone");
}

TEST_F(BackupCommand, RefusesAFolderThatHoldsSomethingAndLeavesItAlone) {
    write("backup/theirs", "precious");
    const Ran ran = back_up();
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("is not empty, and nothing was written"), std::string::npos) << ran.err;
    EXPECT_EQ(names_in(folder("backup")), std::vector<std::string>{"theirs"});
    fs::create_directories(folder("empty"));
    EXPECT_EQ(back_up("empty/").status, 0) << "an empty one is as good as none";
}

TEST_F(BackupCommand, LeavesNothingWhenItCantBeFinished) {
    const fs::path sign = fs::path(data()) / "keys" / "transport.key";
    fs::remove(sign);
    const Ran ran = back_up();
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("transport.key is missing"), std::string::npos) << ran.err;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        EXPECT_EQ(entry.path().filename().string().find("backup"), std::string::npos) << entry.path();
}

TEST_F(BackupCommand, IsPutBackWordForWordAndSaysSoInTheStore) {
    leave("before");
    ASSERT_EQ(back_up().status, 0);
    leave("after");
    const Ran ran = restore("again/data");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("terminals notice by themselves what this copy lacks"), std::string::npos) << ran.out;
    const fs::path again = folder("again/data");
    for (const char* name : {"sign.key", "transport.key", "text.pub", "text.key"})
        EXPECT_EQ(bytes(again / "keys" / name), bytes(fs::path(data()) / "keys" / name));
    EXPECT_EQ(names_in(again), (std::vector<std::string>{"backend.sqlite", "keys", "keys/sign.key", "keys/text.key",
                                                         "keys/text.pub", "keys/transport.key"}));
    const Ran verified = run({"verify", "--data", again.string()});
    EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
    EXPECT_NE(run({"incidents", "--data", again.string()}).out.find("before"), std::string::npos);
    EXPECT_EQ(run({"incidents", "--data", again.string()}).out.find("after"), std::string::npos);
}

TEST_F(BackupCommand, IsPutBackWithKeysThatWereKeptApart) {
    ASSERT_EQ(back_up().status, 0);
    fs::rename(folder("backup") + "/keys", folder("safe"));
    const Ran without = restore("again");
    EXPECT_EQ(without.status, 1);
    EXPECT_NE(without.err.find("--keys"), std::string::npos) << without.err;
    EXPECT_TRUE(fs::is_empty(folder("again")));
    EXPECT_EQ(run({"restore", "--data", folder("again"), folder("backup"), "--keys", folder("safe")}).status, 0);
}

TEST_F(BackupCommand, IsNeverPutOverAStoreOrItsLogOrItsKeys) {
    ASSERT_EQ(back_up().status, 0);
    for (const char* name : {"backend.sqlite", "backend.sqlite-wal", "keys/sign.key"}) {
        const std::string to = std::string("at-") + std::to_string(std::string(name).size());
        const fs::path there = write(to + "/" + name, "precious");
        const Ran ran = restore(to);
        EXPECT_EQ(ran.status, 1) << name;
        EXPECT_NE(ran.err.find("nothing was changed"), std::string::npos) << ran.err;
        EXPECT_EQ(bytes(there), "precious");
    }
}

TEST_F(BackupCommand, IsNotPutBackWhenItIsDamagedOrOfOtherKeysOrEmpty) {
    ASSERT_EQ(back_up().status, 0);
    const auto copy_of_backup = [&](const std::string& name) {
        fs::copy(folder("backup"), folder(name), fs::copy_options::recursive);
        return fs::path(folder(name));
    };
    const auto expect_refused = [&](const std::string& from, const std::string& words) {
        const Ran ran = restore("again", from);
        EXPECT_EQ(ran.status, 1) << from;
        EXPECT_NE(ran.err.find(words), std::string::npos) << ran.err;
        EXPECT_TRUE(names_in(folder("again")).empty()) << from;
    };
    {
        const fs::path damaged = copy_of_backup("damaged") / kStoreFile;
        std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(fs::file_size(damaged)) / 2);
        file << std::string(6'000, 'x');
    }
    expect_refused("damaged", "take an earlier backup");
    sample::TemporaryFolder other;
    ASSERT_TRUE(make_missing_keys(other.path()));
    fs::copy(other.path() / "keys", copy_of_backup("strange") / "keys",
             fs::copy_options::overwrite_existing | fs::copy_options::recursive);
    expect_refused("strange", "holds other keys than this store's");
    fs::resize_file(copy_of_backup("empty") / kStoreFile, 0);
    expect_refused("empty", "holds nothing");
    expect_refused("nowhere", "nowhere");
}

/// Content changed behind SQLite's back: its pages and indexes are whole.
void alter_content(const fs::path& store) {
    sample::Outsider outsider(store);
    outsider.drop_triggers();
    EXPECT_EQ(outsider.change("UPDATE documents SET revision = revision + 1"), 1);
    EXPECT_GE(outsider.change("UPDATE centers SET json = replace(json, 'B', 'C')"), 1);
}

TEST_F(BackupCommand, IsNotPutBackWhenItsContentWasChangedUnlessSomebodyInsists) {
    ASSERT_EQ(back_up().status, 0);
    alter_content(fs::path(folder("backup")) / kStoreFile);
    const Ran refused = restore("again");
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("DIFFERENCE: "), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("nothing was put in place; take an earlier backup"), std::string::npos) << refused.err;
    EXPECT_TRUE(names_in(folder("again")).empty());
    const Ran insisted = run({"restore", "--accept-damage", "--data", folder("again"), folder("backup")});
    EXPECT_EQ(insisted.status, 0) << insisted.err;
    EXPECT_NE(insisted.err.find("DIFFERENCE: "), std::string::npos) << insisted.err;
    EXPECT_EQ(run({"verify", "--data", folder("again")}).status, 1);
}

TEST_F(BackupCommand, OfADamagedStoreIsWrittenAndSaidToBeDamaged) {
    alter_content(fs::path(data()) / kStoreFile);
    const Ran ran = back_up();
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("was written, but the store it was copied from is damaged"), std::string::npos) << ran.err;
    EXPECT_TRUE(fs::exists(folder("backup") + "/backend.sqlite")) << "there may be nothing better";
}

TEST_F(BackupCommand, IsNamedWhereADocumentIsDamagedAndTheOtherProgramWhereItIsNewer) {
    const auto expect_said = [&](const std::string& change, bool is_damage) {
        SCOPED_TRACE(change);
        fs::remove_all(data());
        ASSERT_EQ(init().status, 0);
        {
            sample::Outsider outsider(fs::path(data()) / kStoreFile);
            const auto triggers = outsider.rows("SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
            outsider.drop_triggers();
            EXPECT_GE(outsider.change(change), 1);
            if (!is_damage) sample::make_sums_fit(fs::path(data()) / kStoreFile);
            for (const auto& trigger : triggers)
                outsider.change(trigger[0]);
        }
        const Ran served =
            run({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--assets", sample::kAssets.string()});
        const Ran verified = run({"verify", "--data", data()});
        EXPECT_EQ(served.status, 1);
        EXPECT_EQ(verified.status, 1);
        for (const std::string& said : {served.err, verified.out + verified.err}) {
            EXPECT_EQ(said.find("hailong-backend restore") != std::string::npos, is_damage) << said;
            EXPECT_EQ(said.find("version of hailong-backend that imported it") != std::string::npos, !is_damage)
                << said;
            EXPECT_EQ(said.find("correct the text"), std::string::npos) << said;
        }
    };
    for (const char* table : {"centers", "questionnaires"}) {
        const std::string update = std::string("UPDATE ") + table + " SET json = ";
        expect_said(update + "replace(json, ':', ';')", true);
        expect_said(update + "replace(json, '\"format\"', '\"fromat\"')", true);
        expect_said(update + "replace(json, '\"format\": 1', '\"format\": 2')", false);
    }
    expect_said("UPDATE centers SET json = replace(json, 'binh-minh', 'binh-ninh')", true);
}

class SavedStore : public BackupCommand {
  protected:
    SavedStore() {
        leave("before");
        const fs::path store = fs::path(data()) / kStoreFile;
        must(copy_sqlite_store(store, folder_.path() / "copy"));
        fs::rename(folder_.path() / "copy", saved());
        fs::remove(store);
        fs::remove(store.string() + "-wal");
    }
    fs::path saved() const { return saved_store_name(fs::path(data()) / kStoreFile, 1); }
    void expect_put_back(const Ran& ran, const std::string& to) {
        EXPECT_EQ(ran.status, 0) << ran.err;
        EXPECT_NE(run({"incidents", "--data", to}).out.find("before"), std::string::npos);
        EXPECT_EQ(run({"verify", "--data", to}).status, 0);
    }
};

TEST_F(SavedStore, IsNamedBeforeAnythingElseIsProposed) {
    for (const Ran& ran : {run({"verify", "--data", data()}), init()}) {
        EXPECT_EQ(ran.status, 1);
        EXPECT_NE(ran.err.find("`hailong-backend restore " + saved().string() + " --data " + data() + "`"),
                  std::string::npos)
            << ran.err;
        EXPECT_NE(ran.err.find("do not run `init`"), std::string::npos) << ran.err;
    }
    EXPECT_FALSE(fs::exists(fs::path(data()) / kStoreFile));
}

TEST_F(SavedStore, IsPutBackWithTheKeysThatLieInItsPlace) {
    const std::string keys = bytes(fs::path(data()) / "keys" / "sign.key");
    const fs::path log = write("data/backend.sqlite-wal", "left");
    EXPECT_EQ(run({"restore", "--data", data(), saved().string()}).status, 1) << "a log is never written over";
    EXPECT_EQ(bytes(log), "left");
    fs::remove(log);
    expect_put_back(run({"restore", "--data", data(), saved().string()}), data());
    EXPECT_EQ(bytes(fs::path(data()) / "keys" / "sign.key"), keys);
    EXPECT_EQ(run({"restore", "--data", data(), saved().string()}).status, 1) << "a store is never written over";
}

TEST_F(SavedStore, IsPutBackByItsFolderAndWithKeysFromElsewhere) {
    fs::create_directories(folder("lost"));
    fs::rename(saved(), fs::path(folder("lost")) / saved().filename());
    fs::rename(fs::path(data()) / "keys", folder("safe"));
    expect_put_back(run({"restore", "--data", folder("again"), folder("lost"), "--keys", folder("safe")}),
                    folder("again"));
}

TEST_F(SavedStore, IsNotPutBackBesideKeysOfAnotherStore) {
    fs::remove_all(fs::path(data()) / "keys");
    ASSERT_TRUE(make_missing_keys(data()));
    const Ran ran = run({"restore", "--data", data(), saved().string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_NE(ran.err.find("holds other keys than this store's"), std::string::npos) << ran.err;
    EXPECT_FALSE(fs::exists(fs::path(data()) / kStoreFile));
}

TEST_F(BackupCommand, VerifyNamesMissingKeysThoseOfAnotherStoreAndAnEmptyStore) {
    const auto verify = [&](const std::string& name) { return run({"verify", "--data", folder(name)}); };
    ASSERT_EQ(back_up().status, 0);
    EXPECT_EQ(verify("backup").status, 0) << "a copy is verified as it lies there";
    fs::remove(folder("backup") + "/keys/sign.key");
    EXPECT_EQ(verify("backup").status, 1);
    EXPECT_NE(verify("backup").out.find("DIFFERENCE: " + folder("backup") + "/keys/sign.key is missing"),
              std::string::npos)
        << verify("backup").out;
    fs::resize_file(folder("backup") + "/backend.sqlite", 0);
    EXPECT_EQ(verify("backup").status, 1);
    EXPECT_NE(verify("backup").err.find("holds nothing"), std::string::npos) << verify("backup").err;
}

}  // namespace
}  // namespace hailong::sync
