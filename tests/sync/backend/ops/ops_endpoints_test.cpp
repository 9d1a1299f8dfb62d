#include "sync/backend/ops/ops_endpoints.h"

#include <gtest/gtest.h>

#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::Journal;
using sample::journal_of;
using sample::must;
using sample::RouteHost;
using sample::visit;

TEST(OpsEndpoints, CountWhatLiesInTheStore) {
    RouteHost host;
    {
        auto transaction = must(host.backend.store->write());
        sample::add_incident(*transaction, {sample::noon(), {"K1"}, IncidentKind::forked, "detail", ""});
        sample::add_text(*transaction, {{{"K1"}, 1, {"comment"}}, "sealed", sample::noon()});
        sample::erase_text(*transaction, {{{"K1"}, 2, {"comment"}}, sample::noon(), "asked to"});
        Terminal second = host.backend.terminal("K2");
        second.totals.skipped = 4;
        must(transaction->terminals().put(second));
        must(transaction->commit());
    }
    Journal journal("K1");
    journal.add_bytes("unreadable");
    host.post_batch(journal.all());
    const std::string body = host.get("/metrics").body;
    for (const char* line :
         {"hailong_store{what=\"incidents\"} 1", "hailong_store{what=\"texts\"} 1", "hailong_store{what=\"erased\"} 1",
          "hailong_store{what=\"skipped\"} 4", "hailong_store{what=\"quarantined\"} 1"}) {
        EXPECT_NE(body.find(line), std::string::npos) << line << "\n" << body;
    }
}

TEST(OpsEndpoints, ShowWhatTerminalsSayOfThemselves) {
    RouteHost host;
    HeardStatus heard{{"K2"}, {}, sample::noon()};
    const auto write = [&] {
        auto transaction = must(host.backend.store->write());
        must(transaction->terminals().put_statuses(std::vector{heard, HeardStatus{{"gone"}, {}, sample::noon()}}));
        must(transaction->commit());
    };
    heard.status.waiting = 39;
    heard.status.oldest_waiting = std::chrono::minutes(179);
    heard.status.disk_free_bytes = 1'000'000;
    heard.status.clock_offset = survey::milliseconds(-1'500);
    heard.status.last_visit = sample::noon();
    heard.status.kiosk_version = "0.1.0";
    heard.status.troubles = {"disk", "of_later", "later_still"};
    write();
    const std::string body = host.get("/metrics").body;
    const std::string labels = R"({center="mau",kiosk="K2"} )";
    for (const std::string& line :
         {"hailong_terminal_heard_seconds" + labels,
          "hailong_terminal_waiting_records" + labels + "30\n",           // no closer: it would tell of one
          "hailong_terminal_oldest_waiting_seconds" + labels + "7200\n",  // no closer: it would date an answer
          "hailong_terminal_disk_free_bytes" + labels + "1000000\n",
          "hailong_terminal_clock_offset_seconds" + labels + "-1.5\n",
          std::string(R"(hailong_terminal_programs{center="mau",kiosk="K2",kiosk_version="0.1.0",sync_version=""} 1)"),
          std::string(R"(hailong_terminal_trouble{center="mau",kiosk="K2",trouble="disk"} 1)"),
          std::string(R"(hailong_terminal_trouble{center="mau",kiosk="K2",trouble="other"} 1)")}) {
        EXPECT_NE(body.find(line), std::string::npos) << line << "\n" << body;
    }
    EXPECT_EQ(body.find("of_later"), std::string::npos) << "no series for a word that nobody knows";
    EXPECT_EQ(body.find("\"gone\""), std::string::npos);
    EXPECT_EQ(body.find(R"(hailong_terminal_heard_seconds{center="mau",kiosk="K1"})"), std::string::npos);

    heard.status = {};
    heard.status.kiosk_version = "0.2.0";
    write();
    const std::string later = host.get("/metrics").body;
    EXPECT_EQ(later.find("hailong_terminal_trouble{"), std::string::npos) << later;
    EXPECT_EQ(later.find("hailong_terminal_waiting_records{"), std::string::npos) << later;
    EXPECT_EQ(later.find("0.1.0"), std::string::npos) << later;
    EXPECT_NE(later.find(R"(kiosk_version="0.2.0")"), std::string::npos) << later;
}

TEST(OpsEndpoints, CountWhatWasDone) {
    RouteHost host;
    Journal journal("K1");
    journal.add(visit(1));
    journal.add_bytes("unreadable");
    host.post_batch(journal.all());
    host.post_batch(journal.all());
    host.send({"POST", batches_path({"K1"}), {}, {}});
    const HttpResponse response = host.get("/metrics");
    EXPECT_EQ(response.status, 200);
    for (const char* line :
         {"hailong_batches_total{outcome=\"taken\"} 2", "hailong_batches_total{outcome=\"unauthorized\"} 1",
          "hailong_records_total{fate=\"counted\"} 1", "hailong_records_total{fate=\"quarantined\"} 1",
          "hailong_records_total{fate=\"duplicate\"} 2", "hailong_commits_total{outcome=\"durable\"} 2"}) {
        EXPECT_NE(response.body.find(line), std::string::npos) << line << "\n" << response.body;
    }
    EXPECT_NE(response.body.find("hailong_terminal_stored_records{"), std::string::npos);
    EXPECT_NE(response.body.find("hailong_request_seconds_count{"), std::string::npos);
}

TEST(OpsEndpoints, SayThatTheyAreWell) {
    RouteHost host;
    host.post_batch(journal_of(2).all());
    const HttpResponse response = host.get("/healthz");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body,
              "{\"version\":\"9.9.9\",\"status\":\"ok\",\"centers\":1,\"stored\":2,\"counted\":2,\"quarantined\":0}\n");
}

TEST(OpsEndpoints, SayThatNothingCanBeStoredAndWhenItCan) {
    RouteHost host;
    host.metrics.storing_fails("the disk is full");
    const HttpResponse response = host.get("/healthz");
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.body.find("nothing can be stored: the disk is full"), std::string::npos) << response.body;
    EXPECT_NE(host.get("/metrics").body.find("\nhailong_storing 0\n"), std::string::npos);
    host.metrics.storing_fails(std::nullopt);
    EXPECT_EQ(host.get("/healthz").status, 200);
    EXPECT_NE(host.get("/metrics").body.find("\nhailong_storing 1\n"), std::string::npos);
}

TEST(OpsEndpoints, SayThatUploadsFailUntilOneIsTaken) {
    RouteHost host;
    host.handler.strained(HttpStrain::uploads);
    const HttpResponse response = host.get("/healthz");
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.body.find("uploads fail: "), std::string::npos) << response.body;
    EXPECT_EQ(host.post_batch(journal_of(1).all()).status, 200);
    EXPECT_EQ(host.get("/healthz").status, 200);
}

TEST(KeptTotals, AreAddedUpNowAndThen) {
    sample::Backend backend({"K1"});
    sample::MovingClock clock;
    KeptTotals totals(clock);
    const auto stored = [&] { return must(totals.read(*must(backend.store->read()))).records.stored; };
    EXPECT_EQ(stored(), 0);
    must(backend.take(journal_of(3).all()));
    clock.pass(kTotalsAgeMax);
    EXPECT_EQ(stored(), 0) << "they may be as old as that";
    clock.pass(std::chrono::seconds(1));
    EXPECT_EQ(stored(), 3);
}

TEST(OpsEndpoints, ShowFiguresOfSoManyTerminalsAndSumsOfAll) {
    RouteHost host(std::vector<std::string>{});
    {
        auto transaction = must(host.backend.store->write());
        for (std::size_t i = 0; i < kTerminalsShownMax + 5; ++i) {
            Terminal terminal;
            terminal.kiosk = {"k-" + std::to_string(10'000 + i)};
            terminal.center = {"mau"};
            terminal.totals.skipped = 1;
            must(transaction->terminals().put(terminal));
        }
        must(transaction->commit());
    }
    const std::string body = host.get("/metrics").body;
    std::size_t shown = 0;
    for (std::size_t at = body.find("hailong_terminal_stored_records{"); at != std::string::npos;
         at = body.find("hailong_terminal_stored_records{", at + 1))
        ++shown;
    EXPECT_EQ(shown, kTerminalsShownMax);
    EXPECT_NE(body.find("hailong_store{what=\"skipped\"} " + std::to_string(kTerminalsShownMax + 5)),
              std::string::npos);
}

}  // namespace
}  // namespace hailong::sync
