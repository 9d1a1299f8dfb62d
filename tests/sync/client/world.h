// A terminal with its journal, a backend, the network between them and the way of offline bundles: what the client's
// tests play with.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sync/client/client.h"
#include "sync/client/offline_bundle.h"
#include "tests/kiosk/journal/sample.h"
#include "tests/support/sample.h"
#include "tests/sync/client/fake_backend.h"

namespace hailong::test {

using tests::FakeClock;

/// Changes the terminal's file from outside.
inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
}

/// At most so many records in a batch.
inline sync::ClientSettings at_most(std::size_t records) {
    return {sync::Encoding::zstd, records, "this-start"};
}

struct World {
    explicit World(sync::ClientSettings with = {}) : settings(std::move(with)) {
        clock.utc = survey::UtcTime{survey::milliseconds{1'795'309'200'000}};  // when the sample's visitors come
    }

    void answer(std::int64_t first, std::int64_t last) {
        for (std::int64_t n = first; n <= last; ++n)
            ASSERT_TRUE(journal.append(response(n), ward5()));
    }
    /// Until nothing is left to do; the outcomes on the way.
    std::vector<sync::Outcome> deliver_all() {
        std::vector<sync::Outcome> outcomes;
        do {
            outcomes.push_back(client.deliver_batch().outcome);
        } while (outcomes.back() != sync::Outcome::idle && outcomes.size() < 100);
        return outcomes;
    }
    /// Delivers these before anything else, and removes them: all but the newest.
    void answer_and_remove(std::int64_t first, std::int64_t last) {
        answer(first, last + 1);
        deliver_all();
        ASSERT_EQ(journal.prune(kFarAhead).value(), last - first + 1);
    }
    /// Both clocks go on.
    void pass(survey::milliseconds time) {
        clock.pass(time);
        backend.now += time;
    }
    [[nodiscard]] std::map<std::int64_t, FakeBackend::Stored> records() const {
        std::map<std::int64_t, FakeBackend::Stored> found;
        const auto entries = journal.read(1, 100'000, SIZE_MAX).value();
        for (const kiosk::JournalEntry& entry : entries)
            found[entry.seq] = {entry.bytes, entry.hash};
        return found;
    }
    void expect_all_stored_once() const {
        EXPECT_EQ(backend.stored, records());
        EXPECT_EQ(journal.delivered_seq(), journal.head()->seq);
    }
    [[nodiscard]] sync::OfflineParts offline() const {
        return {journal, clock, identity, "this-start", folder / "identity.json.wanted", settings.records_max};
    }
    [[nodiscard]] sync::BatchHeader last_header() const {
        const auto body = sync::decompress(network.requests.back().body, settings.encoding, sync::kBatchBytesMax);
        return sync::decode_batch(*body)->header;
    }

    TemporaryFolder folder;
    mutable kiosk::Journal journal = open_journal(folder / "journal.db");
    kiosk::Inbox inbox = *kiosk::Inbox::open(folder / "journal.db");
    FakeClock clock;
    FakeBackend backend;
    FakeNetwork network{backend};
    sync::ClientSettings settings;
    sync::Identity identity = backend.identity();
    sync::Client client{journal, inbox, network, clock, identity, settings};
};

}  // namespace hailong::test
