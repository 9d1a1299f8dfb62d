#include "sync/backend/site/site_endpoints.h"

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/protocol/compression.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::Journal;
using sample::journal_of;
using sample::RouteHost;
using sample::visit;

TEST(SiteEndpoints, ShowTheFourTotals) {
    RouteHost host;
    Journal journal = journal_of(3);
    journal.add_bytes("unreadable");
    journal.add(visit(9));
    const Batch part = journal.batch(1, 4);
    EXPECT_EQ(host.post_batch(part).status, 200);
    EXPECT_NE(host.get("/centers/mau/reconciliation.json?period=2026-M11").body.find(R"("collected":0,"stored":0)"),
              std::string::npos)
        << "nothing is told of a day that runs";
    host.clock.set(sample::noon() + std::chrono::days(1));
    const HttpResponse vi = host.get("/centers/mau/reconciliation?period=2026-M11");
    EXPECT_EQ(vi.status, 200);
    EXPECT_NE(vi.body.find("Chưa về hệ thống: 1"), std::string::npos) << vi.body;
    EXPECT_NE(vi.body.find("Để riêng, chưa tính: 1"), std::string::npos);
    const HttpResponse en = host.get("/centers/mau/reconciliation?period=2026-11-22&lang=en");
    EXPECT_NE(en.body.find("Not arrived yet: 1"), std::string::npos);
    EXPECT_NE(en.body.find("By terminal on this day"), std::string::npos);
    EXPECT_NE(host.get("/centers/mau?period=2026-M11").body.find("/centers/mau/reconciliation?period=2026-M11"),
              std::string::npos);
    const HttpResponse json = host.get("/centers/mau/reconciliation.json?period=2026-M11");
    EXPECT_EQ(json.header("Content-Type"), "application/json");
    EXPECT_NE(json.body.find(R"("missing":1)"), std::string::npos) << json.body;
    EXPECT_EQ(host.get("/centers/mau/reconciliation?period=x").status, 400);
    EXPECT_EQ(host.get("/centers/none/reconciliation").status, 404);
    EXPECT_EQ(host.send({"POST", "/centers/mau/reconciliation", {}, {}}).status, 405);
}

TEST(SiteEndpoints, TellAMovedDayFromALostRating) {
    RouteHost host;
    Journal journal("K1");
    survey::Response response = visit(1, "5", sample::noon() - std::chrono::days(1));
    response.server_offset = std::chrono::days(1);
    journal.add(response);
    const auto post_last = [&](const char* day) {
        BatchHeader header = journal.header(journal.size(), journal.size());
        header.counters.days = {{*survey::parse_date(day), 1}};
        return host.post_batch(sample::sent(header, journal.records(journal.size(), journal.size()))).status;
    };
    EXPECT_EQ(post_last("2026-11-21"), 200);
    host.clock.set(sample::noon() + std::chrono::days(1));
    EXPECT_NE(host.get("/centers/mau/reconciliation?period=2026-M11&lang=en").body.find("Not known yet"),
              std::string::npos)
        << "the terminal was not heard since the day ended";
    journal.add(visit(2, "5", sample::noon() + std::chrono::days(1)));
    EXPECT_EQ(post_last("2026-11-23"), 200);
    Journal other("K2");
    other.add(visit(3, "5", sample::noon() + std::chrono::days(1)));
    EXPECT_EQ(host.post_batch(other.all(), "token-K2", "K2").status, 200) << "the other one took nothing before";
    for (const char* target : {"/centers/mau/reconciliation?period=2026-11-21&lang=en",
                               "/centers/mau/reconciliation?period=2026-11-22&lang=en"}) {
        const std::string body = host.get(target).body;
        EXPECT_NE(body.find("some days were moved"), std::string::npos) << target;
        EXPECT_EQ(body.find("The totals differ"), std::string::npos) << target;
    }
    const std::string month = host.get("/centers/mau/reconciliation?period=2026-M11&lang=en").body;
    EXPECT_NE(month.find("The four totals agree"), std::string::npos);
    EXPECT_NE(month.find("counted on another day, by a corrected clock"), std::string::npos);
}

TEST(SiteEndpoints, ShowPagesThatRunNothingAndStandInNoFrame) {
    RouteHost host;
    for (const char* target : {"/", "/centers/mau", "/centers/none", "/centers/mau?period=x", "/nowhere"}) {
        const HttpResponse response = host.get(target);
        EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8") << target;
        EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
        EXPECT_NE(response.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
        EXPECT_EQ(response.body.find("<script"), std::string::npos);
        EXPECT_EQ(response.body.find(" style="), std::string::npos) << "the policy would drop it";
    }
}

TEST(SiteEndpoints, TurnAWallByAScriptOfTheirOwnAndNothingElse) {
    RouteHost host;
    host.post_batch(journal_of(101).all());
    host.clock.set(survey::start_of_day(*survey::parse_date("2026-12-01")));
    host.backend.release(*survey::parse_date("2026-12-01"));
    const HttpResponse wall = host.get("/centers/mau?period=2026-M11&live=1");
    EXPECT_NE(wall.header("Content-Security-Policy").find("script-src 'self'; connect-src 'self'"), std::string::npos);
    EXPECT_NE(wall.body.find("<script src=\"/live.js?v="), std::string::npos);
    EXPECT_NE(wall.body.find("<noscript><meta http-equiv=\"refresh\""), std::string::npos);
    EXPECT_EQ(wall.body.find(" style="), std::string::npos);
    std::size_t slides = 0;
    for (std::size_t at = wall.body.find("class=\"slide\""); at != std::string::npos;
         at = wall.body.find("class=\"slide\"", at + 1)) {
        ++slides;
    }
    EXPECT_GE(slides, 5u) << "the figure, its levels, counters, fields, what it rests on";
    EXPECT_EQ(host.get("/live.js").header("Content-Type"), "text/javascript; charset=utf-8");
    const HttpResponse error = host.get("/centers/none?live=1");
    EXPECT_NE(error.body.find("<meta http-equiv=\"refresh\""), std::string::npos) << "a wall comes back by itself";
    EXPECT_EQ(error.body.find("<script"), std::string::npos);
    EXPECT_EQ(host.get("/centers/mau?period=2026-M11").body.find("http-equiv=\"refresh\""), std::string::npos);
}

TEST(SiteEndpoints, SayThatAPeriodRunsBeforeTheySayItsVerdict) {
    RouteHost host;
    host.post_batch(journal_of(101).all());
    host.clock.set(survey::start_of_day(*survey::parse_date("2026-11-25")));
    host.backend.release(*survey::parse_date("2026-11-25"));
    const std::string running = host.get("/centers/mau?period=2026-M11").body;
    const std::size_t note = running.find("Kỳ chưa kết thúc – tạm tính đến hết ngày 24/11/2026");
    ASSERT_NE(note, std::string::npos) << running;
    EXPECT_LT(note, running.find("class=\"verdict\""));
    EXPECT_NE(host.get("/centers/mau?period=2026-M11&live=1").body.find("tạm tính đến hết ngày 24/11/2026"),
              std::string::npos);
    host.clock.set(survey::start_of_day(*survey::parse_date("2026-12-01")));
    host.backend.release(*survey::parse_date("2026-12-01"));
    EXPECT_EQ(host.get("/centers/mau?period=2026-M11").body.find("tạm tính"), std::string::npos);
}

TEST(SiteEndpoints, ShowWhatWasSaidAndDone) {
    RouteHost host;
    const std::string actions =
        R"(,"actions":[{"said":{"vi":"Chờ <lâu>","en":"Long wait"},"done":{"vi":"Thêm quầy","en":"One more"},"on":"2026-11-02"}])";
    auto transaction = sample::must(host.backend.store->write());
    sample::must(transaction->documents().put_center({"mau"}, sample::center_json("mau", actions)));
    sample::must(transaction->commit());
    for (const char* target : {"/centers/mau", "/centers/mau?live=1"}) {
        const std::string page = host.get(target).body;
        for (const char* text :
             {"Quý vị nói", "Chờ &lt;lâu&gt;", "Trung tâm đã làm", "Thêm quầy", "Từ ngày 02/11/2026"})
            EXPECT_NE(page.find(text), std::string::npos) << target << text;
    }
    EXPECT_NE(host.get("/centers/mau?lang=en").body.find("One more"), std::string::npos);
}

TEST(SiteEndpoints, ExplainABadPeriodWithoutRunningIt) {
    RouteHost host;
    const std::string body = host.get("/centers/mau?period=%3Cb%3E2026-M13").body;
    EXPECT_EQ(body.find("<b>"), std::string::npos);
    EXPECT_NE(body.find("&lt;b&gt;2026-M13"), std::string::npos) << body;
    EXPECT_NE(body.find("2026-Q4"), std::string::npos);
}

TEST(SiteEndpoints, SendAPageAgainOnlyWhenItChanged) {
    RouteHost host;
    host.post_batch(journal_of(2).all());
    for (const std::string target : {"/", "/centers/mau", "/centers/mau/reconciliation", "/centers/mau/results.json",
                                     "/centers/mau/results.csv?period=2026", "/centers/mau/reconciliation.json",
                                     "/style.css", "/icon.svg", "/live.js", "/favicon.ico", "/robots.txt"}) {
        const std::string etag(host.get(target).header("ETag"));
        EXPECT_TRUE(etag.starts_with("W/\"")) << target << ": " << etag;
        const HttpResponse same = host.get(target, {{"if-none-match", etag}});
        EXPECT_EQ(same.status, 304) << target;
        EXPECT_EQ(same.body, "");
        EXPECT_EQ(same.header("ETag"), etag);
    }
}

TEST(SiteEndpoints, SendAPageAgainWhenWhatItShowsChanged) {
    RouteHost host;
    const auto etags = [&] {
        std::vector<std::string> all;
        for (const char* target : {"/centers/mau", "/centers/mau/results.json", "/centers/mau/reconciliation"})
            all.emplace_back(host.get(target).header("ETag"));
        return all;
    };
    const auto expect_new = [&](std::vector<std::string>& before, const char* what) {
        const std::vector<std::string> now = etags();
        for (std::size_t i = 0; i < now.size(); ++i)
            EXPECT_NE(now[i], before[i]) << what << " " << i;
        before = now;
    };
    std::vector<std::string> before = etags();
    EXPECT_EQ(etags(), before);
    Journal journal("K1");
    journal.add(visit(1));
    host.post_batch(journal.all());
    expect_new(before, "a rating");
    EXPECT_NE(host.get("/centers/mau?lang=en").body.find("Received today: 1."), std::string::npos);
    host.backend.put_center(sample::center_json("mau", ",\"note\":\"new\""));
    expect_new(before, "another document");
    host.clock.set(sample::noon() + std::chrono::days(1));
    expect_new(before, "another day");
    journal.add(visit(2));
    host.post_batch(journal.batch(2, 2));
    expect_new(before, "a rating of yesterday");
    host.backend.release(survey::local_date(host.clock.now()));
    expect_new(before, "figures made public");
}

TEST(SiteEndpoints, KeepPagesApart) {
    RouteHost host;
    const std::string vi = host.get("/centers/mau").body;
    const std::string en = host.get("/centers/mau?lang=en").body;
    const std::string live = host.get("/centers/mau?live=1").body;
    const std::string year = host.get("/centers/mau?period=2026").body;
    EXPECT_NE(vi, en);
    EXPECT_NE(vi, live);
    EXPECT_NE(vi, year);
    EXPECT_EQ(host.get("/centers/mau").body, vi) << "each is found again";
    EXPECT_EQ(host.get("/centers/mau?lang=en&utm=x").body, en) << "what nobody asks for changes nothing";
}

TEST(SiteEndpoints, PackWhatIsLongForThoseWhoTakeIt) {
    RouteHost host;
    const HttpResponse plain = host.get("/centers/mau");
    const HttpResponse packed = host.get("/centers/mau", {{"accept-encoding", "gzip, deflate, br"}});
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_LT(packed.body.size() * 2, plain.body.size());
    EXPECT_EQ(decompress(packed.body, Encoding::gzip, 1u << 20u), plain.body);
    EXPECT_EQ(packed.header("ETag"), plain.header("ETag"));
    EXPECT_EQ(packed.header("Content-Security-Policy"), plain.header("Content-Security-Policy"));
    EXPECT_EQ(host.get("/centers/mau", {{"accept-encoding", "gzip;q=0"}}).header("Content-Encoding"), "");
    EXPECT_EQ(host.get("/nowhere", {{"accept-encoding", "gzip"}}).header("ETag"), "") << "errors are made anew";
}

}  // namespace
}  // namespace hailong::sync
