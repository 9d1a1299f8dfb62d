// A small center, its questionnaires, and terminals that fill valid batches: what the backend's tests and benchmarks
// are made of. Deterministic.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "survey/base/check.h"
#include "survey/record.h"
#include "sync/backend/figures/release.h"
#include "sync/backend/ingest/ingest.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"

namespace hailong::sync::sample {

using tests::TemporaryFolder;

/// A questionnaire in the shape of the one wards use; `version` 2 has another wording, `levels` 3 another scale.
inline std::string questionnaire_json(const std::string& id, int version, int levels = 5) {
    std::string options;
    for (int level = levels; level >= 1; --level) {
        const std::string value = std::to_string(level);
        options += std::string(options.empty() ? "" : ",") + R"({"value":")" + value + R"(","label":{"vi":"Mức )" +
                   value + R"(","en":"Level )" + value + R"("},"level":)" + value +
                   (level * 5 > levels * 3 ? R"(,"satisfied":true)" : "") + R"(,"icon":"face_)" + value + R"("})";
    }
    const std::string text = version == 1 ? "Hài lòng không?" : "Ông/Bà có hài lòng không?";
    return R"({"format":1,"id":")" + id + R"(","version":)" + std::to_string(version) +
           R"(,"effective_from":"2026-01-01","name":{"vi":"Phiếu","en":"Form"},"basis":"test","scales":{"sat":[)" +
           options + R"(]},"items":[)" + R"({"id":"overall","type":"scale","text":{"vi":")" + text +
           R"(","en":"Satisfied?"},"required":true,"scale":"sat"},)" +
           R"({"id":"counter","type":"counter","text":{"vi":"Quầy nào?","en":"Which counter?"}},)" +
           R"({"id":"officer","type":"officer","text":{"vi":"Ai?","en":"Who?"}},)" +
           R"({"id":"o_all","type":"scale","about":"officer","text":{"vi":"Công chức?","en":"Officer?"},"scale":"sat"},)" +
           R"({"id":"reason","type":"multi","text":{"vi":"Vì sao?","en":"Why?"},"show_if":{"item":"overall","op":"<=","value":")" +
           std::to_string(levels == 5 ? 3 : 2) + R"("},"options":[)" +
           R"({"value":"wait","label":{"vi":"Phải chờ lâu","en":"Long wait"}},)" +
           R"({"value":"cost","label":{"vi":"=1+1","en":"=1+1"}}]}]})";
}

inline std::string center_json(const std::string& id = "mau", const std::string& extra = "") {
    return R"({"format":1,"id":")" + id +
           R"(","name":{"vi":"Trung tâm <mẫu> & \"thử\"","en":"Sample <center>"},"parent":{"vi":"UBND phường Mẫu","en":"Sample Ward"},)" +
           R"("questionnaire":"W5","headline":"overall","objective":{"more_than_percent":90},"periods":{"cut_off_day":0},"officer_n_min":10,)" +
           R"("counters":[{"id":"A","number":1,"name":{"vi":"Quầy A","en":"Counter A"},"short_name":{"vi":"A","en":"A"}},)" +
           R"({"id":"B","number":2,"name":{"vi":"Quầy B","en":"Counter B"},"short_name":{"vi":"B","en":"B"}}],)" +
           R"("officers":[{"id":"a-01","name":"Nguyễn Thị Một","post":{"vi":"Công chức","en":"Officer"},"counter":"A"},)" +
           R"({"id":"b-01","name":"Trần Văn Hai","post":{"vi":"Công chức","en":"Officer"},"counter":"B"}],)" +
           R"("fields":[{"id":"ho-tich","name":{"vi":"Hộ tịch","en":"Civil status"}},{"id":"dat-dai","name":{"vi":"Đất đai","en":"Land"}}],)" +
           R"("procedures":[{"id":"p-1","name":{"vi":"Khai sinh","en":"Birth"},"field":"ho-tich","counter":"A"}])" +
           extra + "}";
}

/// A complete, valid answer to W5 version 1: `overall` satisfied or not, at counter A.
inline survey::Response visit(std::uint64_t number, const std::string& overall = "5",
                              survey::UtcTime finished = noon()) {
    survey::Response response;
    response.id = uuid(number, finished);
    response.questionnaire = {{"W5"}, 1};
    response.started.utc = finished - std::chrono::seconds(12);
    response.started.monotonic = survey::MonoTime(std::chrono::seconds(1000));
    response.finished.utc = finished;
    response.finished.monotonic = survey::MonoTime(std::chrono::seconds(1012));
    response.boot_id = "4be4a5a2-1111-4222-8333-444455556666";
    response.server_offset = survey::milliseconds{0};
    response.context.center = {"mau"};
    response.context.counter = {"A"};
    response.context.officer = {"a-01"};
    response.context.field = {"ho-tich"};
    response.context.procedure = {"p-1"};
    response.answers = {{{"overall"}, {overall}, {}}, {{"o_all"}, {overall}, {}}};
    if (overall <= "3") response.answers.push_back({{"reason"}, {"wait"}, {}});
    response.complete = true;
    return response;
}

/// W5 version 3: it asks for texts, too.
inline std::string questionnaire_with_words_json() {
    std::string json = questionnaire_json("W5", 3);
    return json.insert(json.rfind("]}"), R"(,{"id":"comment","type":"text","text":{"vi":"Góp ý","en":"Comment"}})");
}

/// An answer to it that names texts for "comment".
inline survey::Response visit_with_text(std::uint64_t number) {
    survey::Response response = visit(number);
    response.questionnaire.version = 3;
    response.answers.push_back({{"comment"}, {}, survey::sha256("texts")});
    return response;
}

/// The sample center with one officer more, c-01.
inline std::string grown_center_json() {
    std::string json = center_json();
    return json.insert(json.find("\"officers\":[") + 12,
                       R"({"id":"c-01","name":"Mới","post":{"vi":"Công chức","en":"Officer"},"counter":"A"},)");
}

/// The key that the terminal signs with: the same for the same id.
inline survey::SignSecretKey sign_key(const std::string& kiosk) {
    return {survey::sha256("the key of " + kiosk).bytes};
}

/// The batch as it arrives when `header`'s terminal sends it.
inline Batch sent(const BatchHeader& header, const std::vector<std::string>& records,
                  const std::vector<survey::SealedText>& texts = {}) {
    auto batch = decode_batch(encode_batch(header, records, texts, sign_key(header.kiosk.text)));
    survey::check(batch.has_value(), "a sample batch keeps the limits");
    return std::move(*batch);
}

/// A terminal's journal in memory: its records, their chain, and batches cut from it.
class Journal {
  public:
    explicit Journal(std::string kiosk) : kiosk_{std::move(kiosk)} {}

    void add(const survey::Response& response) { add_bytes(survey::encode({kiosk_, size() + 1, response})); }
    void add_bytes(std::string bytes) {
        values_.push_back(survey::chain(hash_at(size()), bytes));
        records_.push_back(std::move(bytes));
    }

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(records_.size()); }
    [[nodiscard]] survey::Digest hash_at(std::int64_t seq) const {
        return seq == 0 ? survey::kChainStart : values_[static_cast<std::size_t>(seq - 1)];
    }
    [[nodiscard]] const std::string& bytes_at(std::int64_t seq) const {
        return records_[static_cast<std::size_t>(seq - 1)];
    }
    [[nodiscard]] const survey::KioskId& kiosk() const { return kiosk_; }

    /// What the terminal says of records `first` to `last`, both included.
    [[nodiscard]] BatchHeader header(std::int64_t first, std::int64_t last) const {
        BatchHeader header;
        header.kiosk = kiosk_;
        header.first_seq = first;
        header.count = last - first + 1;
        header.previous_hash = hash_at(first - 1);
        header.last_hash = hash_at(last);
        header.sent = noon();
        header.counters.collected = size();
        return header;
    }
    [[nodiscard]] std::vector<std::string> records(std::int64_t first, std::int64_t last) const {
        return {records_.begin() + (first - 1), records_.begin() + last};
    }
    [[nodiscard]] Batch batch(std::int64_t first, std::int64_t last) const {
        return sent(header(first, last), records(first, last));
    }
    [[nodiscard]] Batch all() const { return batch(1, size()); }

  private:
    survey::KioskId kiosk_;
    std::vector<std::string> records_;
    std::vector<survey::Digest> values_;
};

/// Puts center `mau`, questionnaires W5 (versions 1 and 2) and the named terminals into an empty store.
/// A terminal's token is "token-" and its id.
inline void fill(Store& store, const std::vector<std::string>& kiosks) {
    auto transaction = must(store.write());
    must(transaction->documents().put_center({"mau"}, center_json()));
    must(transaction->documents().put_questionnaire({{{"W5"}, 1}, questionnaire_json("W5", 1)}));
    must(transaction->documents().put_questionnaire({{{"W5"}, 2}, questionnaire_json("W5", 2)}));
    for (const std::string& kiosk : kiosks) {
        Terminal terminal;
        terminal.kiosk = {kiosk};
        terminal.center = {"mau"};
        terminal.token_hash = to_hex(survey::sha256("token-" + kiosk));
        terminal.key = survey::public_half(sign_key(kiosk));
        must(transaction->terminals().put(terminal));
        must(transaction->terminals().add_key({terminal.kiosk, *terminal.key, noon()}));
    }
    must(transaction->commit());
}

constexpr std::size_t kAll = 100'000;

inline std::vector<StoredRecord> records(Store& store, const survey::KioskId& kiosk) {
    return must(must(store.read())->records().page(kiosk, 1, kAll));
}
/// REQUIRES: it is stored.
inline StoredRecord record(Store& store, const survey::KioskId& kiosk, std::int64_t seq) {
    auto page = must(must(store.read())->records().page(kiosk, seq, 1));
    survey::check(!page.empty() && page.front().seq == seq, "the record is stored");
    return page.front();
}
inline std::vector<StoredText> texts(Store& store) {
    return must(must(store.read())->texts().page({}, kAll));
}
inline std::vector<Incident> incidents(Store& store) {
    return must(must(store.read())->incidents().newest(kAll));
}
/// Of the terminals of center `mau`.
inline std::vector<TerminalDay> days(Store& store) {
    return must(must(store.read())
                    ->terminals()
                    .days({"mau"}, *survey::parse_date("1970-01-01"), *survey::parse_date("9999-12-31")));
}
/// Of center `mau`.
inline survey::TallySheet tallies(Store& store) {
    survey::TallySheet sheet;
    for (const TallyRow& row : must(must(store.read())->tallies().of_center({"mau"})))
        survey::check(sheet.emplace(row.key, row.tally).second, "each row stands once");
    return sheet;
}
inline void add_text(Transaction& transaction, const StoredText& text) {
    must(transaction.texts().add({&text, 1}));
}
inline void erase_text(Transaction& transaction, const Erasure& erasure) {
    (void)must(transaction.texts().erase({&erasure, 1}));
}
inline void add_incident(Transaction& transaction, const Incident& incident) {
    must(transaction.incidents().add({&incident, 1}));
}

/// An opened store of its own with what fill() puts in.
struct Backend {
    explicit Backend(const std::vector<std::string>& kiosks = {"K1"}) {
        store = must(open_sqlite_store(file(), OpenMode::create));
        fill(*store, kiosks);
        reference = must(load_reference(*must(store->read())));
    }
    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "backend.sqlite"; }

    /// As it stands now; one without a key where there is none.
    [[nodiscard]] Terminal terminal(const std::string& kiosk = "K1") const {
        Terminal unknown;
        unknown.kiosk = {kiosk};
        return must(must(store->read())->terminals().terminal({kiosk})).value_or(unknown);
    }
    /// `batch` as it is when it reaches the writer.
    [[nodiscard]] PreparedBatch prepared(const Batch& batch, const std::string& kiosk = "K1",
                                         survey::UtcTime received = noon()) const {
        return prepare(batch, terminal(kiosk), reference, received);
    }
    /// One batch in its own transaction, as the writer does it.
    StoreResult<IngestAnswer> take(const Batch& batch, const std::string& kiosk = "K1",
                                   survey::UtcTime received = noon()) {
        return take(prepared(batch, kiosk, received));
    }
    StoreResult<IngestAnswer> take(PreparedBatch batch) {
        return with_tallies(*store, [&](Transaction& transaction, CenterSheets& sheets) {
            return sync::take(batch, reference, transaction, sheets);
        });
    }

    /// A center or questionnaire that came later, known from now on.
    void put_center(const std::string& json) {
        auto transaction = must(store->write());
        must(transaction->documents().put_center({"mau"}, json));
        must(transaction->commit());
        transaction.reset();
        reference = must(load_reference(*must(store->read())));
    }
    void put_questionnaire(int version, const std::string& json) {
        auto transaction = must(store->write());
        must(transaction->documents().put_questionnaire({{{"W5"}, version}, json}));
        must(transaction->commit());
        transaction.reset();
        reference = must(load_reference(*must(store->read())));
    }

    TemporaryFolder folder;
    std::unique_ptr<Store> store;
    Reference reference;

    /// Makes the figures of the days before `today` public.
    void release(survey::Date today) const {
        auto transaction = must(store->write());
        for (const survey::Center& center : reference.centers) {
            const auto prepared = must(prepare_release(*transaction, reference.questionnaires, center, today));
            if (prepared) must(write_release(*prepared, transaction->public_tallies()));
        }
        must(transaction->commit());
    }
};

}  // namespace hailong::sync::sample
