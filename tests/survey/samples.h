// A small questionnaire that has every type of item, a visit to it, and random visits to any questionnaire.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "survey/conditions.h"
#include "survey/questionnaire.h"
#include "survey/record.h"
#include "survey/response.h"

namespace hailong::survey {

inline constexpr std::string_view kSampleForm = R"({
  "format": 1, "id": "SAMPLE", "version": 3, "effective_from": "2026-01-01",
  "name": {"vi": "Mẫu", "en": "Sample"}, "basis": "nothing",
  "scales": {"sat5": [
    {"value": "5", "label": {"vi": "Rất hài lòng", "en": "Very satisfied"}, "level": 5, "satisfied": true, "icon": "face_5"},
    {"value": "4", "label": {"vi": "Hài lòng", "en": "Satisfied"}, "level": 4, "satisfied": true},
    {"value": "3", "label": {"vi": "Bình thường", "en": "Neutral"}, "level": 3},
    {"value": "2", "label": {"vi": "Không hài lòng", "en": "Dissatisfied"}, "level": 2},
    {"value": "1", "label": {"vi": "Rất không hài lòng", "en": "Very dissatisfied"}, "level": 1},
    {"value": "na", "label": {"vi": "Không trả lời", "en": "No answer"}, "excluded": true}]},
  "factors": [{"id": "staff", "name": {"vi": "Công chức", "en": "Staff"}}],
  "items": [
    {"id": "overall", "type": "scale", "text": {"vi": "Chung?", "en": "Overall?"}, "required": true, "scale": "sat5"},
    {"id": "counter", "type": "counter", "text": {"vi": "Quầy?", "en": "Counter?"}},
    {"id": "officer", "type": "officer", "text": {"vi": "Công chức?", "en": "Officer?"}},
    {"id": "o_all", "type": "scale", "about": "officer", "text": {"vi": "Công chức thế nào?", "en": "How?"}, "scale": "sat5",
     "factor": "staff"},
    {"id": "reason", "type": "multi", "text": {"vi": "Vì sao?", "en": "Why?"}, "choices_max": 2,
     "show_if": {"item": "overall", "op": "<=", "value": "3"},
     "options": [{"value": "wait", "label": {"vi": "Lâu", "en": "Wait"}},
                 {"value": "fee", "label": {"vi": "Phí", "en": "Fee"}},
                 {"value": "other", "label": {"vi": "Khác", "en": "Other"}, "opens": "FEEDBACK", "alert": true}]},
    {"id": "i1", "type": "points", "text": {"vi": "Đúng hẹn?", "en": "On time?"}, "index": 1, "feeds_index": true,
     "options": [{"value": "2", "label": {"vi": "Sớm", "en": "Early"}, "points": 2},
                 {"value": "0", "label": {"vi": "Trễ", "en": "Late"}, "points": 0},
                 {"value": "na", "label": {"vi": "Chưa", "en": "Not yet"}, "excluded": true}]},
    {"id": "reply", "type": "single", "text": {"vi": "Trả lời?", "en": "Reply?"}, "sensitive": true,
     "options": [{"value": "no", "label": {"vi": "Không", "en": "No"}, "route": "internal"},
                 {"value": "phone", "label": {"vi": "Có", "en": "Yes"}, "opens_items": ["agree", "phone"],
                  "message": {"vi": "Xin cảm ơn", "en": "Thank you"}}]},
    {"id": "agree", "type": "consent", "text": {"vi": "Đồng ý?", "en": "Agree?"},
     "required_if": {"item": "reply", "op": "in", "value": ["phone"]},
     "options": [{"value": "yes", "label": {"vi": "Đồng ý", "en": "I agree"}},
                 {"value": "no", "label": {"vi": "Không", "en": "No"}}]},
    {"id": "phone", "type": "phone", "text": {"vi": "Số?", "en": "Number?"}, "pattern": "^0[0-9]{9}$",
     "personal_data": true, "required_if": {"item": "reply", "op": "=", "value": "phone"}},
    {"id": "text", "type": "text", "text": {"vi": "Ý kiến?", "en": "Words?"}, "hint": {"vi": "Ngắn", "en": "Short"},
     "chars_max": 500},
    {"id": "who", "type": "single", "text": {"vi": "Tư cách?", "en": "Who?"}, "role": "respondent_kind",
     "options": [{"value": "person", "label": {"vi": "Cá nhân", "en": "Person"}},
                 {"value": "business", "label": {"vi": "Doanh nghiệp", "en": "Business"}}]}
  ]})";

inline Questionnaire sample_form() {
    return parse_questionnaire(kSampleForm).value();
}

/// A complete, valid visit to the sample form: not satisfied, names the officer, wants a reply.
inline Response sample_response() {
    Response response;
    response.id = parse_uuid("0193a5c4-7e00-7abc-8def-0123456789ab").value();
    response.questionnaire = {{"SAMPLE"}, 3};
    response.language = Language::vi;
    response.started = {UtcTime{milliseconds{1'795'309'200'000}}, kVietnamOffset, MonoTime{milliseconds{5'000}}};
    response.finished = {UtcTime{milliseconds{1'795'309'212'345}}, kVietnamOffset, MonoTime{milliseconds{17'345}}};
    response.boot_id = "b5d1c1f0-0000-4000-8000-000000000001";
    response.server_offset = milliseconds{-250};
    response.context = {{"binh-minh"}, {"TP"}, {"tp-01"}, {"p-001"}, {"ho-tich"}, Began::walk_up};
    response.answers = {{{"overall"}, {"2"}, {}},   {{"o_all"}, {"4"}, {}},   {{"reason"}, {"wait", "fee"}, {}},
                        {{"reply"}, {"phone"}, {}}, {{"agree"}, {"yes"}, {}}, {{"phone"}, {}, sha256("0912345678")},
                        {{"who"}, {"person"}, {}}};
    response.complete = true;
    return response;
}

inline Record sample_record() {
    return {{"kiosk-1"}, 42, sample_response()};
}

/// A random valid visit to `form`, walked item by item as a citizen does: complete, or left somewhere before the end.
inline Response any_visit(const Questionnaire& form) {
    Response response = sample_response();
    response.questionnaire = form.ref;
    response.language = *rc::gen::element(Language::vi, Language::en);
    response.started.utc =
        UtcTime{milliseconds{*rc::gen::inRange<milliseconds::rep>(1'600'000'000'000, 2'000'000'000'000)}};
    response.finished.monotonic = response.started.monotonic + milliseconds{*rc::gen::inRange(0, 600'000)};
    if (*rc::gen::arbitrary<bool>()) {
        response.server_offset = milliseconds{*rc::gen::inRange(-90'000, 90'000)};
    } else {
        response.server_offset = std::nullopt;
    }
    response.context.counter.text = *rc::gen::element<std::string>("", "TP", "DD");
    response.context.officer.text = *rc::gen::element<std::string>("", "tp-01", "dd-02");
    response.context.procedure.text = *rc::gen::element<std::string>("", "p-001");
    response.context.field.text = *rc::gen::element<std::string>("", "ho-tich");
    response.context.began = *rc::gen::element(Began::walk_up, Began::scanned);
    response.flags = *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"too_fast"},
                                       std::vector<std::string>{"too_fast", "burst"});
    response.complete = *rc::gen::arbitrary<bool>();
    response.answers.clear();
    const std::size_t left_at =
        response.complete ? form.items.size() : *rc::gen::inRange<std::size_t>(0, form.items.size() + 1);
    for (std::size_t at = 0; at < left_at; ++at) {
        const Item& item = form.items[at];
        if (item.type == ItemType::counter || item.type == ItemType::officer) continue;
        if (!is_visible(item, form, response.answers, response.context)) continue;
        if (!is_required(item, form, response.answers, response.context) && *rc::gen::arbitrary<bool>()) continue;
        Answer answer{item.id, {}, {}};
        if (item.options.empty()) {
            answer.text = sha256(*rc::gen::element<std::string>("", "0912345678", "Cảm ơn"));
        } else {
            std::vector<std::string> values;
            for (const Option& option : item.options)
                values.push_back(option.value);
            std::size_t most = item.type == ItemType::multi ? values.size() : 1;
            if (item.choices_max > 0) most = std::min(most, static_cast<std::size_t>(item.choices_max));
            const std::size_t count = *rc::gen::inRange<std::size_t>(1, most + 1);
            while (answer.values.size() < count) {
                const std::size_t pick = *rc::gen::inRange<std::size_t>(0, values.size());
                answer.values.push_back(values[pick]);
                values.erase(values.begin() + static_cast<std::ptrdiff_t>(pick));
            }
        }
        response.answers.push_back(std::move(answer));
    }
    return response;
}

}  // namespace hailong::survey
