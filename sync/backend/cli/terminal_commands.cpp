// The commands about terminals: enrolling, revoking, what they bring on a stick, and what they did.
#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "survey/base/check.h"
#include "survey/base/hex.h"
#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/service/bundle_import.h"
#include "sync/backend/service/patience.h"
#include "sync/backend/service/service.h"
#include "sync/backend/store/sqlite/store.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// Records read at a time when those quarantined are counted.
constexpr std::size_t kQuarantinePage = 500;

std::string random_code() {
    std::array<std::uint8_t, kCodeCharacters> random{};
    survey::check(survey::parse_hex(survey::random_hex(random.size()), random), "random digits are digits");
    return make_code(random);
}

/// Most incidents that are listed.
constexpr std::size_t kIncidentsListed = 1'000;

/// What comes from a terminal must not steer the screen of whoever reads it.
std::string printable(std::string text) {
    for (char& letter : text) {
        if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') letter = ' ';
    }
    return text;
}

/// The terminal must be new or of that center; the error is a sentence.
StoreResult<std::string> why_no_code(const EnrollOptions& options, Snapshot& reader) {
    const auto center = reader.documents().center({options.center});
    if (!center) return unexpected(center.error());
    if (!*center) {
        return "there is no center \"" + options.center +
               "\" in this store; import it with `hailong-backend init`, or correct --center";
    }
    const auto known = reader.terminals().terminal({options.kiosk});
    if (!known) return unexpected(known.error());
    if (*known && (*known)->center.text != options.center) {
        return "the terminal \"" + options.kiosk + "\" belongs to the center \"" + (*known)->center.text +
               "\", and its records stay there; choose another --kiosk";
    }
    return std::string();
}

Exit print_code(const EnrollOptions& options, Store& store, const survey::Clock& clock, std::ostream& out,
                std::ostream& err) {
    if (!survey::is_identifier(options.kiosk)) {
        return misused(err, "--kiosk: \"" + options.kiosk + "\" is no identifier; write 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    if (options.valid_minutes < 1 || options.valid_minutes > kCodeMinutesMax) {
        return misused(err, "--valid-minutes: write a whole number from 1 to " + std::to_string(kCodeMinutesMax));
    }
    const survey::UtcTime expires = clock.now() + std::chrono::minutes(options.valid_minutes);
    const std::string code = random_code();
    const auto kept = until_not_busy([&]() -> StoreResult<std::string> {
        auto transaction = store.write();
        if (!transaction) return unexpected(transaction.error());
        auto reason = why_no_code(options, **transaction);
        if (!reason || !reason->empty()) return reason;
        const auto put = keep_code(code, {options.kiosk}, {options.center}, expires, **transaction);
        if (!put) return unexpected(put.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return std::string();
    });
    if (!kept) return refuse(err, kept.error());
    if (!kept->empty()) return refuse(err, *kept);
    out << show_code(code) << '\n';
    err << "At the terminal \"" << options.kiosk << "\", before " << survey::to_rfc3339(expires)
        << ", type this code into\n    hailong-sync enroll --config sync.toml\n"
        << "It works once. The terminal's present token and key, if it has any, end with it.\n";
    return Exit::done;
}

Exit answer_request(const EnrollOptions& options, Store& store, const ServiceKeys& keys, const survey::Clock& clock,
                    std::ostream& out, std::ostream& err) {
    const auto text = survey::read_file(options.request, kEnrolmentBytesMax);
    if (!text) return refuse(err, text.error());
    const auto request = decode_enrolment_request(*text);
    if (!request) return refuse(err, survey::describe(request.error(), options.request.string()));
    const std::string token = survey::random_hex(kTokenBytes);
    std::string unwritten;
    const auto answer = until_not_busy([&]() -> StoreResult<EnrolmentAnswer> {
        auto transaction = store.write();
        if (!transaction) return unexpected(transaction.error());
        auto answered = enrol(*request, token, public_halves(keys), clock.now(), **transaction);
        if (!answered) return answered;
        if (*answered) {
            // Before the commit: should that fail, the file holds a token that never was, and the code is still good.
            const auto written = survey::write_file(options.answer, encode(**answered) + "\n", survey::Readers::owner);
            if (!written) {
                unwritten = written.error();
                return answered;
            }
        }
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return answered;
    });
    if (!answer) return refuse(err, answer.error());
    if (!unwritten.empty()) return refuse(err, unwritten + "; nothing was enrolled");
    if (!*answer) return refuse(err, options.request.string() + ": " + answer->error().detail);
    out << "enrolled " << (*answer)->kiosk.text << " at " << (*answer)->center.text
        << "; stored of it: " << (*answer)->last_seq << " records\n"
        << "Carry " << options.answer.string() << " to the terminal:\n"
        << "    hailong-sync enroll --config sync.toml --answer FILE\n"
        << "It holds the terminal's token: delete it from the stick and from here afterwards.\n";
    return Exit::done;
}

/// One bundle: taken in, answered, told.
class BundleDesk {
  public:
    BundleDesk(const ImportOptions& options, const ImportParts& parts, std::ostream& out, std::ostream& err)
        : options_(options), parts_(parts), out_(out), err_(err) {}

    Exit take(const fs::path& file) {
        const auto bytes = survey::read_file(file, kBundleBytesMax);
        if (!bytes) return refuse(err_, bytes.error());
        const auto imported = import_bundle(*bytes, parts_);
        if (!imported) return refuse(err_, file.string() + ": nothing was taken: " + imported.error());
        const fs::path answer_file = answer_for(file);
        const auto written = survey::write_file(answer_file, encode(imported->answer, parts_.keys.sign));
        if (!written) return refuse(err_, written.error() + "; import the bundle again, with --answer-dir");
        out_ << file.string() << ": " << imported->label.kiosk.text << ", records " << imported->label.first_seq
             << " to " << imported->label.last_seq << ": " << imported->accepted << " new (" << imported->quarantined
             << " quarantined), " << imported->duplicates << " stored before; answer: " << answer_file.string() << '\n';
        if (!imported->problem) return Exit::done;
        return refuse(err_, file.string() + ": " + std::string(name(imported->problem->kind)) + ": " +
                                printable(imported->problem->detail) +
                                "; carry the answer back to the terminal, it says what to do");
    }

  private:
    fs::path answer_for(const fs::path& file) const {
        const fs::path folder = options_.answer_folder.empty() ? file.parent_path() : options_.answer_folder;
        return folder / (file.filename().string() + ".answer");
    }

    const ImportOptions& options_;
    const ImportParts& parts_;
    std::ostream& out_;
    std::ostream& err_;
};

}  // namespace

Exit enroll(const EnrollOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    const bool makes_code = !options.center.empty() && !options.kiosk.empty();
    const bool answers = !options.request.empty() && !options.answer.empty();
    const bool is_mixed =
        (!options.center.empty() || !options.kiosk.empty()) && (!options.request.empty() || !options.answer.empty());
    if (makes_code == answers || is_mixed) {
        return misused(err,
                       "enroll: give --center and --kiosk to print a code, or --request and --answer to answer a "
                       "terminal's request");
    }
    const auto keys = load_keys(options.data);
    auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    if (!keys) return refuse(err, keys.error());
    if (makes_code) return print_code(options, **store, clock, out, err);
    return answer_request(options, **store, *keys, clock, out, err);
}

Exit revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err) {
    auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    enum class Outcome { unknown, ended, nothing };
    const auto outcome = until_not_busy([&]() -> StoreResult<Outcome> {
        auto transaction = (*store)->write();
        if (!transaction) return unexpected(transaction.error());
        const auto known = (*transaction)->terminals().terminal({options.kiosk});
        if (!known) return unexpected(known.error());
        if (!*known) return Outcome::unknown;
        const auto ended = revoke(survey::KioskId{options.kiosk}, **transaction);
        if (!ended) return unexpected(ended.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return *ended ? Outcome::ended : Outcome::nothing;
    });
    if (!outcome) return refuse(err, outcome.error());
    if (*outcome == Outcome::unknown) {
        return refuse(err, "there is no terminal \"" + options.kiosk + "\" in this store; correct --kiosk");
    }
    out << options.kiosk
        << (*outcome == Outcome::ended ? " is revoked: its token and key ended; its records stay\n"
                                       : " had no token and no key any more; nothing changed\n");
    return Exit::done;
}

Exit import_bundles(const ImportOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    const auto keys = load_keys(options.data);
    auto store = open_sqlite_store(options.data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    if (!keys) return refuse(err, keys.error());
    ReferenceCache references;
    const ImportParts parts{**store, references, *keys, clock};
    BundleDesk desk(options, parts, out, err);
    Exit exit = Exit::done;
    for (const fs::path& file : options.bundles) {
        if (desk.take(file) != Exit::done) exit = Exit::refused;
    }
    return exit;
}

Exit list_incidents(const fs::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_sqlite_store(data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    auto incidents = (*reader)->incidents().newest(kIncidentsListed);
    if (!incidents) return refuse(err, incidents.error());
    std::stable_sort(incidents->begin(), incidents->end(),
                     [](const Incident& a, const Incident& b) { return a.time < b.time; });
    for (const Incident& incident : *incidents) {
        out << survey::to_rfc3339(incident.time) << ' ' << (incident.kiosk.empty() ? "-" : incident.kiosk.text) << ' '
            << name(incident.kind) << ": " << printable(incident.detail) << '\n';
    }
    const auto counts = (*reader)->counts();
    if (!counts) return refuse(err, counts.error());
    out << "incidents: " << counts->incidents;
    if (counts->incidents > static_cast<std::int64_t>(incidents->size())) {
        out << ", of which the newest " << incidents->size() << " are listed";
    }
    out << '\n';
    return Exit::done;
}

Exit list_quarantined(const fs::path& data, std::ostream& out, std::ostream& err) {
    auto store = open_sqlite_store(data / kStoreFile, OpenMode::existing);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    std::map<std::string, std::int64_t> counts;
    std::int64_t sum = 0;
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    for (;;) {
        const auto page = (*reader)->records().quarantined_after(kiosk, seq, kQuarantinePage);
        if (!page) return refuse(err, page.error());
        for (const StoredRecord& record : *page)
            counts[std::string(name(record.quarantine_reason.value_or(QuarantineReason::other)))] += 1;
        sum += static_cast<std::int64_t>(page->size());
        if (page->size() < kQuarantinePage) break;
        kiosk = page->back().kiosk;
        seq = page->back().seq;
    }
    for (const auto& [reason, count] : counts)
        out << reason << ": " << count << '\n';
    out << "quarantined: " << sum << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
