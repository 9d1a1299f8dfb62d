#include <array>
#include <chrono>
#include <ostream>
#include <string>

#include "survey/base/check.h"
#include "survey/base/hex.h"
#include "survey/base/host.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

std::string random_code() {
    std::array<std::uint8_t, kCodeCharacters> random{};
    survey::check(survey::parse_hex(survey::random_hex(random.size()), random), "random digits are digits");
    return make_code(random);
}

Exit print_code(const EnrolOptions& options, Store& store, const survey::Clock& clock, std::ostream& out,
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
        auto reason = why_no_code({options.kiosk}, {options.center}, **transaction);
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

Exit answer_request(const EnrolOptions& options, Store& store, const ServiceKeys& keys, const survey::Clock& clock,
                    std::ostream& out, std::ostream& err) {
    const auto text = survey::read_file(options.request, kEnrolmentBytesMax);
    if (!text) return refuse(err, text.error());
    const auto request = decode_enrolment_request(*text);
    if (!request) return refuse(err, survey::describe(request.error(), options.request.string()));
    std::string unwritten;
    const auto answer = until_not_busy([&]() -> StoreResult<EnrolmentAnswer> {
        auto transaction = store.write();
        if (!transaction) return unexpected(transaction.error());
        auto answered = enrol(*request, keys, clock.now(), **transaction);
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
        << "It holds the terminal's token: delete it from what carried it and from here afterwards.\n";
    return Exit::done;
}

}  // namespace

Exit enrol(const EnrolOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    const bool makes_code = !options.center.empty() && !options.kiosk.empty();
    const bool answers = !options.request.empty() && !options.answer.empty();
    const bool is_mixed =
        (!options.center.empty() || !options.kiosk.empty()) && (!options.request.empty() || !options.answer.empty());
    if (makes_code == answers || is_mixed) {
        return misused(err,
                       "enroll: give --center and --kiosk to print a code, or --request and --answer to answer a "
                       "terminal's request");
    }
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    const auto keys = load_keys_of(options.data, **store);
    if (!keys) return refuse(err, keys.error());
    if (makes_code) return print_code(options, **store, clock, out, err);
    return answer_request(options, **store, *keys, clock, out, err);
}

}  // namespace hailong::sync
