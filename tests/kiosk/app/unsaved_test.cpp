// Responses that the journal did not take until the end: nothing of them is lost, and none counts twice.
#include "kiosk/app/unsaved.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "kiosk/app/saver.h"
#include "survey/base/host.h"
#include "survey/record.h"
#include "tests/kiosk/app/saver_bell.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

/// Another program that holds the file, until it is let go: nothing can be written.
class Holder {
  public:
    explicit Holder(const std::filesystem::path& file) {
        EXPECT_EQ(sqlite3_open(file.c_str(), &connection_), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(connection_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    ~Holder() { sqlite3_close(connection_); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

  private:
    sqlite3* connection_ = nullptr;
};

class UnsavedResponses : public testing::Test {
  protected:
    UnsavedResponses() {
        EXPECT_TRUE(Journal::open(file, kKiosk)->set_text_key(TextKey{7}));
        spoken.answers.push_back({survey::ItemId{"comment"}, {}, survey::Digest{}});
    }

    /// One life of the program, which gives `responses`.
    void live(const std::vector<survey::Response>& responses) const {
        Bell bell;
        SaverOptions options = kQuick;
        options.unsaved = unsaved;
        JournalSaver saver(
            [this](const Opening&, auto&) { return Journal::open(file, kKiosk, survey::milliseconds{1}); },
            [](const TextKey& key, const std::string& text) {
                return survey::Sealed{survey::sha256(text), "sealed for " + std::to_string(key[0])};
            },
            bell.ring(), options);
        for (const survey::Response& one : responses) {
            const bool speaks = one.answers.size() > 1;
            saver.save(one, form(),
                       speaks ? std::vector{FreeText{survey::ItemId{"comment"}, secret}} : std::vector<FreeText>{}, {});
        }
        saver.probe();
        wait_until(bell, [&] { return saver.probes_done() == 1; });
        EXPECT_EQ(saver.finish(), 0u);
    }
    [[nodiscard]] std::vector<survey::Uuid> ids() const {
        std::vector<survey::Uuid> ids;
        const auto entries = Journal::open(file, kKiosk)->read(1, 99, SIZE_MAX);
        for (const JournalEntry& entry : entries.value())
            ids.push_back(survey::decode(entry.bytes)->response.id);
        return ids;
    }

    tests::TemporaryFolder folder;
    const std::filesystem::path file = folder / "journal.db";
    const UnsavedFile unsaved{file, kKiosk, {form()}};
    const std::string secret = "cháu bị quát";
    survey::Response spoken = response(2);
};

TEST_F(UnsavedResponses, AreKeptBesideTheJournalAndCarriedOverAtTheNextStart) {
    {
        const Holder holder(file);
        live({response(1), spoken});
        live({response(3)});
    }
    EXPECT_TRUE(ids().empty());
    const std::string kept = survey::read_file(unsaved.path()).value();
    EXPECT_EQ(kept.find(secret), std::string::npos);
    live({response(4)});
    const std::vector expected{response(1).id, spoken.id, response(3).id, response(4).id};
    EXPECT_EQ(ids(), expected);
    EXPECT_EQ(Journal::open(file, kKiosk)->texts(1, 4).value(),
              (std::vector{survey::SealedText{2, survey::ItemId{"comment"}, "sealed for 7"}}));
    EXPECT_FALSE(std::filesystem::exists(unsaved.path()));
    ASSERT_TRUE(survey::write_file(unsaved.path(), kept)) << "as if the start had been cut off before it was removed";
    live({});
    EXPECT_EQ(ids(), expected);
}

TEST_F(UnsavedResponses, StayBesideTheJournalWhereNothingCanCountThem) {
    const UnsavedFile others{file, kKiosk, {}};
    survey::Response unknown = response(1);
    unknown.questionnaire.version = 99;
    ASSERT_TRUE(others.add({{unknown, {}}, {response(2), {}}}));
    std::string changed = unsaved_line(kKiosk, {response(3), {}});
    changed[changed.find(R"(\"5\")") + 2] = '4';
    const std::string strange = unsaved_line(survey::KioskId{"bm-dd"}, {response(4), {}});
    const std::string before = survey::read_file(others.path()).value();
    ASSERT_TRUE(survey::write_file(others.path(), before + changed + '\n' + strange + '\n' + strange.substr(0, 90)));
    live({response(5)});
    EXPECT_EQ(ids(), (std::vector{response(2).id, response(5).id}));
    const std::string left = survey::read_file(others.path()).value();
    EXPECT_EQ(left, unsaved_line(kKiosk, {unknown, {}}) + '\n' + changed + '\n' + strange + '\n' +
                        strange.substr(0, 90) + '\n');
    const auto lines = unsaved.read().value();
    ASSERT_EQ(lines.size(), 4u);
    for (const auto& [at, remedy] : {std::pair(0, "put that questionnaire's file into"), std::pair(1, "Keep the file"),
                                     std::pair(2, "move the file beside that terminal's journal")}) {
        EXPECT_THAT(lines[static_cast<std::size_t>(at)].trouble, testing::HasSubstr(remedy));
    }
}

TEST_F(UnsavedResponses, AreCountedAsLostWhereNoFileCanBeWritten) {
    const Holder holder(file);
    std::filesystem::create_directory(unsaved.path());
    Bell bell;
    SaverOptions options = kQuick;
    options.unsaved = unsaved;
    JournalSaver saver([this](const Opening&, auto&) { return Journal::open(file, kKiosk, survey::milliseconds{1}); },
                       {}, bell.ring(), options);
    saver.save(response(1), form(), {}, {});
    saver.save(response(2), form(), {}, {});
    EXPECT_EQ(saver.finish(), 2u);
}

}  // namespace
}  // namespace hailong::kiosk
