#include "tests/sim/simulator.h"

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include <sodium.h>
#include <unistd.h>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "kiosk/recovery/repair.h"
#include "survey/base/check.h"
#include "survey/base/host.h"
#include "survey/crypto/sealed_text.h"
#include "survey/record.h"
#include "sync/backend/audit/verify.h"
#include "sync/backend/ingest/reprocess.h"
#include "sync/backend/service/request_handler.h"
#include "sync/backend/service/writer.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/terminals/bundle_import.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/keys.h"
#include "sync/client/client.h"
#include "sync/client/enrol.h"
#include "sync/client/offline_bundle.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/inbox.h"

namespace hailong::sim {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;
using survey::UtcTime;

const survey::CenterId kCenter{"sim"};
constexpr std::int64_t kSteps = 42;
constexpr int kTerminals = 2;
/// A terminal keeps what it delivered for so long; a backend's copy is never older.
constexpr auto kRetention = hours(24 * 35);

/// All chance of one history comes from here.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}
    /// 0 to `end` - 1.
    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(end));
    }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    survey::UuidEntropy entropy() {
        survey::UuidEntropy bytes{};
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(engine_());
        return bytes;
    }

  private:
    std::mt19937_64 engine_;
};

/// What a machine believes the time is: the true time, off by as much as its battery and its users made it.
class MachineClock final : public survey::Clock {
  public:
    explicit MachineClock(const UtcTime& truth) : truth_(truth), booted_(truth) {}
    [[nodiscard]] UtcTime now() const override { return truth_ + off_; }
    [[nodiscard]] survey::MonoTime monotonic() const override { return survey::MonoTime{truth_ - booted_}; }
    void boot() { booted_ = truth_; }
    void set_off(milliseconds off) { off_ = off; }

  private:
    const UtcTime& truth_;
    UtcTime booted_;
    milliseconds off_{0};
};

/// Version 2 asks in other words; the backend learns of it later than some terminals.
std::string questionnaire_json(int version) {
    const std::string text = version == 1 ? "Hài lòng không?" : "Ông/Bà có hài lòng không?";
    return R"({"format":1,"id":"SIM","version":)" + std::to_string(version) +
           R"(,"effective_from":"2026-01-01","name":{"vi":"Phiếu","en":"Form"},"basis":"test","scales":{"sat":[)"
           R"({"value":"3","label":{"vi":"Hài lòng","en":"Satisfied"},"level":3,"satisfied":true,"icon":"face_5"},)"
           R"({"value":"1","label":{"vi":"Không","en":"Not"},"level":1,"icon":"face_1"}]},"items":[)"
           R"({"id":"overall","type":"scale","text":{"vi":")" +
           text +
           R"(","en":"Satisfied?"},"required":true,"scale":"sat"},)"
           R"({"id":"officer","type":"officer","text":{"vi":"Ai?","en":"Who?"}},)"
           R"({"id":"comment","type":"text","text":{"vi":"Góp ý","en":"Comment"}}]})";
}

std::string center_json(bool with_new_officer) {
    return std::string(
               R"({"format":1,"id":"sim","name":{"vi":"Trung tâm","en":"Center"},)"
               R"("parent":{"vi":"Phường","en":"Ward"},"questionnaire":"SIM","headline":"overall",)"
               R"("objective":{"more_than_percent":90},"periods":{"cut_off_day":0},"officer_n_min":10,)"
               R"("counters":[{"id":"A","number":1,"name":{"vi":"Quầy A","en":"Counter A"},)"
               R"("short_name":{"vi":"A","en":"A"}}],"officers":[)"
               R"({"id":"o1","name":"Nguyễn Thị Một","post":{"vi":"Công chức","en":"Officer"},"counter":"A"})") +
           (with_new_officer
                ? R"(,{"id":"o2","name":"Trần Văn Hai","post":{"vi":"Công chức","en":"Officer"},"counter":"A"})"
                : "") +
           R"(],"fields":[],"procedures":[]})";
}

survey::Questionnaire questionnaire(int version) {
    auto parsed = survey::parse_questionnaire(questionnaire_json(version));
    survey::check(parsed.has_value(), "the simulated questionnaire is whole");
    return std::move(*parsed);
}

/// The history goes on only when the world itself works.
template <class Result>
auto must(Result result) {
    if (!result) {
        if constexpr (requires { result.error().what; }) survey::check(false, result.error().what.c_str());
        survey::check(false, "the simulated world works");
    }
    if constexpr (!std::is_void_v<typename Result::value_type>) return std::move(*result);
}

/// What libsodium calls random in a history: of its seed alone, for each thread its own. A seed that found something
/// must find it again, and the length of a compressed batch depends on its keys.
thread_local std::mt19937_64 sodium_chance;  // NOLINT(cert-msc51-cpp): repeatable on purpose

void make_sodium_repeatable() {
    static randombytes_implementation repeatable = {[] { return "a history's seed"; },
                                                    [] { return static_cast<std::uint32_t>(sodium_chance()); },
                                                    nullptr,
                                                    nullptr,
                                                    [](void* const bytes, const std::size_t size) {
                                                        for (std::size_t i = 0; i < size; ++i)
                                                            static_cast<unsigned char*>(bytes)[i] =
                                                                static_cast<unsigned char>(sodium_chance());
                                                    },
                                                    nullptr};
    static const bool is_done = randombytes_set_implementation(&repeatable) == 0 && sodium_init() >= 0;
    survey::check(is_done, "libsodium takes its random from the history");
}

const sync::Pages& pages() {
    static const sync::Pages loaded = must(sync::Pages::load(fs::path(HAILONG_SOURCE_DIR) / "assets"));
    return loaded;
}

// --- The backend -----------------------------------------------------------------------------------------------------

/// The shipped request handler, writer and store; its database can be copied and put back.
class Backend {
  public:
    Backend(fs::path folder, const UtcTime& truth) : folder_(std::move(folder)), clock_(truth) {
        fs::create_directories(folder_);
        keys_ = {survey::make_sign_key(), survey::make_box_key(), survey::public_half(words_)};
        open(sync::OpenMode::create);
        teach(questionnaire(1).ref, questionnaire_json(1), center_json(false));
    }

    [[nodiscard]] sync::HttpResponse answer(sync::HttpRequest request) {
        std::promise<sync::HttpResponse> answered;
        parts_->handler.handle(std::move(request), sync::Responder([&](sync::HttpResponse response) {
                                   answered.set_value(std::move(response));
                               }));
        return answered.get_future().get();
    }

    void restart() {
        parts_.reset();
        open(sync::OpenMode::existing);
    }
    void back_up() {
        parts_.reset();
        move(file(), copy());
        open(sync::OpenMode::existing);
        backed_up_ = clock_.now();
    }
    /// How old the copy is; empty when there is none.
    [[nodiscard]] std::optional<milliseconds> copy_age() const {
        if (!backed_up_) return std::nullopt;
        return clock_.now() - *backed_up_;
    }
    void restore() {
        parts_.reset();
        move(copy(), file());
        open(sync::OpenMode::existing);
    }

    /// What terminals knew before the backend did: a new version of the questionnaire, an officer.
    void learn() { teach(questionnaire(2).ref, questionnaire_json(2), center_json(true)); }

    [[nodiscard]] std::string new_code(const std::string& kiosk, Chance& chance) {
        std::array<std::uint8_t, sync::kCodeCharacters> random{};
        for (std::uint8_t& byte : random)
            byte = static_cast<std::uint8_t>(chance.below(256));
        const std::string code = sync::make_code(random);
        auto transaction = begin();
        must(sync::keep_code(code, {kiosk}, kCenter, clock_.now() + hours(1), *transaction));
        must(transaction->commit());
        return code;
    }

    /// What goes back on the bundle; empty when the bundle was refused.
    [[nodiscard]] std::string import(const std::string& bundle) {
        const auto imported = sync::import_bundle(bundle, {*parts_->store, parts_->references, keys_, clock_});
        return imported ? sync::encode(imported->answer, keys_.sign) : std::string();
    }

    /// Nobody writes any more but the story itself.
    void close_writer() {
        parts_.reset();
        quiet_ = must(sync::open_sqlite_store(file(), sync::OpenMode::existing));
    }

    [[nodiscard]] sync::Store& store() { return quiet_ ? *quiet_ : *parts_->store; }
    [[nodiscard]] const sync::ServiceKeys& keys() const { return keys_; }
    [[nodiscard]] const survey::BoxSecretKey& text_key() const { return words_; }
    [[nodiscard]] const survey::Clock& clock() const { return clock_; }

  private:
    struct Parts {
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

    [[nodiscard]] fs::path file() const { return folder_ / "backend.sqlite"; }
    [[nodiscard]] fs::path copy() const { return folder_ / "backup.sqlite"; }
    /// A database is its file and its log; the other end's index of the log is worth nothing.
    static void move(const fs::path& from, const fs::path& to) {
        for (const char* part : {"", "-wal", "-shm"})
            fs::remove(to.string() + part);
        for (const char* part : {"", "-wal"}) {
            if (fs::exists(from.string() + part)) fs::copy_file(from.string() + part, to.string() + part);
        }
    }
    /// Waits for the writer's own thread.
    [[nodiscard]] std::unique_ptr<sync::Transaction> begin() {
        for (;;) {
            auto transaction = store().write();
            if (transaction || transaction.error().kind != sync::StoreErrorKind::busy)
                return must(std::move(transaction));
            std::this_thread::yield();
        }
    }
    void open(sync::OpenMode mode) {
        parts_ = std::make_unique<Parts>(must(sync::open_sqlite_store(file(), mode)), keys_, clock_);
    }
    void teach(const survey::QuestionnaireRef& ref, const std::string& form, const std::string& center) {
        auto transaction = begin();
        must(transaction->documents().put_questionnaire({ref, form}));
        must(transaction->documents().put_center(kCenter, center));
        must(transaction->commit());
    }

    fs::path folder_;
    MachineClock clock_;
    survey::BoxSecretKey words_ = survey::make_box_key();
    sync::ServiceKeys keys_;
    std::unique_ptr<Parts> parts_;
    std::unique_ptr<sync::Store> quiet_;
    std::optional<UtcTime> backed_up_;
};

// --- The network -----------------------------------------------------------------------------------------------------

/// Loses, cuts, repeats, reorders and answers for others, as often as `storm` says.
class Network final : public sync::Transport {
  public:
    Network(Backend& backend, Chance& chance, Census& census) : backend_(backend), chance_(chance), census_(census) {}

    std::int64_t storm = 3;  // one request in so many meets weather; 0: none

    [[nodiscard]] Expected<sync::HttpReply, sync::TransportError> send(const sync::Request& request) override {
        census_.exchanges += 1;
        sync::Request copy = request;
        if (storm == 0 || !chance_.one_in(storm)) return remembered(arrive(copy));
        switch (chance_.below(8)) {
            case 0:
                census_.lost_requests += 1;
                return unexpected(sync::TransportError{"lost"});
            case 1:
                census_.lost_answers += 1;
                (void)arrive(copy);
                return unexpected(sync::TransportError{"the answer was lost"});
            case 2: {
                sync::HttpReply reply = arrive(copy);
                reply.body.resize(reply.body.size() / 2);
                return reply;
            }
            case 3:
                if (!copy.body.empty()) {
                    char& byte =
                        copy.body[static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(copy.body.size())))];
                    byte = static_cast<char>(byte ^ 0x10);
                }
                return arrive(copy);
            case 4:
                return sync::HttpReply{200, "", "text/html", "<html>Đăng nhập Wi-Fi</html>", 0, std::nullopt};
            case 5:
                (void)arrive(copy);
                return arrive(copy);
            case 6:
                // It stays on the way, and arrives when nobody waits for it any more.
                census_.lost_requests += 1;
                late_.push_back(copy);
                return unexpected(sync::TransportError{"too late"});
            default:
                // An answer to an earlier question.
                if (last_reply_) return *last_reply_;
                return unexpected(sync::TransportError{"lost"});
        }
    }

    /// Something that was on the way arrives, perhaps for the second time.
    void deliver_late() {
        if (late_.empty()) return;
        const auto at = static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(late_.size())));
        census_.replays += 1;
        const sync::Request arriving = late_[at];  // more may be on the way after it
        (void)arrive(arriving);
        if (late_.size() > kLateMax) late_.erase(late_.begin());
    }

  private:
    static constexpr std::size_t kLateMax = 30;

    sync::HttpReply remembered(sync::HttpReply reply) {
        last_reply_ = reply;
        return reply;
    }

    sync::HttpReply arrive(const sync::Request& request) {
        if (chance_.one_in(4)) late_.push_back(request);
        sync::Request arriving = request;
        sync::HttpResponse response;
        {
            std::vector<std::pair<std::string, std::string>> headers;
            for (const std::string& line : request.headers) {
                const std::size_t colon = line.find(": ");
                std::string name = line.substr(0, colon);
                for (char& c : name)
                    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
                headers.emplace_back(std::move(name), line.substr(colon + 2));
            }
            response = backend_.answer({arriving.method, arriving.path, std::move(headers), std::move(arriving.body)});
        }
        sync::HttpReply reply;
        reply.status = response.status;
        reply.body = std::move(response.body);
        reply.etag = std::string(response.header("ETag"));
        reply.content_type = std::string(response.header("Content-Type"));
        if (const auto stored = response.header(sync::kStoredSeqHeader); !stored.empty())
            reply.stored_seq = std::stoll(std::string(stored));
        reply.signature = std::string(response.header(sync::kInboxSignatureHeader));
        return reply;
    }

    Backend& backend_;
    Chance& chance_;
    Census& census_;
    std::vector<sync::Request> late_;
    std::optional<sync::HttpReply> last_reply_;
};

// --- The terminals ---------------------------------------------------------------------------------------------------

/// One machine on a counter: its clock, its disk, the programs that run on it.
struct Machine {
    Machine(std::string id, fs::path home, const UtcTime& truth)
        : kiosk{std::move(id)}, folder(std::move(home)), clock(truth) {
        fs::create_directories(folder);
    }

    [[nodiscard]] fs::path journal_file() const { return folder / "journal.db"; }
    [[nodiscard]] fs::path identity_file() const { return folder / "identity.json"; }

    void close() {
        client.reset();
        inbox.reset();
        journal.reset();
    }

    survey::KioskId kiosk;
    fs::path folder;
    MachineClock clock;
    std::string boot;
    std::unique_ptr<kiosk::Journal> journal;
    std::unique_ptr<kiosk::Inbox> inbox;
    std::unique_ptr<sync::Client> client;
    std::optional<sync::Identity> identity;
    bool barred = false;  // the backend wants it enrolled anew
};

/// A bundle on its way, and perhaps its answer on the way back.
struct Bundle {
    Machine* machine = nullptr;
    fs::path bundle;
    fs::path answer;
    bool was_imported = false;
};

/// What a visitor said, and to which machine.
struct Given {
    survey::Response response;
    std::string text;
    std::string sealed;  // as it was sealed
};

// --- One history -----------------------------------------------------------------------------------------------------

class Story {
  public:
    Story(std::uint64_t seed, fs::path folder, bool tell)
        : tell_(tell),
          chance_(seed),
          folder_(std::move(folder)),
          truth_(survey::start_of_day(*survey::parse_date("2026-11-02")) + hours(8)),
          backend_(folder_ / "backend", truth_),
          network_(backend_, chance_, history_.census) {
        for (int i = 1; i <= kTerminals; ++i)
            add_machine("k" + std::to_string(i), folder_ / ("machine-" + std::to_string(i)));
    }

    History run() {
        network_.storm = 1 + chance_.below(5);
        for (std::int64_t step = 0; step < kSteps && history_.findings.empty(); ++step) {
            truth_ += minutes(1 + chance_.below(60));
            if (chance_.one_in(10)) truth_ += hours(chance_.below(48));
            act();
        }
        if (history_.findings.empty()) mend();
        if (history_.findings.empty()) balance();
        return std::move(history_);
    }

  private:
    void find(std::string what) { history_.findings.push_back(std::move(what)); }

    Machine& add_machine(const std::string& kiosk, const fs::path& home) {
        machines_.push_back(std::make_unique<Machine>(kiosk, home, truth_));
        Machine& machine = *machines_.back();
        boot(machine);
        return machine;
    }

    Machine& any_machine() {
        return *machines_[static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(machines_.size())))];
    }

    void boot(Machine& machine) {
        machine.clock.boot();
        machine.boot = "boot-" + std::to_string(++boots_);
        start(machine);
    }

    /// The programs start, as after a kill: nothing but the disk is left.
    void start(Machine& machine) {
        machine.close();
        auto repaired = must(kiosk::open_or_repair({machine.journal_file(), machine.kiosk, machine.boot},
                                                   machine.clock.now(), kiosk::Look::thorough));
        for (const kiosk::StoreEvent& event : repaired.events)
            tell(machine, event.kind + ": " + event.detail);
        machine.journal = std::make_unique<kiosk::Journal>(std::move(repaired.journal));
        machine.inbox = std::make_unique<kiosk::Inbox>(must(kiosk::Inbox::open(machine.journal_file())));
        make_client(machine);
    }

    void make_client(Machine& machine) {
        machine.client.reset();
        machine.identity.reset();
        auto identity = sync::load_identity(machine.identity_file(), machine.kiosk);
        if (!identity) return;
        machine.identity = std::move(*identity);
        sync::ClientSettings settings;
        settings.boot = machine.boot;
        settings.records_max = static_cast<std::size_t>(1 + chance_.below(8));
        settings.retention = kRetention;
        machine.client = std::make_unique<sync::Client>(*machine.journal, *machine.inbox, network_, machine.clock,
                                                        *machine.identity, std::move(settings));
    }

    void act() {
        Machine& machine = any_machine();
        const std::int64_t what = chance_.below(100);
        if (what < 40) return visit(machine);
        if (what < 70) return exchange(machine);
        if (what < 75) return network_.deliver_late();
        if (what < 79) return carry_bundle(machine);
        if (what < 82) return start(machine);
        if (what < 85) return boot(machine);
        if (what < 88) return set_clock(machine);
        if (what < 90) return backend_.restart();
        if (what < 92) return backend_.back_up();
        if (what < 93) return restore_backend();
        if (what < 95) return damage(machine);
        if (what < 96) return clone(machine);
        if (what < 97) return bring_back_old_disk(machine);
        if (what < 98) return enrol(machine);
        if (what < 99) return prune(machine);
        return backend_.learn();
    }

    void visit(Machine& machine) {
        survey::Response response;
        const survey::UtcTime now = machine.clock.now();
        response.id = survey::make_uuid7(now, chance_.entropy());
        const survey::Questionnaire& form = chance_.one_in(12) ? second_form_ : first_form_;
        response.questionnaire = form.ref;
        response.started = {now - std::chrono::seconds(9), survey::kVietnamOffset, machine.clock.monotonic()};
        response.finished = {now, survey::kVietnamOffset, machine.clock.monotonic()};
        response.boot_id = machine.boot;
        if (const auto status = machine.journal->sync_status()) response.server_offset = status->server_offset;
        response.context.center = kCenter;
        response.context.counter = {"A"};
        response.context.officer = {chance_.one_in(12) ? "o2" : "o1"};
        response.answers = {{{"overall"}, {chance_.one_in(9) ? "1" : "3"}, std::nullopt}};
        if (chance_.one_in(10)) response.flags = {"too_fast"};
        response.complete = !chance_.one_in(15);
        std::string words;
        std::vector<survey::SealedText> texts;
        if (const auto key = machine.journal->text_key(); key && *key && chance_.one_in(4)) {
            words = "góp ý số " + std::to_string(given_.size());
            const survey::Sealed sealed = survey::seal_text(words, survey::BoxPublicKey{**key});
            response.answers.push_back({{"comment"}, {}, sealed.hash});
            texts.push_back({0, {"comment"}, sealed.bytes});
        }
        const auto entry = machine.journal->append(response, form, texts);
        if (!entry) return find("a response was refused: " + kiosk::describe(entry.error()));
        history_.census.visits += 1;
        given_.emplace(response.id, Given{response, words, texts.empty() ? std::string() : texts.front().bytes});
        tell(machine, "took " + survey::to_string(response.id) + " as " + std::to_string(entry->seq));
    }

    void exchange(Machine& machine) {
        if (!machine.client || machine.barred) return enrol(machine);
        const sync::Exchange done =
            chance_.one_in(5) ? machine.client->refresh_inbox() : machine.client->deliver_batch();
        note(machine, done);
        check_delivered(machine);
    }

    void note(Machine& machine, const sync::Exchange& done) {
        if (!done.what.empty()) tell(machine, done.what);
        history_.census.quarantined += static_cast<std::int64_t>(done.quarantined.size());
        if (done.barred != sync::Barred::nothing) machine.barred = true;
    }

    /// What counts as delivered is stored, unless the backend was put back since.
    void check_delivered(Machine& machine) {
        const std::int64_t delivered = must(machine.journal->delivered_seq());
        const auto stored = must(must(backend_.store().read())->terminals().terminal(machine.kiosk));
        if (!was_restored_ && machines_.size() == kTerminals && delivered > (stored ? stored->last_seq : 0)) {
            find(machine.kiosk.text + " counts " + std::to_string(delivered) + " as delivered, the backend holds " +
                 std::to_string(stored ? stored->last_seq : 0));
        }
    }

    void enrol(Machine& machine) {
        const std::string code = backend_.new_code(machine.kiosk.text, chance_);
        for (int attempt = 0; attempt < 3; ++attempt) {
            const sync::Exchange done =
                sync::enrol(machine.identity_file(), machine.kiosk, code, network_, *machine.journal);
            tell(machine, done.what);
            if (done.outcome != sync::Outcome::progress && done.outcome != sync::Outcome::idle) continue;
            history_.census.enrolments += 1;
            machine.barred = false;
            make_client(machine);
            return;
        }
    }

    void set_clock(Machine& machine) {
        history_.census.clock_jumps += 1;
        const std::array<milliseconds, 5> offs = {milliseconds{0}, milliseconds{-30'000}, -hours(24), hours(24 * 3'650),
                                                  hours(7)};
        machine.clock.set_off(offs.at(static_cast<std::size_t>(chance_.below(offs.size()))));
    }

    void restore_backend() {
        const auto age = backend_.copy_age();
        if (!age || *age > kRetention / 2) return;
        history_.census.restored_backends += 1;
        was_restored_ = true;
        backend_.restore();
        tell(any_machine(), "(the backend is a copy from " + std::to_string(age->count() / 3'600'000) + " h ago)");
    }

    void prune(Machine& machine) {
        if (!machine.client) return;
        const kiosk::ChainHead before = must(machine.journal->base());
        note(machine, machine.client->deliver_batch());
        for (auto passed = hours(0); passed < kRetention + hours(24 * 4); passed += hours(24)) {
            truth_ += hours(24);
            note(machine, machine.client->refresh_inbox());
            note(machine, machine.client->prune());
        }
        history_.census.pruned += must(machine.journal->base()).seq - before.seq;
    }

    void clone(Machine& machine) {
        if (machines_.size() >= kTerminals + 1) return;
        history_.census.clones += 1;
        tell(machine, "is cloned");
        machine.close();
        const fs::path twin = folder_ / ("clone-" + std::to_string(++clones_));
        fs::copy(machine.folder, twin, fs::copy_options::recursive);
        const std::string kiosk = machine.kiosk.text;
        start(machine);
        add_machine(kiosk, twin);
    }

    /// Every id that the machine's journal holds.
    std::set<survey::Uuid> ids_on(Machine& machine) {
        std::set<survey::Uuid> ids;
        for (const kiosk::JournalEntry& entry : must(machine.journal->read(1, 100'000, SIZE_MAX))) {
            const auto record = survey::decode(entry.bytes);
            if (record) ids.insert(record->response.id);
        }
        return ids;
    }

    /// What a disk lost that stands nowhere else can't come back: nobody can ask for it.
    void allow_loss(Machine& machine, const std::set<survey::Uuid>& before) {
        const std::set<survey::Uuid> after = ids_on(machine);
        for (const survey::Uuid& id : before) {
            if (!after.contains(id)) may_be_lost_.insert(id);
        }
    }

    void damage(Machine& machine) {
        history_.census.damaged_disks += 1;
        const std::set<survey::Uuid> before = ids_on(machine);
        machine.close();
        const fs::path file = machine.journal_file();
        std::string bytes = must(survey::read_file(file));
        const std::int64_t pages = static_cast<std::int64_t>(bytes.size()) / 4096;
        const std::int64_t page = chance_.below(std::max<std::int64_t>(pages, 1));
        for (std::int64_t i = 0; i < 64; ++i) {
            const auto at = static_cast<std::size_t>(page * 4096 + chance_.below(4096));
            if (at < bytes.size()) bytes[at] = static_cast<char>(chance_.below(256));
        }
        must(survey::write_file(file, bytes));
        tell(machine, "has page " + std::to_string(page + 1) + " of its journal spoiled");
        start(machine);
        allow_loss(machine, before);
        for (const kiosk::JournalEntry& entry : must(machine.journal->read(1, 100'000, SIZE_MAX))) {
            const auto record = survey::decode(entry.bytes);
            if (!record) continue;
            // No key on the device can tell whether a sealed text is whole: a spoiled one shows when it is opened.
            const auto texts = must(machine.journal->texts(entry.seq, entry.seq));
            if (texts.empty() || texts.front().bytes != given_.at(record->response.id).sealed)
                wordless_.insert(record->response.id);
        }
    }

    void bring_back_old_disk(Machine& machine) {
        const fs::path image = folder_ / ("image-" + machine.folder.filename().string());
        const std::set<survey::Uuid> before = ids_on(machine);
        machine.close();
        if (fs::exists(image) && chance_.one_in(2)) {
            fs::remove_all(machine.folder);
            fs::copy(image, machine.folder, fs::copy_options::recursive);
            start(machine);
            machine.barred = false;
            tell(machine, "runs from an old image");
            allow_loss(machine, before);
        } else {
            fs::remove_all(image);
            fs::copy(machine.folder, image, fs::copy_options::recursive);
            start(machine);
        }
    }

    void carry_bundle(Machine& machine) {
        if (!machine.client || machine.barred) return;
        history_.census.bundles += 1;
        if (bundles_.empty() || chance_.one_in(2)) {
            const fs::path folder = folder_ / ("bundle-" + std::to_string(++bundle_count_));
            fs::create_directories(folder);
            note(machine, sync::export_bundles(offline_parts(machine), folder));
            for (const auto& entry : fs::directory_iterator(folder))
                bundles_.push_back({&machine, entry.path(), entry.path().string() + ".answer", false});
            return;
        }
        Bundle& bundle = bundles_[static_cast<std::size_t>(chance_.below(static_cast<std::int64_t>(bundles_.size())))];
        if (!bundle.was_imported || chance_.one_in(5)) {
            import(bundle);
        } else if (bundle.machine->client) {
            note(*bundle.machine, sync::accept_answer(offline_parts(*bundle.machine), *bundle.machine->inbox,
                                                      must(survey::read_file(bundle.answer)), kRetention));
            check_delivered(*bundle.machine);
        }
    }

    static sync::OfflineParts offline_parts(Machine& machine) {
        return {*machine.journal,
                machine.clock,
                *machine.identity,
                machine.boot,
                sync::wanted_file(machine.identity_file()),
                3};
    }

    void import(Bundle& bundle) {
        const std::string answer = backend_.import(must(survey::read_file(bundle.bundle)));
        if (answer.empty()) return;
        must(survey::write_file(bundle.answer, answer));
        bundle.was_imported = true;
    }

    /// The weather is fine, everything is known, and everybody gets to the end.
    void mend() {
        network_.storm = 0;
        backend_.learn();
        for (const auto& machine : machines_) {
            start(*machine);
            enrol(*machine);
            if (!machine->client) return find(machine->kiosk.text + " could not be enrolled in fine weather");
            note(*machine, machine->client->refresh_inbox());
            for (int round = 0;; ++round) {
                const sync::Exchange done = machine->client->deliver_batch();
                note(*machine, done);
                if (done.outcome == sync::Outcome::idle) break;
                if (done.outcome != sync::Outcome::progress || round > 1'000) {
                    return find(machine->kiosk.text + " can't get rid of its records: " + done.what);
                }
            }
        }
        backend_.close_writer();
        (void)must(sync::reprocess_all(backend_.store(), backend_.clock().now()));
    }

    void balance() {
        auto reader = must(backend_.store().read());
        std::map<survey::Uuid, int> counted;
        constexpr std::size_t kAll = 100'000;
        for (const sync::Terminal& terminal : must(reader->terminals().page({}, kAll))) {
            for (const sync::StoredRecord& stored : must(reader->records().page(terminal.kiosk, 1, kAll)))
                check_record(stored, counted, *reader);
            for (const sync::StoredSkip& skip : must(reader->records().skips(terminal.kiosk))) {
                if (skip.reason == survey::SkipReason::renumbered)
                    history_.census.renumbered += skip.last_seq - skip.first_seq + 1;
            }
        }
        for (const auto& [id, given] : given_) {
            const auto found = counted.find(id);
            if (found == counted.end() && !may_be_lost_.contains(id)) find("lost: " + survey::to_string(id));
            if (found != counted.end() && found->second > 1) find("counted twice: " + survey::to_string(id));
        }
        const sync::Reference reference = must(sync::load_reference(reader->documents()));
        const sync::VerifyReport report = must(sync::verify(*reader, reference));
        for (const std::string& difference : report.differences)
            find("verify: " + difference);
    }

    void check_record(const sync::StoredRecord& stored, std::map<survey::Uuid, int>& counted, sync::Snapshot& reader) {
        const auto record = survey::decode(stored.bytes);
        const std::string place = stored.kiosk.text + " " + std::to_string(stored.seq);
        if (!record) return find(place + ": can't be read");
        const auto given = given_.find(record->response.id);
        if (given == given_.end()) return find(place + ": nobody gave this answer");
        if (!(record->response == given->second.response)) return find(place + ": is not what was answered");
        if (stored.quarantine_reason) {
            if (stored.quarantine_reason != sync::QuarantineReason::duplicate_id) {
                find(place + ": is still quarantined as " + std::string(name(*stored.quarantine_reason)) + ": " +
                     stored.quarantine_detail);
            }
            return;
        }
        counted[record->response.id] += 1;
        history_.census.reprocessed += stored.reprocessed ? 1 : 0;
        for (const survey::Answer& answer : record->response.answers) {
            if (!answer.text) continue;
            const auto texts = must(reader.texts().of_record(stored.kiosk, stored.seq));
            const auto opened = texts.size() == 1
                                    ? survey::open_text(texts.front().bytes, *answer.text, backend_.text_key())
                                    : std::nullopt;
            if (!opened && wordless_.contains(record->response.id)) continue;
            if (opened != given->second.text) find(place + ": its words are gone or changed");
        }
    }

    /// When it is told, and of which machine.
    void tell(const Machine& machine, const std::string& what) {
        if (!tell_) return;
        history_.told.push_back(survey::to_rfc3339(truth_).substr(5, 11) + " " + machine.folder.filename().string() +
                                " (" + machine.kiosk.text + "): " + what);
    }

    bool tell_;
    Chance chance_;
    fs::path folder_;
    UtcTime truth_;
    History history_;
    Backend backend_;
    Network network_;
    std::vector<std::unique_ptr<Machine>> machines_;
    std::map<survey::Uuid, Given> given_;
    std::set<survey::Uuid> may_be_lost_;
    std::set<survey::Uuid> wordless_;  // whose sealed stood in a part of a disk that was spoiled
    std::deque<Bundle> bundles_;
    const survey::Questionnaire first_form_ = questionnaire(1);
    const survey::Questionnaire second_form_ = questionnaire(2);
    int boots_ = 0;
    int clones_ = 0;
    int bundle_count_ = 0;
    bool was_restored_ = false;
};

}  // namespace

Census& Census::operator+=(const Census& other) {
    visits += other.visits;
    exchanges += other.exchanges;
    lost_requests += other.lost_requests;
    lost_answers += other.lost_answers;
    replays += other.replays;
    damaged_disks += other.damaged_disks;
    clones += other.clones;
    restored_backends += other.restored_backends;
    enrolments += other.enrolments;
    bundles += other.bundles;
    quarantined += other.quarantined;
    reprocessed += other.reprocessed;
    renumbered += other.renumbered;
    pruned += other.pruned;
    clock_jumps += other.clock_jumps;
    return *this;
}

History play(std::uint64_t seed, const fs::path& folder, bool tell) {
    make_sodium_repeatable();
    sodium_chance.seed(seed);
    fs::remove_all(folder);
    fs::create_directories(folder);
    return Story(seed, folder, tell).run();
}

fs::path fast_folder() {
    const fs::path memory = "/dev/shm";
    return access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

}  // namespace hailong::sim
