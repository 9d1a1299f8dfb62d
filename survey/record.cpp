#include "survey/record.h"

#include <array>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/canonical_record.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

std::string_view name(Began began) {
    return began == Began::scanned ? "scanned" : "walk_up";
}

void write_moment(CanonicalWriter& out, std::string_view key, const Moment& moment) {
    out.key(key).begin_object();
    out.key("monotonic_ms").integer(moment.monotonic.time_since_epoch().count());
    out.key("offset_min").integer(moment.utc_offset.count());
    out.key("utc_ms").integer(moment.utc.time_since_epoch().count());
    out.end_object();
}

void write_context(CanonicalWriter& out, const Context& context) {
    const auto write = [&](std::string_view key, const std::string& id) {
        if (!id.empty()) out.key(key).text(id);
    };
    out.key("context").begin_object();
    out.key("began").text(name(context.began));
    write("center", context.center.text);
    out.key("channel").text(name(context.channel));
    write("counter", context.counter.text);
    write("field", context.field.text);
    write("officer", context.officer.text);
    write("procedure", context.procedure.text);
    if (context.respondent) out.key("respondent").text(name(*context.respondent));
    out.end_object();
}

void write_texts(CanonicalWriter& out, std::string_view key, const std::vector<std::string>& texts) {
    out.key(key).begin_list();
    for (const std::string& text : texts)
        out.text(text);
    out.end_list();
}

void write_answer(CanonicalWriter& out, const Answer& answer) {
    out.begin_object();
    out.key("item").text(answer.item.text);
    if (answer.text) {
        out.key("text").text(to_hex(*answer.text));
    } else {
        write_texts(out, "values", answer.values);
    }
    out.end_object();
}

Moment read_moment(ObjectReader& parent, std::string_view key, Faults& faults) {
    if (!parent.has(key)) {
        parent.fault(key, "is missing", "add it, as an object");
        return {};
    }
    ObjectReader reader(*parent.find(key), parent.place_of(key), faults);
    Moment moment;
    moment.utc = UtcTime{milliseconds{reader.integer("utc_ms", 0, kRecordTimeMsMax)}};
    moment.utc_offset = std::chrono::minutes{reader.integer("offset_min", -kOffsetMinutesMax, kOffsetMinutesMax)};
    moment.monotonic = MonoTime{milliseconds{reader.integer("monotonic_ms", 0, kRecordTimeMsMax)}};
    // Near the ends of the range the offset leads out of it, to a day that has no text of ours.
    const Date day = local_day(moment);
    if (!is_in_range(day) && reader.has("utc_ms")) {
        reader.fault("utc_ms", "is not a time of the years 1970 to 9999 where clocks stand offset_min ahead of UTC",
                     "set the terminal's clock");
    }
    return moment;
}

template <class IdType>
IdType maybe_id(ObjectReader& reader, std::string_view key) {
    return reader.has(key) ? IdType{reader.identifier(key)} : IdType{};
}

Context read_context(ObjectReader& parent, Faults& faults) {
    if (!parent.has("context")) {
        parent.fault("context", "is missing", "add it, as an object");
        return {};
    }
    ObjectReader reader(*parent.find("context"), "context", faults);
    Context context;
    context.center = CenterId{reader.identifier("center")};
    context.counter = maybe_id<CounterId>(reader, "counter");
    context.officer = maybe_id<OfficerId>(reader, "officer");
    context.procedure = maybe_id<ProcedureId>(reader, "procedure");
    context.field = maybe_id<FieldId>(reader, "field");
    const std::string began = reader.text("began");
    if (began == "scanned") {
        context.began = Began::scanned;
    } else if (began != "walk_up" && reader.has("began")) {
        reader.fault("began", "\"" + began + "\" is no way to begin", "write walk_up or scanned");
    }
    if (reader.has("channel")) {
        const std::string word = reader.text("channel");
        const auto channel = parse_channel(word);
        if (!channel && reader.find("channel")->is_string()) {
            reader.fault("channel", "\"" + word + "\" is no channel", "write terminal or phone");
        }
        context.channel = channel.value_or(Channel::terminal);
    }
    if (reader.has("respondent")) {
        const std::string word = reader.text("respondent");
        context.respondent = parse_respondent_kind(word);
        if (!context.respondent && reader.find("respondent")->is_string()) {
            reader.fault("respondent", "\"" + word + "\" is no kind of respondent",
                         "write individual, organisation or business, or leave it out");
        }
    }
    return context;
}

Answer read_answer(const json::value& value, const std::string& place, Faults& faults) {
    ObjectReader reader(value, place, faults);
    Answer answer;
    answer.item = ItemId{reader.identifier("item")};
    const json::array& values = reader.list_or_empty("values");
    if (values.size() > kOptionsMax) {
        reader.fault("values", "holds more than " + std::to_string(kOptionsMax) + " options", "name each option once");
        return answer;
    }
    for (const json::value& chosen : values) {
        const json::string* text = chosen.if_string();
        if (text == nullptr || !is_identifier(*text)) {
            reader.fault("values", "holds something other than option values", "list option values as text");
            return answer;
        }
        answer.values.emplace_back(std::string_view(*text));
    }
    // The first terminals wrote "words"; their records stay as they were written.
    const std::string_view text = reader.has("words") && !reader.has("text") ? "words" : "text";
    if (reader.has(text)) {
        answer.text = parse_digest(reader.text(text));
        if (!answer.text) reader.fault(text, "is not a SHA-256", "write 64 hexadecimal digits");
    }
    return answer;
}

Uuid read_id(ObjectReader& reader) {
    const auto id = parse_uuid(reader.text("id"));
    if (!id && reader.has("id")) reader.fault("id", "is not a UUID", "write 8-4-4-4-12 hexadecimal digits");
    return id.value_or(Uuid{});
}

QuestionnaireRef read_questionnaire_ref(ObjectReader& parent, Faults& faults) {
    if (!parent.has("questionnaire")) {
        parent.fault("questionnaire", "is missing", "add it, as {\"id\": ..., \"version\": ...}");
        return {};
    }
    ObjectReader reader(*parent.find("questionnaire"), "questionnaire", faults);
    return {QuestionnaireId{reader.identifier("id")}, reader.integer("version", 1, kJsonIntegerMax)};
}

Language read_language(ObjectReader& reader) {
    const std::string word = reader.text("language");
    const auto language = parse_language(word);
    if (!language && reader.has("language")) {
        reader.fault("language", "\"" + word + "\" is not a language of ours", "write vi or en");
    }
    return language.value_or(Language::vi);
}

std::vector<Answer> read_answers(ObjectReader& reader, Faults& faults) {
    std::vector<Answer> answers;
    const json::array& list = reader.list("answers");
    if (list.size() > kItemsMax) {
        reader.fault("answers", "holds more than " + std::to_string(kItemsMax) + " answers", "answer each item once");
        return answers;
    }
    answers.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        answers.push_back(read_answer(list[i], "answers[" + std::to_string(i) + "]", faults));
    return answers;
}

std::vector<std::string> read_flags(ObjectReader& reader) {
    std::vector<std::string> flags;
    const json::array& list = reader.list("flags");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json::string* flag = list[i].if_string();
        if (i == kFlagsMax || flag == nullptr || !is_identifier(*flag)) {
            reader.fault("flags", "holds something other than up to " + std::to_string(kFlagsMax) + " flags",
                         "list flags of A-Z a-z 0-9 . _ -");
            break;
        }
        flags.emplace_back(std::string_view(*flag));
    }
    return flags;
}

Response read_response(ObjectReader& reader, Faults& faults) {
    Response response;
    response.id = read_id(reader);
    response.questionnaire = read_questionnaire_ref(reader, faults);
    response.language = read_language(reader);
    response.started = read_moment(reader, "started", faults);
    response.finished = read_moment(reader, "finished", faults);
    response.boot_id = reader.text("boot");
    if (const auto offset = reader.maybe_integer("server_offset_ms", -kRecordTimeMsMax, kRecordTimeMsMax)) {
        response.server_offset = milliseconds{*offset};
    }
    response.context = read_context(reader, faults);
    response.answers = read_answers(reader, faults);
    response.flags = read_flags(reader);
    if (!reader.has("complete")) reader.fault("complete", "is missing", "write true or false");
    response.complete = reader.boolean_or("complete", false);
    return response;
}

}  // namespace

std::string_view name(SkipReason reason) {
    switch (reason) {
        case SkipReason::damaged:
            return "damaged";
        case SkipReason::renumbered:
            return "renumbered";
        case SkipReason::pruned:
            return "pruned";
        case SkipReason::unknown:
            return "unknown";
    }
    return "unknown";
}

std::optional<SkipReason> parse_skip_reason(std::string_view word) {
    for (const SkipReason reason :
         {SkipReason::damaged, SkipReason::renumbered, SkipReason::pruned, SkipReason::unknown}) {
        if (name(reason) == word) return reason;
    }
    return std::nullopt;
}

std::string encode(const Record& record) {
    check(record.seq >= 1 && record.seq <= kSeqMax, "a record has a sequence number");
    const Response& response = record.response;
    CanonicalWriter out;
    out.begin_object();
    out.key("answers").begin_list();
    for (const Answer& answer : response.answers)
        write_answer(out, answer);
    out.end_list();
    out.key("boot").text(response.boot_id);
    out.key("complete").boolean(response.complete);
    write_context(out, response.context);
    write_moment(out, "finished", response.finished);
    write_texts(out, "flags", response.flags);
    out.key("format").integer(kRecordFormat);
    out.key("id").text(to_string(response.id));
    out.key("kiosk").text(record.kiosk.text);
    out.key("language").text(code(response.language));
    out.key("questionnaire").begin_object();
    out.key("id").text(response.questionnaire.id.text);
    out.key("version").integer(response.questionnaire.version);
    out.end_object();
    out.key("seq").integer(record.seq);
    if (response.server_offset) out.key("server_offset_ms").integer(response.server_offset->count());
    write_moment(out, "started", response.started);
    out.end_object();
    return out.take();
}

Expected<Record, Faults> decode(std::string_view bytes) {
    if (bytes.size() > kRecordBytesMax) {
        return unexpected(Faults{{"", "is longer than " + std::to_string(kRecordBytesMax) + " bytes", "send less"}});
    }
    if (auto canonical = read_canonical(bytes)) return std::move(*canonical);
    std::array<unsigned char, 8192> space;  // four ordinary records; the heap takes what is longer
    json::monotonic_resource memory(space.data(), space.size());
    const auto value = parse_json(bytes, &memory);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    if (!reader.is_object()) return unexpected(std::move(faults));
    if (reader.integer("format", 1, kJsonIntegerMax) > kRecordFormat) {
        reader.fault("format", "this program understands formats up to " + std::to_string(kRecordFormat),
                     "update the program");
        return unexpected(std::move(faults));
    }

    Record record;
    record.kiosk = KioskId{reader.identifier("kiosk")};
    record.seq = reader.integer("seq", 1, kSeqMax);
    record.response = read_response(reader, faults);
    if (!faults.empty()) return unexpected(std::move(faults));
    return record;
}

}  // namespace hailong::survey
