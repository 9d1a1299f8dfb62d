// The backend's files are taken away, replaced or cut short while it serves. It promises nothing more, says so, and
// once a person has put a store in its place, terminals deliver everything.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

struct Loss {
    std::string name;
    void (*happen)(const fs::path& store);
    std::string said;  // in what the backend logs
};

void PrintTo(const Loss& loss, std::ostream* out) {
    *out << loss.name;
}

class LostStore : public ::testing::TestWithParam<Loss> {
  protected:
    LostStore() {
        center_.start();
        fill("bm-tp", 120);
        fill("bm-dd", 90);
    }
    void fill(const std::string& kiosk, int visits) const {
        must({kBin + "hailong-fill", "--config", (center_.terminal(kiosk) / "kiosk.toml").string(), "--visits",
              std::to_string(visits), "--days", "30"});
    }
    int healthy() const {
        return run({"curl", "--silent", "--fail", "--output", "/dev/null", center_.url() + "/healthz"}).exit_code;
    }
    static std::size_t times(const std::string& text, const std::string& words) {
        std::size_t count = 0;
        for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
            ++count;
        return count;
    }

    Center center_{480, 800};
};

/// What an older copy holds comes over the file, in place, as `cp` does it.
void put_back(const fs::path& file) {
    fs::copy_file(file.string() + ".older", file, fs::copy_options::overwrite_existing);
}

TEST_P(LostStore, PromisesNothingMoreAndLosesNothing) {
    for (const char* suffix : {"-wal", "-shm"})
        fs::copy_file(center_.store().string() + suffix, center_.store().string() + suffix + ".older");
    EXPECT_EQ(center_.sync_once("bm-tp").exit_code, 0);
    const fs::path folder = center_.path() / "backup";
    ASSERT_EQ(center_.backend({"backup", folder.string()}).exit_code, 0);
    EXPECT_EQ(healthy(), 0);
    GetParam().happen(center_.store());

    {
        Process sync({kBin + "hailong-sync", "watch", "--config", (center_.terminal("bm-dd") / "sync.toml").string()});
        sync.wait_for(
            [](const std::string& line) { return line.find("the store is not in its place") != std::string::npos; });
        EXPECT_EQ(sync.terminate(), 0);
    }
    EXPECT_EQ(
        must({"sqlite3", (center_.terminal("bm-dd") / "journal.db").string(), "SELECT delivered_seq FROM sync_state"}),
        "0\n")
        << "delivered to a store that is no more";
    EXPECT_NE(healthy(), 0);
    center_.process().wait_for(
        [](const std::string& line) { return line.find("terminals keep what they collect") != std::string::npos; });
    EXPECT_EQ(center_.stop(), 0);
    const std::string log = center_.process().output();
    EXPECT_EQ(times(log, GetParam().said), 1u) << log;
    EXPECT_EQ(times(log, "terminals keep what they collect"), 1u) << log;

    if (fs::exists(center_.path() / "backend")) fs::rename(center_.path() / "backend", center_.path() / "lost");
    ASSERT_EQ(center_.backend({"restore", folder.string()}).exit_code, 0);
    center_.restart();
    for (const char* kiosk : {"bm-tp", "bm-dd"})
        EXPECT_EQ(center_.sync_once(kiosk).exit_code, 0);
    EXPECT_EQ(center_.stop(), 0);
    for (const char* command : {"verify", "reconcile"}) {
        const Ran ran = center_.backend({command});
        EXPECT_EQ(ran.exit_code, 0) << ran.output;
    }
    for (const char* kiosk : {"bm-tp", "bm-dd"}) {
        for (const std::string& finding : audit_terminal(center_, kiosk, {}))
            ADD_FAILURE() << finding;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, LostStore,
    ::testing::Values(
        Loss{"removed", [](const fs::path& store) { fs::remove(store); }, "is gone"},
        Loss{"log_removed", [](const fs::path& store) { fs::remove(store.string() + "-wal"); }, "-wal is gone"},
        Loss{"memory_removed", [](const fs::path& store) { fs::remove(store.string() + "-shm"); }, "-shm is gone"},
        Loss{"cut_short", [](const fs::path& store) { fs::resize_file(store, 0); }, "was cut short"},
        Loss{"log_cut_short", [](const fs::path& store) { fs::resize_file(store.string() + "-wal", 0); },
             "-wal was cut short"},
        Loss{"log_put_back", [](const fs::path& store) { put_back(store.string() + "-wal"); }, "-wal was cut short"},
        Loss{"log_and_memory_put_back",
             [](const fs::path& store) {
                 put_back(store.string() + "-wal");
                 put_back(store.string() + "-shm");
             },
             "was put back"},
        Loss{"replaced",
             [](const fs::path& store) {
                 fs::copy_file(store, store.string() + ".other");
                 fs::rename(store.string() + ".other", store);
             },
             "was replaced by another file"},
        Loss{"folder_moved",
             [](const fs::path& store) { fs::rename(store.parent_path(), store.parent_path().string() + ".away"); },
             "is gone"}),
    [](const auto& loss) { return loss.param.name; });

}  // namespace
}  // namespace hailong::tests
