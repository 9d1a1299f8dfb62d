// What one visitor answered, and whether it is a valid answer to the questionnaire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/ids.h"
#include "survey/base/messages.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"
#include "survey/crypto/digest.h"
#include "survey/questionnaire.h"

namespace hailong::survey {

/// The answer to one item. Options by their values in the order chosen; free text only by its salted hash: the text
/// itself travels sealed beside the record.
struct Answer {
    ItemId item;
    std::vector<std::string> values;
    std::optional<Digest> text;
    bool operator==(const Answer&) const = default;
};

/// A point in time as a terminal knows it: what its wall clock claims, and what its monotonic clock measured.
struct Moment {
    UtcTime utc{};
    std::chrono::minutes utc_offset = kVietnamOffset;
    MonoTime monotonic{};
    bool operator==(const Moment&) const = default;
};
/// The day that the clock claims, where it stands: what a terminal counts by.
[[nodiscard]] inline Date local_day(const Moment& moment) {
    return local_date(moment.utc, moment.utc_offset);
}

/// How a visit began.
enum class Began { walk_up, scanned };

/// On what the visitor answered.
enum class Channel { terminal, phone };
/// "terminal", "phone": stable, on the wire and on every disk.
[[nodiscard]] std::string_view name(Channel channel);
[[nodiscard]] std::optional<Channel> parse_channel(std::string_view word);

/// In whose name the visitor came.
enum class RespondentKind { individual, organisation, business };
/// "individual", "organisation", "business": stable, on the wire and on every disk.
[[nodiscard]] std::string_view name(RespondentKind kind);
[[nodiscard]] std::optional<RespondentKind> parse_respondent_kind(std::string_view word);

/// Where and whom the answers are about. Empty ids: not known, or the visitor did not say.
struct Context {
    CenterId center;
    CounterId counter;
    OfficerId officer;
    ProcedureId procedure;
    FieldId field;
    Began began = Began::walk_up;
    Channel channel = Channel::terminal;
    std::optional<RespondentKind> respondent = std::nullopt;  // empty: not said
    bool operator==(const Context&) const = default;
};

/// One filled form (phiếu).
struct Response {
    Uuid id;
    QuestionnaireRef questionnaire;
    Language language = Language::vi;
    Moment started;
    Moment finished;
    std::string boot_id;                        // of the machine, changes with each start of it
    std::optional<milliseconds> server_offset;  // server's clock minus ours, when last known
    Context context;
    std::vector<Answer> answers;     // in the order of the questionnaire, at most one an item
    std::vector<std::string> flags;  // quality flags ("too_fast"); flagged answers are counted apart
    bool complete = false;           // false: the visitor left before the end
    bool operator==(const Response&) const = default;
};

/// The day that a response counts for by its terminal's clock, which is a claim: the local date when it was finished,
/// by the offset that stands there.
[[nodiscard]] Date local_day(const Response& response);

/// Null when not answered.
[[nodiscard]] const Answer* answer_to(const std::vector<Answer>& answers, const ItemId& item);

/// Every fault of `response` as an answer to `questionnaire`, each with its place; empty when it is valid.
/// Checks: the right questionnaire and version, known items, at most one answer an item, known options, as many as
/// the type allows, only items that were visible, required items answered (when complete), start not after finish
/// by the monotonic clock. Not checked here: whether the officer or counter exists (see Center).
[[nodiscard]] Faults validate(const Response& response, const Questionnaire& questionnaire);

}  // namespace hailong::survey
