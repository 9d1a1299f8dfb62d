#include "tests/sim/backend.h"

#include <array>
#include <future>
#include <sstream>
#include <thread>

#include "survey/base/host.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/service/request_handler.h"
#include "sync/backend/service/retention.h"
#include "sync/backend/service/writer.h"
#include "sync/backend/store/data_folder.h"
#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/terminals/bundle_import.h"
#include "sync/backend/terminals/enrolment.h"

namespace hailong::sim {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

const sync::Pages& pages() {
    static const sync::Pages loaded = must(sync::Pages::load(fs::path(HAILONG_SOURCE_DIR) / "assets"));
    return loaded;
}

}  // namespace

struct Backend::Parts {
    Parts(std::unique_ptr<sync::Store> opened, const sync::ServiceKeys& keys, const survey::Clock& clock)
        : store(std::move(opened)),
          inboxes(references),
          statuses(clock),
          writer(*store, references, clock, metrics, [](const std::string&) {}),
          handler({*store, references, inboxes, writer, metrics, pages(), clock, keys, wrong_codes, statuses,
                   [](const std::string&) {}, "sim"},
                  [](sync::Lane, const std::function<void()>& job) {
                      job();
                      return true;
                  }) {}
    std::unique_ptr<sync::Store> store;
    sync::ReferenceCache references;
    sync::InboxCache inboxes;
    sync::Metrics metrics;
    sync::WrongCodes wrong_codes;
    sync::KeptStatuses statuses;
    sync::Writer writer;
    sync::RequestHandler handler;
};

Backend::Backend(const fs::path& folder, const survey::UtcTime& truth, std::uint64_t seed)
    : folder_(folder), truth_(truth), chance_(seed), clock_(truth) {
    fs::create_directories(data());
    (void)must(sync::make_missing_keys(data()));
    keys_ = must(sync::load_keys(data()));
    text_key_ = must(sync::read_text_key(sync::text_key_file(data())));
    (void)must(sync::open_sqlite_store(file(), sync::OpenMode::create));
    open();
    {
        auto transaction = begin();
        must(sync::remember_keys(keys_, transaction->facts()));
        must(transaction->commit());
    }
    teach(1, false);
}

Backend::~Backend() = default;

fs::path Backend::file() const {
    return data() / sync::kStoreFile;
}

sync::HttpResponse Backend::answer(sync::HttpRequest request) {
    std::promise<sync::HttpResponse> answered;
    parts_->handler.handle(std::move(request), sync::Responder([&](sync::HttpResponse response) {
                               answered.set_value(std::move(response));
                           }));
    return answered.get_future().get();
}

void Backend::open() {
    parts_ = std::make_unique<Parts>(must(sync::open_sqlite_store(file(), sync::OpenMode::existing)), keys_, clock_);
    // Its thread makes tokens.
    parts_->writer.run_soon(
        [seed = chance_.seed()](sync::Transaction&) -> sync::StoreResult<void> {
            make_sodium_repeatable(seed);
            return {};
        },
        [](const sync::StoreResult<void>&) {});
}

void Backend::restart() {
    parts_.reset();
    open();
    do_chores();
}

// --- Backups, and what becomes of a store ---------------------------------------------------------------------------

void Backend::back_up() {
    fs::remove_all(backup());
    std::ostringstream said;
    const auto done = sync::back_up({data(), backup()}, clock_, said, said);
    survey::check(done == sync::Exit::done, said.str().c_str());
    backed_up_ = truth_;
}

std::optional<survey::milliseconds> Backend::backup_age() const {
    if (!backed_up_) return std::nullopt;
    return truth_ - *backed_up_;
}

void Backend::put_backup_in_place() {
    if (fs::exists(data())) fs::rename(data(), folder_ / ("moved-away-" + std::to_string(++moved_away_)));
    fs::create_directories(data());
    std::ostringstream said;
    sync::RestoreOptions options;
    options.data = data();
    options.folder = backup();
    const auto done = sync::restore(options, clock_, said, said);
    survey::check(done == sync::Exit::done, said.str().c_str());
}

void Backend::restore() {
    parts_.reset();
    put_backup_in_place();
    open();
}

void Backend::lose(Loss loss, Chance& chance) {
    const std::string log = file().string() + "-wal";
    switch (loss) {
        case Loss::file_removed:
            fs::remove(file());
            break;
        case Loss::log_removed:
            fs::remove(log);
            break;
        case Loss::file_cut:
            fs::resize_file(
                file(), static_cast<std::uintmax_t>(chance.below(static_cast<std::int64_t>(fs::file_size(file())))));
            break;
        case Loss::file_emptied:
            fs::resize_file(file(), 0);
            break;
        case Loss::file_swapped:
            fs::copy_file(backup() / sync::kStoreFile, data() / "swapped");
            fs::rename(data() / "swapped", file());
            break;
        case Loss::folder_moved:
            fs::rename(data(), folder_ / ("moved-away-" + std::to_string(++moved_away_)));
            fs::create_directories(data());
            break;
    }
}

bool Backend::recover() {
    parts_.reset();
    if (is_store_whole()) {
        open();
        return false;
    }
    put_backup_in_place();
    open();
    return true;
}

bool Backend::is_store_whole() const {
    if (!sync::check_sqlite_store(file())) return false;
    const auto opened = sync::open_sqlite_store(file(), sync::OpenMode::existing);
    if (!opened) return false;
    const auto reader = (*opened)->read();
    const auto report = reader ? sync::verify(**reader) : unexpected(reader.error());
    return report && report->differences.empty();
}

bool Backend::takes_other_keys_when_spoiled(Chance& chance) {
    static constexpr std::array kNames = {"sign.key", "transport.key", "text.pub", "text.key"};
    const fs::path key = sync::keys_folder(data()) / kNames.at(static_cast<std::size_t>(chance.below(kNames.size())));
    const std::string whole = must(survey::read_file(key));
    std::string spoiled = whole;
    char& byte = spoiled.at(static_cast<std::size_t>(chance.below(static_cast<std::int64_t>(spoiled.size()))));
    byte = static_cast<char>(byte ^ (1 << chance.below(8)));
    must(survey::write_file(key, spoiled));
    const auto taken = sync::load_keys_of(data(), store());
    must(survey::write_file(key, whole));
    return taken && !(*taken == keys_);
}

// --- What it knows and does ------------------------------------------------------------------------------------------

void Backend::learn() {
    teach(2, true);
}

void Backend::teach(int version, bool with_new_officer) {
    auto transaction = begin();
    must(transaction->documents().put_questionnaire({questionnaire(version).ref, questionnaire_json(version)}));
    must(transaction->documents().put_center(kCenter, center_json(with_new_officer)));
    must(transaction->commit());
}

void Backend::do_chores() {
    // It does them once when it begins, and finishes that before it ends.
    const sync::TextRetention retention(parts_->writer, clock_, std::chrono::days{365}, [](const std::string&) {});
}

std::int64_t Backend::erased_texts() {
    return must(must(store().read())->counts()).erasures;
}

std::string Backend::new_code(const std::string& kiosk, Chance& chance) {
    std::array<std::uint8_t, sync::kCodeCharacters> random{};
    for (std::uint8_t& byte : random)
        byte = static_cast<std::uint8_t>(chance.below(256));
    const std::string code = sync::make_code(random);
    auto transaction = begin();
    must(sync::keep_code(code, {kiosk}, kCenter, clock_.now() + hours(1), *transaction));
    must(transaction->commit());
    return code;
}

std::string Backend::import(const std::string& bundle) {
    const auto imported = sync::import_bundle(bundle, {*parts_->store, parts_->references, keys_, clock_});
    return imported ? sync::encode(imported->answer, keys_.sign) : std::string();
}

void Backend::close_writer() {
    parts_.reset();
    quiet_ = must(sync::open_sqlite_store(file(), sync::OpenMode::existing));
}

sync::Store& Backend::store() {
    return quiet_ ? *quiet_ : *parts_->store;
}

std::unique_ptr<sync::Transaction> Backend::begin() {
    for (;;) {
        auto transaction = store().write();
        if (transaction || transaction.error().kind != sync::StoreErrorKind::busy) return must(std::move(transaction));
        std::this_thread::yield();
    }
}

}  // namespace hailong::sim
