#include "survey/canonical_record.h"

#include <algorithm>
#include <charconv>

#include "survey/base/json.h"

namespace hailong::survey {
namespace {

/// Takes the bytes from the front, one expected thing after the other; each step says whether it was there.
class CanonicalRecordReader {
  public:
    explicit CanonicalRecordReader(std::string_view bytes) : rest_(bytes) {}

    bool read(Record& record) {
        Response& response = record.response;
        return take(R"({"answers":[)") && take_answers(response.answers) && take(R"(,"boot":)") &&
               take_text(response.boot_id) && take(R"(,"complete":)") && take_boolean(response.complete) &&
               take(R"(,"context":{"began":)") && take_context(response.context) && take(R"(,"finished":)") &&
               take_moment(response.finished) && take(R"(,"flags":[)") && take_identifiers(response.flags, kFlagsMax) &&
               take(R"(,"format":1,"id":)") && take_uuid(response.id) && take(R"(,"kiosk":)") &&
               take_identifier(record.kiosk.text) && take(R"(,"language":)") && take_language(response.language) &&
               take(R"(,"questionnaire":{"id":)") && take_identifier(response.questionnaire.id.text) &&
               take(R"(,"version":)") && take_integer(response.questionnaire.version, 1, kJsonIntegerMax) &&
               take(R"(},"seq":)") && take_integer(record.seq, 1, kSeqMax) &&
               take_server_offset(response.server_offset) && take(R"(,"started":)") && take_moment(response.started) &&
               rest_ == "}";
    }

  private:
    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    /// Plain ASCII alone: what is escaped or must be checked as UTF-8 is left to the JSON parser.
    bool take_view(std::string_view& text) {
        if (!take("\"")) return false;
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] >= ' ' && rest_[length] != '"' && rest_[length] != '\\' &&
               rest_[length] != '\x7f') {
            ++length;
        }
        text = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return take("\"");
    }
    bool take_text(std::string& text) {
        std::string_view found;
        if (!take_view(found)) return false;
        text = found;
        return true;
    }
    bool take_identifier(std::string& text) {
        std::string_view found;
        if (!take_view(found) || !is_identifier(found)) return false;
        text = found;
        return true;
    }
    bool take_integer(std::int64_t& number, std::int64_t least, std::int64_t most) {
        const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
        if (read.ec != std::errc{} || number < least || number > most) return false;
        const std::string_view digits = rest_.substr(0, static_cast<std::size_t>(read.ptr - rest_.data()));
        const bool is_plain = digits == "0" || (digits.front() != '0' && !digits.starts_with("-0"));
        rest_.remove_prefix(digits.size());
        return is_plain;
    }
    bool take_boolean(bool& value) {
        value = take("true");
        return value || take("false");
    }

    bool take_uuid(Uuid& id) {
        std::string_view text;
        const auto parsed = take_view(text) ? parse_uuid(text) : std::nullopt;
        if (parsed) id = *parsed;
        return parsed.has_value();
    }
    bool take_language(Language& language) {
        std::string_view text;
        const auto parsed = take_view(text) ? parse_language(text) : std::nullopt;
        if (parsed) language = *parsed;
        return parsed.has_value();
    }

    /// Behind the opening bracket.
    bool take_identifiers(std::vector<std::string>& list, std::size_t most) {
        if (take("]")) return true;
        do {
            if (list.size() == most || !take_identifier(list.emplace_back())) return false;
        } while (take(","));
        return take("]");
    }
    bool take_answers(std::vector<Answer>& answers) {
        if (take("]")) return true;
        answers.reserve(static_cast<std::size_t>(std::min<std::ptrdiff_t>(std::count(rest_.begin(), rest_.end(), '{'),
                                                                          static_cast<std::ptrdiff_t>(kItemsMax))));
        do {
            if (answers.size() == kItemsMax || !take_answer(answers.emplace_back())) return false;
        } while (take(","));
        return take("]");
    }
    bool take_answer(Answer& answer) {
        if (!take(R"({"item":)") || !take_identifier(answer.item.text)) return false;
        if (take(R"(,"values":[)")) return take_identifiers(answer.values, kOptionsMax) && take("}");
        std::string_view text;
        if (!take(R"(,"text":)") || !take_view(text)) return false;
        answer.text = parse_digest(text);
        return answer.text && take("}");
    }

    /// Behind "began".
    bool take_context(Context& context) {
        std::string_view word;
        if (!take_view(word) || (word != "scanned" && word != "walk_up")) return false;
        context.began = word == "scanned" ? Began::scanned : Began::walk_up;
        if (!take(R"(,"center":)") || !take_identifier(context.center.text)) return false;
        if (take(R"(,"channel":)")) {
            const auto channel = take_view(word) ? parse_channel(word) : std::nullopt;
            if (!channel) return false;
            context.channel = *channel;
        }
        if (take(R"(,"counter":)") && !take_identifier(context.counter.text)) return false;
        if (take(R"(,"field":)") && !take_identifier(context.field.text)) return false;
        if (take(R"(,"officer":)") && !take_identifier(context.officer.text)) return false;
        if (take(R"(,"procedure":)") && !take_identifier(context.procedure.text)) return false;
        if (take(R"(,"respondent":)")) {
            context.respondent = take_view(word) ? parse_respondent_kind(word) : std::nullopt;
            if (!context.respondent) return false;
        }
        return take("}");
    }

    bool take_moment(Moment& moment) {
        std::int64_t monotonic = 0;
        std::int64_t offset = 0;
        std::int64_t utc = 0;
        if (!take(R"({"monotonic_ms":)") || !take_integer(monotonic, 0, kRecordTimeMsMax)) return false;
        if (!take(R"(,"offset_min":)") || !take_integer(offset, -kOffsetMinutesMax, kOffsetMinutesMax)) return false;
        if (!take(R"(,"utc_ms":)") || !take_integer(utc, 0, kRecordTimeMsMax) || !take("}")) return false;
        moment = {UtcTime{milliseconds{utc}}, std::chrono::minutes{offset}, MonoTime{milliseconds{monotonic}}};
        return is_in_range(local_day(moment));
    }
    bool take_server_offset(std::optional<milliseconds>& offset) {
        std::int64_t number = 0;
        if (!take(R"(,"server_offset_ms":)")) return true;
        if (!take_integer(number, -kRecordTimeMsMax, kRecordTimeMsMax)) return false;
        offset = milliseconds{number};
        return true;
    }

    std::string_view rest_;
};

}  // namespace

std::optional<Record> read_canonical(std::string_view bytes) {
    std::optional<Record> record(std::in_place);
    if (!CanonicalRecordReader(bytes).read(*record)) record.reset();
    return record;
}

}  // namespace hailong::survey
