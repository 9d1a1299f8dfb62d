#include <utility>

#include "kiosk/gallery/scene_parts.h"

namespace hailong::kiosk::scenes {
namespace {

using survey::Language;
using survey::LocalizedText;

survey::Officer officer_of(const char* id, const char* name, LocalizedText post, std::int64_t portrait) {
    survey::Officer result;
    result.id = {id};
    result.name = name;
    result.post = std::move(post);
    result.portrait = portrait;
    return result;
}

}  // namespace

AttractModel attract(Language language) {
    AttractModel model;
    model.center_name = center_name(language);
    model.counter_name = in(language, "Quầy 1. Tư pháp - Hộ tịch", "Counter 1. Civil status");
    model.feedback_offered = true;
    model.scanner = true;
    model.voice_offered = true;
    return model;
}

AccessibilityModel accessibility(Language language) {
    AccessibilityModel model;
    model.center_name = center_name(language);
    model.voice_offered = true;
    return model;
}

ChoiceModel overall(Language language) {
    ChoiceModel model;
    model.frame = frame(language, 1);
    model.item = item("overall", survey::ItemType::scale,
                      {"Ông/Bà có hài lòng về việc giải quyết thủ tục hôm nay không?",
                       "Are you satisfied with how your procedure was handled today?"});
    model.item.required = true;
    model.item.options = five_levels();
    return model;
}

ChoiceModel overall_three(Language language) {
    ChoiceModel model = overall(language);
    model.item.options = {option("3", {"Rất hài lòng", "Very satisfied"}, "face_very_happy", true),
                          option("2", {"Hài lòng", "Satisfied"}, "face_happy", true),
                          option("1", {"Chưa hài lòng", "Not yet satisfied"}, "face_sad")};
    return model;
}

ChoiceModel officer_rating(Language language) {
    ChoiceModel model = overall(language);
    model.frame = frame(language, 4);
    model.item.id = {"o_all"};
    model.item.required = false;
    model.item.about = survey::About::officer;
    model.item.text = {"Ông/Bà có hài lòng về công chức này không?", "Are you satisfied with this officer?"};
    model.officer_name = "Nguyễn Thị Thanh Hà";
    model.officer_portrait = 0;
    return model;
}

ChoiceModel points(Language language) {
    ChoiceModel model;
    model.frame = frame(language, 2);
    model.item = item("i3", survey::ItemType::points,
                      {"Sau khi nộp hồ sơ, Ông/Bà phải liên hệ lại bao nhiêu lần để hoàn thiện hồ sơ?",
                       "After submitting, how many times did you have to come back to complete the dossier?"});
    model.item.options = {option("2", {"Không phải lần nào", "Not once"}), option("1", {"Một lần", "Once"}),
                          option("0", {"Hơn một lần", "More than once"}),
                          option("own_fault", {"Hơn một lần, do tôi nộp thiếu hoặc sai giấy tờ",
                                               "More than once, because my papers were missing or wrong"}),
                          option("na", {"Không trả lời / không áp dụng", "No answer / not applicable"})};
    return model;
}

ReasonsModel reasons(Language language) {
    ReasonsModel model;
    model.frame = frame(language, 5);
    model.item = item("reason", survey::ItemType::multi,
                      {"Điều gì khiến Ông/Bà chưa hài lòng?", "What were you not satisfied with?"});
    model.item.hint = {"Có thể chọn nhiều ý.", "You may choose more than one."};
    model.item.options = {option("wait", {"Phải chờ lâu", "Long wait"}),
                          option("late", {"Trả kết quả trễ hẹn", "Result later than promised"}),
                          option("attitude", {"Thái độ phục vụ chưa tốt", "Poor attitude"}),
                          option("guidance", {"Hướng dẫn chưa rõ, chưa đủ", "Unclear or incomplete guidance"}),
                          option("extra", {"Đòi giấy tờ ngoài quy định", "Asked for papers the rules do not require"}),
                          option("visits", {"Phải đi lại nhiều lần", "Had to come back several times"}),
                          option("facility", {"Chỗ ngồi, thiết bị chưa tốt", "Poor seating or equipment"}),
                          option("system", {"Phần mềm lỗi hoặc khó dùng", "Software faulty or hard to use"}),
                          option("fee", {"Khoản thu chưa rõ ràng", "Unclear charges"}),
                          option("other", {"Lý do khác", "Another reason"})};
    model.chosen = {"wait", "guidance"};
    return model;
}

CounterModel counter(Language language) {
    CounterModel model;
    model.frame = frame(language, 2);
    model.item = item("counter", survey::ItemType::counter,
                      {"Ông/Bà vừa làm việc tại quầy nào?", "Which counter did you go to?"});
    const LocalizedText names[] = {
        {"Tư pháp - Hộ tịch", "Civil status"},           {"Đất đai - Xây dựng", "Land and construction"},
        {"Kinh tế - Tài chính", "Economy and finance"},  {"Văn hóa - Xã hội", "Culture and society"},
        {"Cư trú - Căn cước", "Residence and identity"}, {"Thuế - Bảo hiểm", "Tax and insurance"},
        {"Hướng dẫn - Thu phí", "Guidance and fees"},    {"Trả kết quả", "Results"}};
    std::int64_t number = 0;
    for (const LocalizedText& name : names) {
        survey::Counter one;
        one.number = ++number;
        one.id = {"Q" + std::to_string(number)};
        one.short_name = name;
        one.name = name;
        model.counters.push_back(one);
    }
    return model;
}

OfficerModel officer(Language language) {
    OfficerModel model;
    model.frame = frame(language, 3);
    model.item =
        item("officer", survey::ItemType::officer, {"Công chức nào đã phục vụ Ông/Bà?", "Which officer served you?"});
    model.officers = {
        officer_of("tp-01", "Nguyễn Thị Thanh Hà", {"Công chức Tư pháp - Hộ tịch", "Civil status officer"}, 0),
        officer_of("tp-02", "Phạm Quốc Khánh", {"Công chức Tư pháp - Hộ tịch", "Civil status officer"}, 8),
        officer_of("tp-03", "Đỗ Thùy Dương", {"Công chức phụ trách chứng thực", "Certification officer"}, 1)};
    return model;
}

OfficerModel many_officers(Language language) {
    OfficerModel model = officer(language);
    const char* names[] = {"Trần Văn Lâm", "Vũ Đức Thịnh",      "Hoàng Thị Mai Lan", "Bùi Ngọc Ánh",
                           "Lê Minh Tuấn", "Đặng Thị Kim Oanh", "Ngô Phương Thảo",   "Dương Hữu Nghĩa",
                           "Lý Thu Trang", "Phan Anh Dũng",     "Mai Xuân Trường",   "Cao Bá Hưng"};
    model.officers.clear();
    for (int i = 0; i < 40; ++i) {
        const std::string id = "o-" + std::to_string(i);
        model.officers.push_back(officer_of(id.c_str(), names[static_cast<std::size_t>(i) % std::size(names)],
                                            {"Công chức Địa chính - Xây dựng", "Land and construction officer"}, i));
    }
    return model;
}

std::vector<Scene> visit_ordinary(Language language) {
    ChoiceModel ending = overall(language);
    ending.frame.countdown_s = 7;
    return {scene("attract", attract(language), draw_attract),
            scene("overall", overall(language), draw_choice),
            scene("overall_countdown", ending, draw_choice),
            scene("counter", counter(language), draw_counter),
            scene("officer", officer(language), draw_officer),
            scene("officer_rating", officer_rating(language), draw_choice),
            scene("points", points(language), draw_choice),
            scene("reasons", reasons(language), draw_reasons),
            {"saving", [language](DrawContext& draw) { draw_saving({center_name(language)}, draw); }},
            scene("thanks", ThanksModel{center_name(language), {}, true}, draw_thanks),
            scene("not_saved", NotSavedModel{center_name(language)}, draw_not_saved),
            scene("accessibility", accessibility(language), draw_accessibility)};
}

namespace {

void add_attract(std::vector<Scene>& scenes, Language language) {
    AttractModel broken = attract(language);
    broken.out_of_order =
        in(language, "Máy chưa lưu được ý kiến vào ổ đĩa.", "This terminal can't save answers to its disk.");
    scenes.push_back(scene("out_of_order", broken, draw_attract));
    AttractModel waiting = attract(language);
    waiting.counter_name.clear();
    waiting.feedback_offered = false;
    waiting.scanner = false;
    waiting.voice_offered = false;
    waiting.unsaved_waiting = true;
    scenes.push_back(scene("attract_unsaved", waiting, draw_attract));
    AttractModel full = attract(language);
    full.disk_trouble = in(language, "Không ghi được ổ đĩa: máy giữ tạm đánh giá.\nXin báo giúp nhân viên.",
                           "The disk can't be written: ratings are kept in memory.\nPlease tell a member of staff.");
    scenes.push_back(scene("attract_disk_full", full, draw_attract));
}

void add_edges_of_a_visit(std::vector<Scene>& scenes, Language language) {
    AccessibilityModel asked_for = accessibility(language);
    asked_for.settings = {TextSize::largest, true, true, true};
    asked_for.more_time = true;
    asked_for.speaking = true;
    scenes.push_back(scene("accessibility_all", asked_for, draw_accessibility));
    AccessibilityModel silent = accessibility(language);
    silent.voice_offered = false;
    scenes.push_back(scene("accessibility_no_voice", silent, draw_accessibility));
    const CleaningModel cleaning{27};
    scenes.push_back({"cleaning", [cleaning](DrawContext& draw) { draw_cleaning(cleaning, draw); }});
    ThanksModel advised{center_name(language), long_question().in(language), true};
    scenes.push_back(scene("thanks_advice", advised, draw_thanks));
}

void add_choices(std::vector<Scene>& scenes, Language language) {
    scenes.push_back(scene("overall_three", overall_three(language), draw_choice));
    ChoiceModel long_text = officer_rating(language);
    long_text.item.text = long_question();
    long_text.item.hint = {"Ông/Bà hãy nghĩ đến lần nộp hồ sơ gần đây nhất.", "Please think of your latest dossier."};
    long_text.officer_name = kLongName;
    long_text.frame.unsaved_waiting = true;
    long_text.frame.can_finish = true;
    scenes.push_back(scene("choice_long", long_text, draw_choice));
    ChoiceModel many_options = points(language);
    many_options.item.options.clear();
    for (int i = 1; i <= 50; ++i) {
        many_options.item.options.push_back(option(
            std::to_string(i).c_str(), {"Câu trả lời số " + std::to_string(i), "Answer number " + std::to_string(i)}));
    }
    many_options.page = 1;
    scenes.push_back(scene("choice_fifty", many_options, draw_choice));
}

void add_reasons(std::vector<Scene>& scenes, Language language) {
    ReasonsModel limited = reasons(language);
    limited.item.choices_max = 2;
    limited.frame.progress = {.step = 14, .steps = 27};
    scenes.push_back(scene("reasons_limit", limited, draw_reasons));
    ReasonsModel none = reasons(language);
    none.chosen.clear();
    none.frame.can_finish = true;
    none.frame.voice_offered = false;
    scenes.push_back(scene("reasons_none", none, draw_reasons));
    ReasonsModel ending = reasons(language);
    ending.frame.countdown_s = 10;
    ending.frame.can_finish = true;
    ending.frame.speaking = true;
    scenes.push_back(scene("reasons_countdown", ending, draw_reasons));
}

void add_counters(std::vector<Scene>& scenes, Language language) {
    CounterModel long_counters = counter(language);
    for (survey::Counter& one : long_counters.counters) {
        one.short_name = {};
        one.name = {"Quầy Hướng dẫn - Hỗ trợ dịch vụ công trực tuyến - Thu phí, lệ phí",
                    "Counter for guidance, online services, fees and other charges"};
    }
    scenes.push_back(scene("counter_long", long_counters, draw_counter));
    CounterModel two = counter(language);
    two.counters.resize(2);
    scenes.push_back(scene("counter_two", two, draw_counter));
}

void add_officers(std::vector<Scene>& scenes, Language language) {
    OfficerModel one = officer(language);
    one.officers.resize(1);
    one.officers[0].name = kLongName;
    one.officers[0].post = {"Công chức phụ trách dịch vụ công trực tuyến và phản ánh",
                            "Officer in charge of online services and feedback"};
    scenes.push_back(scene("officer_long_name", one, draw_officer));
    OfficerModel many = many_officers(language);
    many.page = 1;
    scenes.push_back(scene("officer_many", many, draw_officer));
    OfficerModel long_names = many_officers(language);
    for (survey::Officer& each : long_names.officers) {
        each.name = one.officers[0].name;
        each.post = one.officers[0].post;
    }
    scenes.push_back(scene("officer_many_long", long_names, draw_officer));
    OfficerModel nobody = officer(language);
    nobody.officers.clear();
    scenes.push_back(scene("officer_nobody", nobody, draw_officer));
}

}  // namespace

std::vector<Scene> visit_extreme(Language language) {
    std::vector<Scene> scenes;
    for (const auto add : {add_attract, add_edges_of_a_visit, add_choices, add_reasons, add_counters, add_officers})
        add(scenes, language);
    return scenes;
}

}  // namespace hailong::kiosk::scenes
