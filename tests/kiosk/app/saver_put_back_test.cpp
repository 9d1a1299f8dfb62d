// Somebody puts an older log or index over the journal's while the terminal runs, and it ends before another visit
// comes.
#include <fstream>
#include <map>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "kiosk/app/saver.h"
#include "survey/base/host.h"
#include "tests/kiosk/app/saver_bell.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;

void write_at(const fs::path& path, std::size_t at, const std::string& bytes) {
    std::fstream out(path, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out << bytes;
}

struct PutBack {
    const char* name;
    std::vector<std::string> suffixes;
    void (*happens)(const fs::path& index) = [](const fs::path&) {};  // what else, to the index
};

class PutBackFiles : public ::testing::TestWithParam<PutBack> {
  protected:
    Expected<Journal, StoreError> open(const Opening& opening, std::optional<Journal>& held) const {
        RepairSetup setup{file_, kKiosk, "boot"};
        setup.remembered = opening.remembered;
        auto repaired =
            open_or_repair(setup, survey::UtcTime{survey::milliseconds{1'790'000'000'000}}, opening.look, &held);
        if (!repaired) return unexpected(repaired.error());
        return std::move(repaired->journal);
    }

    tests::TemporaryFolder folder_;
    fs::path file_ = folder_ / "journal.db";
};

TEST_P(PutBackFiles, LoseNoThankedAnswerThoughNobodyComesAnyMore) {
    Bell bell;
    JournalSaver saver([&](const Opening& opening, auto& held) { return open(opening, held); }, {}, bell.ring(),
                       kQuick);
    std::map<std::string, std::string> copies;
    for (std::uint8_t number = 1; number <= 6; ++number) {
        saver.save(response(number), form(), {}, {});
        ASSERT_TRUE(bell.wait_for(saver, 1).front().saved);
        if (number != 3) continue;
        for (const std::string& suffix : GetParam().suffixes)
            copies[suffix] = survey::read_file(file_.string() + suffix).value();
    }
    for (const auto& [suffix, bytes] : copies) {
        write_at(file_.string() + suffix, 0, bytes);
        fs::resize_file(file_.string() + suffix, bytes.size());
    }
    GetParam().happens(file_.string() + "-shm");
    EXPECT_EQ(saver.finish(), 0u);
    std::optional<Journal> none;
    auto journal = open({}, none);
    ASSERT_TRUE(journal) << describe(journal.error());
    EXPECT_EQ(journal->collected(), 6);
    const auto faults = journal->verify();
    ASSERT_TRUE(faults) << describe(faults.error());
    EXPECT_TRUE(faults->empty()) << faults->front();
}

constexpr std::size_t kNewestAt = 16;  // the number of frames
constexpr std::size_t kFoldedAt = 96;
constexpr std::size_t kPagesAt = 136;

INSTANTIATE_TEST_SUITE_P(, PutBackFiles,
                         testing::Values(PutBack{"LogAndIndex", {"-wal", "-shm"}}, PutBack{"Log", {"-wal"}},
                                         PutBack{"Index", {"-shm"}}, PutBack{"FileLogAndIndex", {"", "-wal", "-shm"}},
                                         PutBack{"IndexThatCallsAllFolded",
                                                 {},
                                                 [](const fs::path& index) {
                                                     write_at(index, kFoldedAt,
                                                              survey::read_file(index).value().substr(kNewestAt, 4));
                                                 }},
                                         PutBack{"IndexWithoutPages",
                                                 {},
                                                 [](const fs::path& index) {
                                                     write_at(index, kPagesAt, std::string(32'768 - kPagesAt, '\0'));
                                                 }}),
                         [](const auto& test_case) { return test_case.param.name; });

}  // namespace
}  // namespace hailong::kiosk
