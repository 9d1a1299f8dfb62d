// What the tests of the journal, the sync and the benchmarks fill a journal with.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <stdlib.h>

#include "kiosk/journal/journal.h"
#include "survey/base/check.h"
#include "survey/base/host.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "tests/support/temporary_folder.h"

namespace hailong::test {

using tests::TemporaryFolder;

inline const survey::KioskId kKiosk{"k-01"};

/// The questionnaire that the sample ward asks by default.
inline const survey::Questionnaire& ward5() {
    static const survey::Questionnaire loaded = [] {
        const auto text = survey::read_file(HAILONG_SOURCE_DIR "/assets/questionnaires/WARD5.json");
        survey::check(text.has_value(), "the sample questionnaire is there");
        auto parsed = survey::parse_questionnaire(*text);
        survey::check(parsed.has_value(), "the sample questionnaire is whole");
        return *std::move(parsed);
    }();
    return loaded;
}

/// The day of the first visitors.
inline constexpr survey::Date kDay{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{22}};
/// So late that whatever was delivered may be pruned.
inline constexpr survey::UtcTime kFarAhead{survey::milliseconds{4'000'000'000'000}};

[[nodiscard]] inline survey::Response response(std::int64_t n);

/// The backend confirms one record after the other up to `last_seq`, each when the visitor of that number was there.
inline void deliver(kiosk::Journal& journal, std::int64_t last_seq) {
    for (std::int64_t seq = journal.delivered_seq().value() + 1; seq <= last_seq; ++seq)
        survey::check(journal.mark_delivered(seq, response(seq).finished.utc).has_value(),
                      "what is confirmed is noted");
}

/// The clocks say so on two days.
inline void agree_on(kiosk::Journal& journal, survey::UtcTime now) {
    (void)journal.agree_on_time(now - survey::kStepRepeatMin);
    survey::check(journal.agree_on_time(now) == survey::TimeAgreement::agreed, "two days agree");
}

/// The n-th visitor: a valid response, unlike every other n. 08:00 on 22 November 2026 in Vietnam plus n minutes.
inline survey::Response response(std::int64_t n) {
    survey::Response made;
    const survey::UtcTime start{survey::milliseconds{1'795'309'200'000 + n * 60'000}};
    survey::UuidEntropy entropy{};
    for (std::size_t i = 0; i < 8; ++i)
        entropy.at(i) = static_cast<std::uint8_t>((n >> (8 * i)) & 0xff);
    made.id = survey::make_uuid7(start, entropy);
    made.questionnaire = ward5().ref;
    made.language = n % 5 == 0 ? survey::Language::en : survey::Language::vi;
    made.started = {start, survey::kVietnamOffset, survey::MonoTime{survey::milliseconds{5'000 + n * 60'000}}};
    made.finished = made.started;
    made.finished.utc += survey::milliseconds{9'250};
    made.finished.monotonic += survey::milliseconds{9'250};
    made.boot_id = "5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11";
    made.context.center = {"binh-minh"};
    made.context.counter = {n % 2 == 0 ? "TP" : "DD"};
    made.context.officer = {n % 2 == 0 ? "tp-01" : "dd-01"};
    const std::int64_t level = n % 7 == 0 ? 2 : 4 + n % 2;
    made.answers.push_back({{"overall"}, {std::to_string(level)}, std::nullopt});
    made.answers.push_back({{"o_all"}, {"5"}, std::nullopt});
    if (level <= 3) made.answers.push_back({{"reason"}, {"wait", "guidance"}, std::nullopt});
    if (n % 11 == 0) made.flags.emplace_back("too_fast");
    made.complete = true;
    return made;
}

/// Response n, `later` than it was: two in three with a field, each fourth begun by a scanned ticket.
inline survey::Response varied_response(std::int64_t n, std::chrono::days later) {
    survey::Response made = response(n);
    made.finished.utc += later;
    if (n % 3 != 0) made.context.field = {n % 3 == 1 ? "ho-tich" : "dat-dai"};
    if (n % 4 == 0) made.context.began = survey::Began::scanned;
    return made;
}

/// An open journal, or the test ends here.
inline kiosk::Journal open_journal(const std::filesystem::path& file) {
    auto journal = kiosk::Journal::open(file, kKiosk);
    if (!journal) survey::check(false, kiosk::describe(journal.error()).c_str());
    return std::move(*journal);
}

}  // namespace hailong::test
