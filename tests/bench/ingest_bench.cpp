// What decoding, validating, chaining and counting cost on top of storing: signed batches of 500 with text in every
// tenth record through ingest and its tallies, against the bare insertion of the same records, as they came, into a
// table with an index of places and one of ids, 500 a commit. So the yardstick stays what it is when the store keeps
// less. Both in WAL with synchronous=FULL, in turns within one run; the figures are medians of the ratios. Once on one
// thread, once as the service does it: one thread prepares what the other stores. And what proof costs of it: checking
// the signature, hashing the chain and the texts, storing the texts, as a share of the time of the whole.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <random>

#include <sqlite3.h>

#include "tests/bench/report.h"
#include "tests/sync/backend/sample.h"

namespace {

using namespace hailong;
using namespace hailong::sync;
using sample::must;

constexpr std::int64_t kBatch = 500;
constexpr std::int64_t kRecords = 10'000;  // a round
constexpr int kRounds = 7;
constexpr std::int64_t kTextEvery = 10;

/// Visits over eight counters' worth of answers, two weeks, some with reasons: what a busy terminal holds.
sample::Journal filled_journal() {
    std::mt19937 random(20'261'122);
    sample::Journal journal("K1");
    for (std::int64_t i = 0; i < kRecords; ++i) {
        const auto number = static_cast<std::uint64_t>(i);
        const survey::UtcTime time = sample::noon() + std::chrono::seconds(i * 120);
        survey::Response response =
            sample::visit(number, std::to_string(5 - (random() % 16 == 0 ? random() % 5 : random() % 2)), time);
        if (random() % 2 == 0) {
            response.context.counter = {"B"};
            response.context.officer = {"b-01"};
            response.context.field = {"dat-dai"};
            response.context.procedure = {};
        }
        if (i % kTextEvery == 0) {
            response.questionnaire.version = 3;
            response.answers.push_back({{"comment"}, {}, survey::sha256("text")});
        }
        journal.add(response);
    }
    return journal;
}

/// Sealed text as long as a short comment makes them.
std::vector<survey::SealedText> texts_of(std::int64_t first) {
    std::vector<survey::SealedText> texts;
    for (std::int64_t seq = first; seq < first + kBatch; ++seq) {
        if ((seq - 1) % kTextEvery == 0) texts.push_back({seq, {"comment"}, std::string(304, 'x')});
    }
    return texts;
}

std::string body_of(const sample::Journal& journal, std::int64_t first, const std::vector<survey::SealedText>& texts) {
    const std::int64_t last = first + kBatch - 1;
    BatchHeader header = journal.header(first, last);
    header.boot = "another start: every record's time needs its offset";
    header.sent_monotonic = std::chrono::hours(1);
    for (int day = 0; day < 60; ++day)
        header.counters.days[survey::local_date(sample::noon() - std::chrono::days(day))] = 250;
    return encode_batch(header, journal.records(first, last), texts, sample::sign_key("K1"));
}

/// After the last visit, so that every time is possible.
const survey::UtcTime kReceived = sample::noon() + std::chrono::days(30);

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

PreparedBatch prepared(const std::string& body, const Terminal& terminal, const Reference& reference) {
    auto batch = decode_batch(body);
    survey::check(batch.has_value(), "the benchmark's batches are sound");
    return prepare(std::move(*batch), terminal, reference, kReceived);
}

void store(sample::Backend& backend, PreparedBatch batch) {
    const auto answer = must(backend.take(std::move(batch)));
    survey::check(answer.has_value() && answer->quarantined == 0, "every record counts");
}

/// Records a second through frame decoding and ingest, one commit a batch.
double measure_ingest(const std::vector<std::string>& bodies) {
    sample::Backend backend;
    backend.put_questionnaire(3, sample::questionnaire_with_words_json());
    const auto start = std::chrono::steady_clock::now();
    for (const std::string& body : bodies)
        store(backend, prepared(body, backend.terminal(), backend.reference));
    return static_cast<double>(kRecords) / seconds_since(start);
}

/// The same with one thread that prepares and one that stores; each terminal's next batch comes when its last was
/// stored, so it is known how far the terminal is.
double measure_two_threads(const std::vector<std::string>& bodies) {
    sample::Backend backend;
    backend.put_questionnaire(3, sample::questionnaire_with_words_json());
    Terminal terminal = backend.terminal();
    const auto next = [&](std::size_t index) {
        PreparedBatch batch = prepared(bodies[index], terminal, backend.reference);
        terminal.last_seq = batch.last_seq();
        terminal.last_counted = batch.addition.last_counted;
        return batch;
    };
    const auto start = std::chrono::steady_clock::now();
    PreparedBatch waiting = next(0);
    for (std::size_t i = 1; i <= bodies.size(); ++i) {
        std::future<PreparedBatch> following;
        if (i < bodies.size()) following = std::async(std::launch::async, next, i);
        store(backend, std::move(waiting));
        if (following.valid()) waiting = following.get();
    }
    return static_cast<double>(kRecords) / seconds_since(start);
}

/// Seconds a batch for what makes it provable: signature, chain, the hash of the texts and keeping them.
double measure_proof(const std::vector<std::string>& bodies) {
    sample::Backend backend;
    const survey::SignPublicKey key = survey::public_half(sample::sign_key("K1"));
    std::vector<Batch> batches;
    for (const std::string& body : bodies)
        batches.push_back(*decode_batch(body));
    auto transaction = must(backend.store->write());
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const Batch& batch = batches[i];
        survey::check(is_signed_by(batch.header_bytes, batch.signature, key), "the benchmark's batches are signed");
        survey::Digest value = batch.header.previous_hash;
        for (const std::string& record : batch.records)
            value = survey::chain(value, record);
        survey::check(value == batch.header.last_hash, "the benchmark's chains are sound");
        std::string text_lines;
        std::vector<StoredText> texts;
        for (const survey::SealedText& sealed : batch.texts) {
            const std::string line = survey::to_base64(sealed.bytes);
            survey::check(survey::parse_base64(line).has_value(), "a sealed text comes back");
            text_lines += line;
            texts.push_back({{{"K1"}, sealed.seq, sealed.item}, sealed.bytes, kReceived});
        }
        survey::check(survey::sha256(text_lines) != survey::kChainStart, "texts have a hash");
        must(transaction->texts().add(texts));
    }
    const double seconds = seconds_since(start);
    must(transaction->commit());
    return seconds / static_cast<double>(bodies.size());
}

struct Row {
    std::int64_t seq;
    std::string id;
    std::string hash;
    std::string bytes;
};

/// Records a second by bare insertion.
double measure_bare(const std::vector<Row>& rows) {
    const sample::Backend backend;
    const std::filesystem::path file = backend.file().parent_path() / "bare.db";
    sqlite3* database = nullptr;
    survey::check(sqlite3_open(file.c_str(), &database) == SQLITE_OK, "a file opens");
    const char* const schema =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE records (kiosk TEXT NOT NULL, seq INTEGER NOT NULL, id BLOB, hash BLOB NOT NULL, bytes BLOB NOT "
        "NULL, received_ms INTEGER NOT NULL, counted_ms INTEGER, trust TEXT NOT NULL) STRICT;"
        "CREATE UNIQUE INDEX records_place ON records (kiosk, seq); CREATE UNIQUE INDEX records_id ON records (id);";
    survey::check(sqlite3_exec(database, schema, nullptr, nullptr, nullptr) == SQLITE_OK, "a table is made");
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(database,
                       "INSERT INTO records (seq, id, hash, bytes, received_ms, counted_ms, kiosk, trust) "
                       "VALUES (?, ?, ?, ?, ?, ?, 'K1', 'trusted')",
                       -1, &insert, nullptr);
    const auto blob = [&](int index, const std::string& bytes) {
        sqlite3_bind_blob(insert, index, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    };
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t first = 0; first < rows.size(); first += kBatch) {
        sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        for (std::size_t i = first; i < std::min(rows.size(), first + kBatch); ++i) {
            sqlite3_bind_int64(insert, 1, rows[i].seq);
            blob(2, rows[i].id);
            blob(3, rows[i].hash);
            blob(4, rows[i].bytes);
            sqlite3_bind_int64(insert, 5, 1'700'000'000'000);
            sqlite3_bind_int64(insert, 6, 1'700'000'000'000);
            survey::check(sqlite3_step(insert) == SQLITE_DONE, "a row goes in");
            sqlite3_reset(insert);
        }
        survey::check(sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK, "it is durable");
    }
    const double seconds = seconds_since(start);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return static_cast<double>(kRecords) / seconds;
}

}  // namespace

int main() {
    const sample::Journal journal = filled_journal();
    std::vector<std::string> bodies;
    for (std::int64_t first = 1; first <= kRecords; first += kBatch) {
        bodies.push_back(body_of(journal, first, texts_of(first)));
    }
    std::vector<Row> rows;
    for (std::int64_t seq = 1; seq <= kRecords; ++seq) {
        const auto record = survey::decode(journal.bytes_at(seq));
        survey::check(record.has_value(), "the benchmark's records are sound");
        const auto text = [](const auto& bytes) { return std::string(bytes.begin(), bytes.end()); };
        rows.push_back({seq, text(record->response.id.bytes), text(journal.hash_at(seq).bytes), journal.bytes_at(seq)});
    }
    std::vector<double> ingest;
    std::vector<double> bare;
    std::vector<double> two_threads;
    std::vector<double> ratios;
    std::vector<double> two_ratios;
    std::vector<double> proofs;
    for (int round = 0; round < kRounds; ++round) {
        ingest.push_back(measure_ingest(bodies));
        bare.push_back(measure_bare(rows));
        two_threads.push_back(measure_two_threads(bodies));
        two_ratios.push_back(two_threads.back() / bare.back());
        ratios.push_back(ingest.back() / bare.back());
        proofs.push_back(measure_proof(bodies) * ingest.back() / static_cast<double>(kBatch));
    }
    bench::report("ingest_share_of_bare_sqlite", bench::median(ratios), "ratio", 0.55, bench::Better::more);
    bench::report("proof_share_of_ingest", bench::median(proofs), "ratio", 0.15, bench::Better::less);
    bench::report("ingest_on_two_threads_share_of_bare_sqlite", bench::median(two_ratios), "ratio", 0.55,
                  bench::Better::more);
    std::fprintf(stderr, "ingest %.0f records/s, on two threads %.0f, bare SQLite %.0f\n", bench::median(ingest),
                 bench::median(two_threads), bench::median(bare));
    return 0;
}
