// What the terminal asks and about whom: the center and the questionnaire in effect, from what came down (the inbox)
// or, before anything did, from files. What is broken never replaces what works, and what the clock says never leaves
// the terminal with nothing to ask: a battery that died must not close a counter.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/time.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/terminal_results.h"

namespace hailong::kiosk {

struct Content {
    survey::Center center;
    survey::Questionnaire questionnaire;
    std::optional<survey::Questionnaire> feedback = {};           // what the center asks of who has more to say
    std::optional<survey::PostedResults> results = std::nullopt;  // what the lobby shows; only ever from the inbox
    std::string results_trouble = {};  // why results that came down are not shown, for staff; empty: nothing is wrong
    bool operator==(const Content&) const = default;
};

/// One text with the name people know it by (a file, a document of the inbox).
struct NamedText {
    std::string name;
    std::string text;
};

/// What the journal says of the time and of what was asked, beside the machine's clock.
struct LastKnown {
    std::optional<survey::Date> day;              // of the latest of the newest records
    std::vector<survey::QuestionnaireRef> asked;  // by those records, the newest first
    bool operator==(const LastKnown&) const = default;
};
/// How many of the newest records are looked at: a clock that lies begins to date them, too, and what it was before
/// must not be out of sight after the next few visits.
inline constexpr std::int64_t kRecordsKnown = 64;
/// Nothing known where the journal can't be read.
[[nodiscard]] LastKnown last_known(const Journal& journal);

/// What is wrong with a day that the clock says.
enum class DayDoubt {
    none,
    behind,  // records were made later than that: the clock is wrong
    no_form  // the questionnaire is not in effect then: the clock is wrong, or a new version is missing
};
[[nodiscard]] DayDoubt doubt_of(survey::Date day, const LastKnown& last, const survey::Questionnaire& asked);

/// The center and, of `questionnaires`, the version of the center's questionnaire that is in effect on `day`. Where
/// none is, or `last` shows that the clock is behind, what was asked last; else what was in effect then; else the
/// version nearest in time. Refused with every fault, each with the text's name in front: broken text, no version at
/// all, one that this glass can't ask, a headline that is not among its items. A feedback form that has no version in
/// effect is left out: it is only offered.
[[nodiscard]] Expected<Content, std::string> make_content(const NamedText& center,
                                                          const std::vector<NamedText>& questionnaires,
                                                          survey::Date day, const LastKnown& last = {});

/// The same from files: every *.json in `questionnaires`.
[[nodiscard]] Expected<Content, std::string> load_content(const std::filesystem::path& center,
                                                          const std::filesystem::path& questionnaires, survey::Date day,
                                                          const LastKnown& last = {});

/// What the inbox holds, with its version, so that it is read again only when that changed.
struct InboxContent {
    std::string version;
    Expected<Content, std::string> content;
};

/// Empty when nothing ever came down, or the inbox can't be read now. Results that can't be read stop nothing: they are
/// left out, and Content::results_trouble says why.
[[nodiscard]] std::optional<InboxContent> read_inbox_content(const Inbox& inbox, survey::Date day,
                                                             const LastKnown& last = {});

/// What to start with, and where it came from.
struct StartContent {
    Content content;
    std::string inbox_version;  // empty when it came from files
    std::string trouble;        // why what came down is not used; empty: it is, or nothing came down
};

/// Where the content of a start is looked for.
struct ContentPlaces {
    std::filesystem::path journal;         // with the inbox in it
    survey::KioskId kiosk;                 // whose journal it is
    std::filesystem::path center;          // a file
    std::filesystem::path questionnaires;  // a folder
};

/// What came down last, or what the files hold. The error is why there is none at all.
[[nodiscard]] Expected<StartContent, std::string> start_content(const ContentPlaces& places, survey::Date day);

}  // namespace hailong::kiosk
