#include "sync/client/exchange.h"

#include <algorithm>
#include <utility>

#include "survey/base/utf8.h"

namespace hailong::sync {
namespace {

using kiosk::StoreErrorKind;

Exchange barred(Barred what, std::string why) {
    Exchange exchange = person(std::move(why));
    exchange.barred = what;
    return exchange;
}

constexpr const char* kSafe = ". The records are safe in the journal: delete no file";
constexpr const char* kEnrolAnew =
    "print a new code there and run `hailong-sync enroll`. The records are safe in the journal: delete no file";

}  // namespace

Exchange later(std::string what, int retry_after_s) {
    Exchange exchange;
    exchange.outcome = Outcome::later;
    exchange.what = std::move(what);
    exchange.retry_after_s = retry_after_s;
    return exchange;
}
Exchange person(std::string what) {
    Exchange exchange;
    exchange.outcome = Outcome::person;
    exchange.what = std::move(what);
    return exchange;
}
Exchange progress(std::string what) {
    Exchange exchange;
    exchange.outcome = Outcome::progress;
    exchange.what = std::move(what);
    return exchange;
}

Exchange from_store(const kiosk::StoreError& error) {
    if (error.kind == StoreErrorKind::corrupt) {
        Exchange exchange = later(error.what +
                                  "; the terminal's program repairs it by itself as soon as it runs: start it where "
                                  "it does not. If this stays, copy the file and those beside it to another disk and "
                                  "call support; delete none of them");
        exchange.reopen = true;
        return exchange;
    }
    const bool passes =
        error.kind == StoreErrorKind::busy || error.kind == StoreErrorKind::full || error.kind == StoreErrorKind::io;
    return passes ? later(kiosk::describe(error)) : person(kiosk::describe(error));
}

Exchange from_problem(const Problem& problem, int retry_after_s) {
    const std::string said = std::string(name(problem.kind)) + ": " + one_line(problem.detail) + "; ";
    switch (problem.kind) {
        case ProblemKind::malformed:
            return person(said +
                          "the backend can't read what came: damaged on its way, it is sent again; if it stays so, "
                          "install the same version on both" +
                          kSafe);
        case ProblemKind::unauthorized:
            return barred(Barred::everything, said + "the backend does not know this terminal: " + kEnrolAnew);
        case ProblemKind::forbidden:
            return barred(Barred::everything,
                          said + "the backend knows this terminal's token as another terminal's: " + kEnrolAnew);
        case ProblemKind::bad_signature:
            return barred(Barred::sending,
                          said +
                              "the backend knows another key of this terminal, perhaps because another device was "
                              "enrolled in its place: find out which is the right one, there " +
                              kEnrolAnew);
        case ProblemKind::unsupported:
            return person(said + "the backend speaks another version: install the same version on both" + kSafe);
        case ProblemKind::altered:
            return barred(Barred::sending,
                          said + "the backend holds another record " + std::to_string(problem.seq.value_or(0)) +
                              " of this terminal: its disk was copied or put back, or another device sends in its "
                              "name. Find out which (`incidents` at the backend says where the other came from), then "
                              "enrol this one anew, which numbers its records behind those stored and loses none: " +
                              kEnrolAnew);
        case ProblemKind::chain_mismatch:
            return later(said + "damaged on the way, it is sent again");
        case ProblemKind::gap:
        case ProblemKind::too_large:
        case ProblemKind::overloaded:
        case ProblemKind::internal:
            break;
    }
    return later(said + "it is tried again", retry_after_s);
}

std::string one_line(std::string_view text) {
    std::string clean(survey::shortened(text, kQuotedBytesMax));
    std::replace_if(
        clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return clean;
}

std::string range(std::int64_t first, std::int64_t last) {
    return "records " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace hailong::sync
