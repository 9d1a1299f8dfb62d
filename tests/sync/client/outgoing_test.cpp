#include "sync/client/outgoing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/client/world.h"

namespace hailong::sync {
namespace {

using test::response;
using test::ward5;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OutgoingTest : public testing::Test {
  protected:
    OutgoingTest() { clock_.utc = response(1).started.utc; }
    void answer(std::int64_t first, std::int64_t last) {
        for (std::int64_t n = first; n <= last; ++n)
            ASSERT_TRUE(journal_.append(response(n), ward5()));
    }
    /// A response with free text, sealed in texts of so many bytes.
    void answer_with_texts(std::int64_t n, std::vector<std::size_t> sizes) {
        survey::Response made = response(n);
        std::vector<survey::SealedText> texts;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const survey::ItemId item{"texts-" + std::to_string(i)};
            made.answers.push_back({item, {}, survey::sha256(std::to_string(n) + item.text)});
            texts.push_back({0, item, std::string(sizes[i], static_cast<char>('a' + i))});
        }
        ASSERT_TRUE(journal_.append(made, ward5(), texts));
    }
    /// As after a disk was repaired.
    void skip(std::int64_t first, std::int64_t last, const std::string& reason) {
        test::run_sql(folder_ / "journal.db", "INSERT INTO skips (first_seq, last_seq, reason) VALUES (" +
                                                  std::to_string(first) + ", " + std::to_string(last) + ", '" + reason +
                                                  "')");
    }
    Expected<std::optional<Outgoing>, Exchange> pack(std::int64_t wanted, Way way = Way::network,
                                                     std::size_t records_max = kBatchRecordsMax) {
        return pack_batch(journal_, {test::kKiosk, key_, boot_}, clock_, way, wanted, records_max);
    }
    Batch batch(const Outgoing& out) { return decode_batch(out.body).value(); }
    /// The sequence numbers of all batches from `wanted` on, each "first-last".
    std::vector<std::string> batches(std::int64_t wanted) {
        std::vector<std::string> found;
        while (true) {
            const auto out = pack(wanted);
            EXPECT_TRUE(out) << out.error().what;
            if (!out || !*out) return found;
            found.push_back(std::to_string((*out)->header.first_seq) + "-" + std::to_string((*out)->last_seq));
            wanted = (*out)->last_seq + 1;
        }
    }

    test::TemporaryFolder folder_;
    kiosk::Journal journal_ = test::open_journal(folder_ / "journal.db");
    tests::FakeClock clock_;
    survey::SignSecretKey key_ = survey::make_sign_key();
    std::string boot_ = "this-start";
};

TEST_F(OutgoingTest, IsSignedWithTheTerminalsKey) {
    answer(1, 3);
    const auto out = pack(1);
    ASSERT_TRUE(out && *out);
    const Batch sent = batch(**out);
    EXPECT_TRUE(is_signed_by(sent.header_bytes, sent.signature, survey::public_half(key_)));
    EXPECT_EQ(sent.records.size(), 3U);
    EXPECT_EQ(sent.header.last_hash, journal_.head()->hash);
}

TEST_F(OutgoingTest, SaysNoMonotonicTimeInAnOfflineBundle) {
    answer(1, 1);
    EXPECT_EQ(pack(1)->value().header.sent_monotonic, clock_.monotonic().time_since_epoch());
    EXPECT_EQ(pack(1, Way::offline)->value().header.sent_monotonic, std::nullopt);
    EXPECT_EQ(pack(1, Way::offline)->value().header.boot, "this-start");
}

TEST_F(OutgoingTest, CountsTheLastDays) {
    answer(1, 3);
    const auto today = std::chrono::sys_days{survey::local_date(clock_.utc)};
    EXPECT_THAT(pack(1)->value().header.counters.days, ElementsAre(testing::Pair(survey::Date{today}, 3)));
    survey::Response later = response(4);
    later.finished.utc += std::chrono::days{kCountedDays - 1};
    ASSERT_TRUE(journal_.append(later, ward5()));
    clock_.utc = later.finished.utc;
    EXPECT_EQ(pack(4)->value().header.counters.days.size(), 2U);
    clock_.utc += std::chrono::days{1};
    EXPECT_EQ(pack(4)->value().header.counters.days.size(), 1U);
    clock_.utc = survey::UtcTime{};  // a clock that was never set
    EXPECT_TRUE(pack(1)->has_value());
}

TEST_F(OutgoingTest, CountsTheDaysOfItsRecordsHoweverWrongTheClockIs) {
    answer(1, 3);
    const survey::Date day = survey::local_date(clock_.utc);
    for (const int years : {-10, 10}) {
        clock_.utc = response(1).started.utc + std::chrono::days{365 * years};
        EXPECT_THAT(pack(2)->value().header.counters.days, ElementsAre(testing::Pair(day, 3))) << years;
    }
}

TEST_F(OutgoingTest, HoldsNothingWhenNothingWaits) {
    EXPECT_EQ(pack(1).value(), std::nullopt);
    answer(1, 2);
    EXPECT_EQ(pack(3).value(), std::nullopt);
}

TEST_F(OutgoingTest, CarriesTheTextsOfItsRecordsAndNoOthers) {
    answer(1, 1);
    answer_with_texts(2, {100, 200});
    answer_with_texts(3, {300});
    const Batch first = batch(pack(1, Way::network, 2)->value());
    EXPECT_THAT(first.texts, ElementsAre(survey::SealedText{2, {"texts-0"}, std::string(100, 'a')},
                                         survey::SealedText{2, {"texts-1"}, std::string(200, 'b')}));
    EXPECT_THAT(batch(pack(3)->value()).texts, ElementsAre(survey::SealedText{3, {"texts-0"}, std::string(300, 'a')}));
}

TEST_F(OutgoingTest, KeepsWithinTheBytesOfABatchWithItsTexts) {
    for (std::int64_t n = 1; n <= 30; ++n)
        answer_with_texts(n, std::vector<std::size_t>(survey::kSealedTextsMax, survey::kSealedTextBytesMax));
    std::int64_t wanted = 1;
    while (wanted <= 30) {
        const auto out = pack(wanted);
        ASSERT_TRUE(out && *out);
        EXPECT_LE((*out)->body.size(), kBatchBytesMax);
        EXPECT_GT((*out)->body.size(), wanted + 11 > 30 ? 0 : kBatchBytesMax * 8 / 10) << "but it is well filled";
        EXPECT_EQ(batch(**out).texts.size(), static_cast<std::size_t>((*out)->header.count) * survey::kSealedTextsMax);
        wanted = (*out)->last_seq + 1;
    }
}

TEST_F(OutgoingTest, KeepsWithinTheNumberOfTexts) {
    for (std::int64_t n = 1; n <= 130; ++n)
        answer_with_texts(n, std::vector<std::size_t>(survey::kSealedTextsMax, 1));
    EXPECT_THAT(batches(1), ElementsAre("1-125", "126-130"));
}

// ---- numbers without records ----

TEST_F(OutgoingTest, NeverCrossesASkip) {
    answer(1, 1);
    skip(2, 3, "renumbered");
    skip(4, 6, "unknown");
    answer(2, 4);
    EXPECT_THAT(batches(1), ElementsAre("1-1", "7-9"));
    const auto out = pack(2)->value();
    EXPECT_EQ(out.header.previous_hash, survey::kChainStart);
    EXPECT_THAT(out.header.skipped, ElementsAre(survey::Skip{2, 3, survey::SkipReason::renumbered},
                                                survey::Skip{4, 6, survey::SkipReason::unknown}));
    EXPECT_THAT(pack(1)->value().header.skipped, IsEmpty()) << "only what lies below";
    EXPECT_EQ(pack(5)->value().header, out.header) << "wanted from within a skip";
}

TEST_F(OutgoingTest, CountsAnswersAndNotNumbers) {
    answer(1, 1);
    skip(2, 3, "renumbered");
    skip(4, 6, "unknown");
    answer(2, 3);
    test::deliver(journal_, 7);
    const Counters counters = pack(8)->value().header.counters;
    EXPECT_EQ(counters.collected, 3);
    EXPECT_EQ(counters.delivered, 2);
}

TEST_F(OutgoingTest, JoinsSkipsThatTouch) {
    answer(1, 2);
    ASSERT_EQ(journal_.renumber_after(1, survey::sha256("a")), 2);  // 3, 4
    ASSERT_EQ(journal_.renumber_after(1, survey::sha256("b")), 2);  // 5, 6
    EXPECT_THAT(pack(1)->value().header.skipped, ElementsAre(survey::Skip{1, 4, survey::SkipReason::renumbered}));
}

TEST_F(OutgoingTest, NamesTheLastSkipsWhenThereAreMoreThanAHeaderTakes) {
    answer(1, 1);
    for (std::int64_t n = 0; n < 70; ++n) {
        const std::int64_t seq = 10 + n * 3;
        test::run_sql(folder_ / "journal.db", ("INSERT INTO skips VALUES (" + std::to_string(seq) + "," +
                                               std::to_string(seq) + ",'" + (n % 2 == 0 ? "damaged" : "unknown") + "')")
                                                  .c_str());
    }
    test::run_sql(folder_ / "journal.db", "INSERT INTO skips VALUES (2, 9, 'damaged')");
    for (std::int64_t n = 0; n < 69; ++n) {
        const std::int64_t seq = 11 + n * 3;
        test::run_sql(folder_ / "journal.db", ("INSERT INTO skips VALUES (" + std::to_string(seq) + "," +
                                               std::to_string(seq + 1) + ",'renumbered')")
                                                  .c_str());
    }
    answer(2, 2);
    const auto out = pack(2);
    ASSERT_TRUE(out && *out) << out.error().what;
    EXPECT_EQ((*out)->header.first_seq, 218);
    ASSERT_EQ((*out)->header.skipped.size(), kSkippedMax);
    EXPECT_EQ((*out)->header.skipped.back(), (survey::Skip{217, 217, survey::SkipReason::unknown}));
    EXPECT_LE(batch(**out).header_bytes.size(), kHeaderBytesMax);
}

TEST_F(OutgoingTest, DeclaresWhatWasPrunedWhenItIsAskedForAgain) {
    answer(1, 10);
    test::deliver(journal_, 10);
    ASSERT_EQ(journal_.prune(response(6).finished.utc), 5);
    const auto out = pack(3)->value();
    EXPECT_EQ(out.header.first_seq, 6);
    EXPECT_EQ(out.header.previous_hash, journal_.base()->hash);
    EXPECT_THAT(out.header.skipped, ElementsAre(survey::Skip{3, 5, survey::SkipReason::pruned}));
    EXPECT_EQ(out.lost_seq, 5);
    const auto rest = pack(6)->value();
    EXPECT_THAT(rest.header.skipped, IsEmpty());
    EXPECT_EQ(rest.lost_seq, 0);
}

TEST_F(OutgoingTest, DeclaresWhatWasPrunedBetweenSkips) {
    answer(1, 2);
    skip(3, 4, "renumbered");
    skip(5, 6, "unknown");
    answer(3, 5);  // 7, 8, 9
    test::deliver(journal_, 9);
    ASSERT_EQ(journal_.prune(response(8).finished.utc), 3);  // 8 and 9 stay
    const auto out = pack(2)->value();
    EXPECT_EQ(out.header.first_seq, 8);
    EXPECT_THAT(
        out.header.skipped,
        ElementsAre(survey::Skip{2, 2, survey::SkipReason::pruned}, survey::Skip{3, 4, survey::SkipReason::renumbered},
                    survey::Skip{5, 6, survey::SkipReason::unknown}, survey::Skip{7, 7, survey::SkipReason::pruned}));
    EXPECT_EQ(out.lost_seq, 7);
}

TEST_F(OutgoingTest, IsNotMadeAcrossAHoleThatNothingExplains) {
    answer(1, 6);
    test::run_sql(folder_ / "journal.db", "DROP TRIGGER records_never_go");
    test::run_sql(folder_ / "journal.db", "DELETE FROM records WHERE seq = 3");
    for (std::int64_t wanted = 1; wanted <= 3; ++wanted) {
        const auto out = pack(wanted);
        ASSERT_FALSE(out) << wanted;
        EXPECT_EQ(out.error().outcome, Outcome::person);
        EXPECT_THAT(out.error().what, HasSubstr("record 3 is missing"));
    }
}

}  // namespace
}  // namespace hailong::sync
