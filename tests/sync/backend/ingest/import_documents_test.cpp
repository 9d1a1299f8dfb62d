// What an imported document changes: nothing of what is over, nothing in silence.
#include "sync/backend/ingest/import_documents.h"

#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;

/// The document with another text in the place of one.
std::string with(std::string json, const std::string& from, const std::string& to) {
    const auto at = json.find(from);
    survey::check(at != std::string::npos, "the sample holds what is replaced");
    return json.replace(at, from.size(), to);
}

constexpr const char* kOfficerB =
    R"(,{"id":"b-01","name":"Trần Văn Hai","post":{"vi":"Công chức","en":"Officer"},"counter":"B"})";
constexpr const char* kNinety = R"("more_than_percent":90)";
constexpr const char* kNinetyFive = R"("more_than_percent":95)";

class ImportTest : public ::testing::Test {
  protected:
    [[nodiscard]] ImportPlan plan(const std::string& center, survey::UtcTime now = sample::noon()) const {
        const auto snapshot = must(backend_.store->read());
        auto read = survey::parse_center(center);
        survey::check(read.has_value(), "the sample can be read");
        const DocumentImport documents{{"center.json", center, *read}, {}, "forms"};
        return plan_import(documents, must(read_known(*snapshot, {"mau"})), {"an-admin", now});
    }
    void import(const std::string& center, survey::UtcTime now = sample::noon()) {
        const ImportPlan planned = plan(center, now);
        ASSERT_TRUE(planned.faults.empty()) << survey::describe(planned.faults.front().faults);
        auto transaction = must(backend_.store->write());
        must(write_import(planned, *transaction));
        must(transaction->commit());
        transaction.reset();
        backend_.reference = must(load_reference(*must(backend_.store->read())));
    }
    [[nodiscard]] const survey::Center& center() const { return backend_.reference.centers.front(); }
    [[nodiscard]] std::int64_t objective_on(const char* day) const {
        return center().settings.on(*survey::parse_date(day)).objective.more_than_percent;
    }

    sample::Backend backend_;
};

TEST_F(ImportTest, ChangesAnObjectiveFromTheNextMonthOn) {
    const std::string changed = with(sample::center_json(), kNinety, kNinetyFive);
    import(changed);
    EXPECT_EQ(objective_on("2026-11-30"), 90);
    EXPECT_EQ(objective_on("2026-12-01"), 95);
    const auto incidents = sample::incidents(*backend_.store);
    ASSERT_EQ(incidents.size(), 1u);
    EXPECT_EQ(incidents[0].kind, IncidentKind::documents);
    EXPECT_NE(incidents[0].detail.find("an-admin"), std::string::npos);
    EXPECT_NE(incidents[0].detail.find("from 2026-12-01: objective more than 95 %"), std::string::npos)
        << incidents[0].detail;
    EXPECT_EQ(incidents[0].evidence, sample::center_json()) << "what stood there before";
    const std::int64_t revision = backend_.reference.revision;
    import(changed, sample::noon() + std::chrono::hours(24 * 70));
    EXPECT_EQ(backend_.reference.revision, revision) << "the same again changes nothing, whenever";
    EXPECT_EQ(sample::incidents(*backend_.store).size(), 1u);
    EXPECT_EQ(objective_on("2026-12-31"), 95);
}

TEST_F(ImportTest, LeavesAnIncidentForEachChangeThatGoesBackAndForth) {
    for (int i = 0; i < 3; ++i) {
        import(with(sample::center_json(), kNinety, kNinetyFive));
        import(sample::center_json());
    }
    EXPECT_EQ(sample::incidents(*backend_.store).size(), 6u);
    EXPECT_EQ(objective_on("2026-12-01"), 90);
}

TEST_F(ImportTest, RefusesOtherSettingsForDaysThatAreOver) {
    const auto dated = [](const char* day) {
        return sample::center_json(
            "mau", std::string(R"(,"settings":[{"from":")") + day + R"(","objective":{"more_than_percent":80}}])");
    };
    for (const char* over : {"2020-01-01", "2026-11-01", "2026-11-21"}) {
        const ImportPlan planned = plan(dated(over));
        ASSERT_EQ(planned.faults.size(), 1u) << over;
        EXPECT_NE(survey::describe(planned.faults[0].faults).find("the day is over"), std::string::npos);
        EXPECT_FALSE(planned.center);
    }
    EXPECT_TRUE(plan(dated("2026-11-22")).faults.empty());
    import(dated("2027-01-01"));
    EXPECT_TRUE(plan(dated("2027-01-01"), sample::noon() + std::chrono::hours(24 * 400)).faults.empty())
        << "it stands there exactly so";
}

TEST_F(ImportTest, KeepsThePastThatADocumentForgets) {
    import(with(sample::center_json(), kNinety, kNinetyFive));
    const survey::UtcTime later = sample::noon() + std::chrono::hours(24 * 100);
    import(with(sample::center_json(), kNinety, R"("more_than_percent":50)"), later);
    EXPECT_EQ(objective_on("2026-11-30"), 90);
    EXPECT_EQ(objective_on("2026-12-01"), 95);
    EXPECT_EQ(objective_on("2027-03-31"), 95) << "it began with it";
    EXPECT_EQ(objective_on("2027-04-01"), 50);
}

TEST_F(ImportTest, CutsNoMonthThatIsOverOrRunsAnew) {
    import(with(sample::center_json(), R"("cut_off_day":0)", R"("cut_off_day":14)"));
    const survey::PeriodScheme& scheme = center().periods;
    EXPECT_EQ(survey::parse_period("2026-M11", scheme), survey::parse_period("2026-M11"));
    EXPECT_EQ(survey::to_string(survey::parse_period("2026-M12", scheme)->first), "2026-12-01");
    EXPECT_EQ(survey::to_string(survey::parse_period("2026-M12", scheme)->last), "2026-12-14");
}

TEST_F(ImportTest, KeepsWhatRecordsMayNameAsInactive) {
    import(with(sample::center_json(), kOfficerB, ""));
    const survey::Officer* officer = center().officer({"b-01"});
    ASSERT_NE(officer, nullptr);
    EXPECT_FALSE(officer->active);
    EXPECT_EQ(officer->name, "Trần Văn Hai");
    EXPECT_NE(sample::incidents(*backend_.store).at(0).detail.find("b-01: active"), std::string::npos);

    import(
        R"({"format":1,"id":"mau","name":{"vi":"M","en":"M"},"parent":{"vi":"U","en":"U"},"questionnaire":"W5",)"
        R"("headline":"overall","counters":[{"id":"C","number":7,"name":{"vi":"Q","en":"C"},"short_name":{"vi":"C","en":"C"}}],"officers":[],"fields":[],"procedures":[]})");
    for (const char* counter : {"A", "B"}) {
        ASSERT_NE(center().counter({counter}), nullptr);
        EXPECT_FALSE(center().counter({counter})->active);
    }
    EXPECT_FALSE(center().field({"ho-tich"})->active);
    EXPECT_FALSE(center().procedure({"p-1"})->active);
    EXPECT_FALSE(center().officer({"a-01"})->active);
    import(sample::center_json());
    EXPECT_TRUE(center().officer({"b-01"})->active) << "who comes back is active again";
    EXPECT_TRUE(center().counter({"A"})->active);
}

TEST_F(ImportTest, CountsBadRatingsOfAnOfficerWhoWasTakenAway) {
    import(with(sample::center_json(), kOfficerB, ""));
    sample::Journal journal("K1");
    survey::Response bad = sample::visit(1, "1");
    bad.context.counter = {"B"};
    bad.context.officer = {"b-01"};
    journal.add(bad);
    ASSERT_TRUE(must(backend_.take(journal.all())));
    EXPECT_FALSE(sample::record(*backend_.store, {"K1"}, 1).quarantine_reason);
}

TEST_F(ImportTest, SaysWhoseNameStandsUnderAnIdByNow) {
    import(with(sample::center_json(), "Nguyễn Thị Một", "Lê Văn Ba"));
    const std::string detail = sample::incidents(*backend_.store).at(0).detail;
    EXPECT_NE(detail.find(R"(officers: a-01: name "Nguyễn Thị Một" -> "Lê Văn Ba")"), std::string::npos) << detail;
}

TEST_F(ImportTest, SaysWhereALongTextDiffersAndThatOnlyTheOrderDoes) {
    const std::string name = "Nguyễn Thị Một " + std::string(200, 'x');
    import(with(sample::center_json(), "Nguyễn Thị Một", name + " đầu"));
    import(with(sample::center_json(), "Nguyễn Thị Một", name + " sau"));
    const std::string detail = sample::incidents(*backend_.store).back().detail;
    EXPECT_NE(detail.find("x đầu\" -> …xxx"), std::string::npos) << detail;
    EXPECT_NE(detail.find("x sau\""), std::string::npos) << detail;

    boost::json::object other = boost::json::parse(sample::center_json()).as_object();
    boost::json::array& counters = other["counters"].as_array();
    std::swap(counters[0], counters[1]);
    import(sample::center_json());
    const std::size_t before = sample::incidents(*backend_.store).size();
    import(boost::json::serialize(other));
    EXPECT_EQ(sample::incidents(*backend_.store).size(), before + 1) << "without a trace";
    EXPECT_NE(sample::incidents(*backend_.store).back().detail.find("the order"), std::string::npos);
}

/// What is public of a month that is over says which form was asked, and in which words.
TEST_F(ImportTest, TakesNoVersionOfAFormIntoMonthsThatAreOver) {
    survey::UtcTime now = sample::noon();
    const auto faults_of = [&](const std::string& form, const char* from) {
        const std::string json = with(sample::questionnaire_json(form, 9), "2026-01-01", from);
        const auto center = survey::parse_center(sample::center_json());
        const auto version = survey::parse_questionnaire(json);
        survey::check(center && version, "the samples can be read");
        const DocumentImport documents{
            {"center.json", sample::center_json(), *center}, {{"form.json", json, *version}}, "forms"};
        const auto snapshot = must(backend_.store->read());
        std::string all;
        for (const PlacedFaults& one :
             plan_import(documents, must(read_known(*snapshot, {"mau"})), {"an-admin", now}).faults)
            all += survey::describe(one.faults);
        return all;
    };
    EXPECT_EQ(faults_of("W5", "2026-10-31"), "") << "nothing was public yet";
    backend_.release(survey::local_date(sample::noon()));
    for (const char* over : {"2026-01-02", "2026-10-31"})
        EXPECT_NE(faults_of("W5", over).find("in a month that is over"), std::string::npos) << over;
    for (const char* to_come : {"2026-11-01", "2026-11-30", "2027-01-01"})
        EXPECT_EQ(faults_of("W5", to_come), "") << to_come;
    EXPECT_EQ(faults_of("NEW", "2026-10-31"), "") << "nobody was asked another version of it";
    now -= std::chrono::hours(24 * 60);
    EXPECT_NE(faults_of("W5", "2026-10-31").find("in a month that is over"), std::string::npos)
        << "the clock fell back";
}

TEST_F(ImportTest, ChangesNoSettingsByAClockThatIsBehind) {
    backend_.release(survey::local_date(sample::noon()));
    const survey::UtcTime behind = sample::noon() - std::chrono::hours(24 * 300);
    const ImportPlan planned = plan(with(sample::center_json(), kNinety, kNinetyFive), behind);
    ASSERT_EQ(planned.faults.size(), 1u);
    EXPECT_NE(survey::describe(planned.faults[0].faults).find("set the clock right"), std::string::npos);
    EXPECT_TRUE(plan(with(sample::center_json(), "Nguyễn Thị Một", "Ba"), behind).faults.empty())
        << "a name has no day";
}

TEST_F(ImportTest, IsTheSameTextAsLongAsNothingIsToBeKept) {
    import(sample::grown_center_json());
    EXPECT_EQ(must(must(backend_.store->read())->documents().center({"mau"})), sample::grown_center_json());
}

}  // namespace
}  // namespace hailong::sync
