// What the store's own verbs cost on top of storing: batches of records with their header, tallies, days and terminal,
// against the bare insertion of the very same rows into the very same table, as many a commit. Both in WAL with
// synchronous=FULL, in turns within one run. And what a record takes in the file, all told.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <sqlite3.h>

#include "survey/record.h"
#include "sync/backend/store/packing.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/bench/report.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"

namespace {

using namespace hailong;
using namespace hailong::sync;
using sample::must;

constexpr std::int64_t kTerminals = 20;
constexpr std::int64_t kRecordsOfEach = 2'000;
constexpr int kRounds = 3;

survey::Response visit(std::mt19937& random, std::uint64_t number, const std::string& counter) {
    const survey::UtcTime finished = sample::noon() + std::chrono::seconds(number * 7);
    survey::Response response;
    response.id = sample::uuid(random() * std::uint64_t{1} << 32 | number, finished);
    response.questionnaire = {{"WARD5"}, 2};
    response.started.utc = finished - std::chrono::milliseconds(4'000 + random() % 20'000);
    response.started.monotonic = survey::MonoTime(std::chrono::milliseconds(number * 7'000 + random() % 1'000));
    response.finished.utc = finished;
    response.finished.monotonic = response.started.monotonic + (finished - response.started.utc);
    response.boot_id = "4be4a5a2-1111-4222-8333-4444" + std::to_string(10'000'000 + random() % 3);
    response.context.center = {"binh-minh"};
    response.context.counter = {counter};
    response.context.officer = {counter + "-0" + std::to_string(random() % 3)};
    response.context.field = {"field-" + std::to_string(random() % 6)};
    response.context.procedure = {"p-0" + std::to_string(10 + random() % 80)};
    const std::string level = std::to_string(5 - (random() % 10 == 0 ? random() % 5 : random() % 2));
    response.answers = {{{"overall"}, {level}, {}}, {{"o_all"}, {level}, {}}};
    if (level <= "3") response.answers.push_back({{"reason"}, {"wait"}, {}});
    response.complete = true;
    return response;
}

/// What one terminal sends, and what is counted of it.
struct Sent {
    std::vector<NewRecord> records;
    std::vector<survey::TallyKey> keys;  // of each record, as many as a visit has subjects
};

constexpr std::size_t kKeysOfARecord = 6;

Sent sent_by(std::int64_t terminal) {
    std::mt19937 random(static_cast<unsigned>(terminal));
    Sent sent;
    const std::string counter(1, static_cast<char>('A' + terminal % 8));
    const survey::KioskId kiosk{"binh-minh-" + std::to_string(terminal)};
    survey::Digest value = survey::kChainStart;
    for (std::int64_t seq = 1; seq <= kRecordsOfEach; ++seq) {
        const survey::Response response = visit(random, static_cast<std::uint64_t>(seq), counter);
        StoredRecord record;
        record.kiosk = kiosk;
        record.seq = seq;
        record.id = response.id;
        record.bytes = survey::encode({kiosk, seq, response});
        record.hash = value = survey::chain(value, record.bytes);
        record.received = sample::noon() + std::chrono::days(1);
        record.counted_at = response.finished.utc;
        record.trust = survey::TimeTrust::trusted;
        survey::TallyKey key;
        key.date = survey::local_date(response.finished.utc);
        key.questionnaire = response.questionnaire;
        using Kind = survey::SubjectKind;
        for (const survey::Subject& subject :
             {survey::Subject{Kind::visit, ""}, survey::Subject{Kind::counter, counter},
              survey::Subject{Kind::field, response.context.field.text},
              survey::Subject{Kind::officer, response.context.officer.text},
              survey::Subject{Kind::began, std::string(survey::kScannedId)}}) {
            key.subject = subject;
            sent.keys.push_back(key);
        }
        key.grain = survey::Grain::month;
        key.subject = {Kind::officer, response.context.officer.text};
        sent.keys.push_back(key);
        std::string packed = pack(record.bytes, PackedKind::record);
        sent.records.push_back({std::move(record), true, std::move(packed)});
    }
    return sent;
}

/// As long as a header with 30 days is.
std::string header_bytes(std::int64_t first, std::int64_t count) {
    std::string days;
    for (int day = 1; day <= 30; ++day)
        days += (day == 1 ? "\"2026-11-" : ",\"2026-11-") + std::to_string(10 + day % 20) + "\":" + std::to_string(day);
    return R"({"boot":"afecefeb-9a62-411f-b64b-88a8783c7a15","count":)" + std::to_string(count) +
           R"(,"counters":{"collected":30,"days":{)" + days + R"(},"delivered":0},"first_seq":)" +
           std::to_string(first) + R"(,"kiosk":"bm-tp","last_hash":")" +
           survey::to_hex(survey::sha256(std::to_string(first))) + R"(","previous_hash":")" +
           survey::to_hex(survey::sha256(std::to_string(first - 1))) +
           R"(","protocol":1,"sent_monotonic_ms":2367855,"sent_ms":1795972918472})";
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void put_batch(Transaction& transaction, const Sent& sent, std::size_t first, std::size_t count) {
    const std::span<const NewRecord> records(sent.records.data() + first, count);
    const StoredRecord& last = records.back().record;
    survey::check(must(transaction.records().add(records)).empty(), "every id is new");
    StoredBatch batch{last.kiosk, records.front().record.seq, static_cast<std::int64_t>(count), {}, {}, last.received};
    batch.header_bytes = header_bytes(batch.first_seq, batch.count);
    must(transaction.records().add_batch(batch));
    Terminal terminal = *must(transaction.terminals().terminal(last.kiosk));
    terminal.last_seq = last.seq;
    terminal.last_hash = last.hash;
    terminal.totals.stored += batch.count;
    terminal.totals.counted += batch.count;
    must(transaction.terminals().put(terminal));
    must(transaction.terminals().add_days(std::vector<TerminalDay>{
        {last.kiosk, survey::local_date(last.counted_at), last.seq, batch.count, batch.count, 0, 0}}));
}

struct Measured {
    double per_second = 0;
    double bytes_a_record = 0;
};

/// Records a second through the store's verbs: a batch of each terminal in turn, one commit a batch.
Measured measure_store(const std::vector<Sent>& all, std::size_t batch, const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "backend.sqlite";
    auto store = must(open_sqlite_store(file, OpenMode::create));
    {
        auto transaction = must(store->write());
        for (const Sent& sent : all) {
            Terminal terminal;
            terminal.kiosk = sent.records.front().record.kiosk;
            terminal.center = {"binh-minh"};
            terminal.token_hash = survey::to_hex(survey::sha256(terminal.kiosk.text));
            must(transaction->terminals().put(terminal));
        }
        must(transaction->commit());
    }
    const auto start = std::chrono::steady_clock::now();
    std::int64_t stored = 0;
    for (std::size_t first = 0; first < kRecordsOfEach; first += batch) {
        for (const Sent& sent : all) {
            const std::size_t count = std::min<std::size_t>(batch, kRecordsOfEach - first);
            survey::TallySheet sheet;
            for (std::size_t i = first * kKeysOfARecord; i < (first + count) * kKeysOfARecord; ++i) {
                survey::Tally& tally = sheet[sent.keys[i]];
                ++tally.responses;
                ++tally.items[{"overall"}][i % 3 == 0 ? "4" : "5"];
            }
            auto transaction = must(store->write());
            must(transaction->set_savepoint());
            put_batch(*transaction, sent, first, count);
            must(transaction->tallies().add({{{"binh-minh"}, sheet}}));
            must(transaction->commit());
            stored += static_cast<std::int64_t>(count);
        }
    }
    Measured measured;
    measured.per_second = static_cast<double>(stored) / seconds_since(start);
    store.reset();  // the last connection folds the log into the file
    measured.bytes_a_record = static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(stored);
    return measured;
}

/// Records a second by bare insertion of rows that are packed already, into the store's own table with its indexes.
double measure_bare(const std::vector<Sent>& all, std::size_t batch, const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "bare.sqlite";
    must(open_sqlite_store(file, OpenMode::create));
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    const bool is_ready = sqlite3_open(file.c_str(), &database) == SQLITE_OK &&
                          sqlite3_exec(database, "PRAGMA synchronous = FULL", nullptr, nullptr, nullptr) == SQLITE_OK &&
                          sqlite3_prepare_v2(database,
                                             "INSERT INTO records (place, id, hash, received_ms, counted_ms, trust, "
                                             "bytes) VALUES (?, ?, ?, ?, ?, 1, ?)",
                                             -1, &insert, nullptr) == SQLITE_OK;
    survey::check(is_ready, "the store's file opens");
    const auto start = std::chrono::steady_clock::now();
    std::int64_t stored = 0;
    for (std::size_t first = 0; first < kRecordsOfEach; first += batch) {
        for (std::size_t terminal = 0; terminal < all.size(); ++terminal) {
            sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
            for (std::size_t i = first; i < std::min<std::size_t>(first + batch, kRecordsOfEach); ++i) {
                const StoredRecord& record = all[terminal].records[i].record;
                const std::string& packed = all[terminal].records[i].packed;
                const auto place = static_cast<std::int64_t>(terminal + 1) * (survey::kSeqMax + 1) + record.seq;
                sqlite3_bind_int64(insert, 1, place);
                sqlite3_bind_blob64(insert, 2, record.id->bytes.data(), 16, SQLITE_STATIC);
                sqlite3_bind_blob64(insert, 3, record.hash.bytes.data(), 32, SQLITE_STATIC);
                sqlite3_bind_int64(insert, 4, record.received.time_since_epoch().count());
                sqlite3_bind_int64(insert, 5, record.counted_at.time_since_epoch().count());
                sqlite3_bind_blob64(insert, 6, packed.data(), packed.size(), SQLITE_STATIC);
                survey::check(sqlite3_step(insert) == SQLITE_DONE, "a row is inserted");
                sqlite3_reset(insert);
                ++stored;
            }
            sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
        }
    }
    const double per_second = static_cast<double>(stored) / seconds_since(start);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return per_second;
}

}  // namespace

int main() {
    std::vector<Sent> all;
    for (std::int64_t terminal = 0; terminal < kTerminals; ++terminal)
        all.push_back(sent_by(terminal));
    for (const std::size_t batch : {std::size_t{500}, std::size_t{30}}) {
        std::vector<double> rates;
        std::vector<double> ratios;
        double bytes = 0;
        for (int round = 0; round < kRounds; ++round) {
            const tests::TemporaryFolder folder;
            const Measured measured = measure_store(all, batch, folder.path());
            rates.push_back(measured.per_second);
            ratios.push_back(measured.per_second / measure_bare(all, batch, folder.path()));
            bytes = measured.bytes_a_record;
        }
        const std::string by = std::to_string(batch);
        bench::report(("store_share_of_bare_sqlite_by_" + by).c_str(), bench::median(ratios), "ratio", 0.55,
                      bench::Better::more);
        bench::report(("store_bytes_a_record_by_" + by).c_str(), bytes, "bytes", 600, bench::Better::less);
        std::fprintf(stderr, "by %zu: %.0f records/s\n", batch, bench::median(rates));
    }
    return 0;
}
