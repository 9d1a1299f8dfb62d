#include <utility>

#include "kiosk/gallery/scene_parts.h"
#include "survey/base/utf8.h"

namespace hailong::kiosk::scenes {
namespace {

using survey::Language;
using survey::LocalizedText;

/// A thousand characters as somebody writes who has had a long day.
std::string long_text() {
    const std::string sentence =
        "Tôi đến nộp hồ sơ đăng ký khai sinh cho cháu từ 7 giờ 30 sáng, được chị ở quầy số 1 hướng dẫn rất tận tình, "
        "nhưng phải chờ đến gần trưa mới có kết quả vì phần mềm bị lỗi. ";
    std::string text;
    while (text.size() < 1'200)
        text += sentence;
    return text + "Mong Trung tâm sớm khắc phục. Xin cảm ơn!";
}

std::vector<Suggestion> phrases(Language language) {
    const LocalizedText texts[] = {
        {"Xin cảm ơn!", "Thank you!"},
        {"Công chức hướng dẫn tận tình, dễ hiểu.", "The officer explained things well."},
        {"Tôi phải chờ lâu.", "I had to wait for a long time."},
        {"Tôi phải đi lại nhiều lần để bổ sung giấy tờ.", "I had to come back several times with more papers."},
        {"Mong Trung tâm có thêm ghế ngồi và nước uống.", "Please provide more seats and drinking water."}};
    std::vector<Suggestion> result;
    for (const LocalizedText& text : texts)
        result.push_back({text.in(language), 0});
    return result;
}

Draft draft(std::string text) {
    Draft result;
    result.text = std::move(text);
    result.cursor = survey::characters_of(result.text).size();
    return result;
}

}  // namespace

TextEntryModel text_entry(Language language) {
    TextEntryModel model;
    model.frame = frame(language, 2);
    model.item =
        item("f_text", survey::ItemType::text, {"Xin Ông/Bà cho biết sự việc", "Please tell us what happened"});
    model.item.hint = {"Xin không ghi số giấy tờ, tình trạng sức khỏe hay thông tin về người khác.",
                       "Please leave out document numbers, health details and anything about other people."};
    model.item.required = true;
    model.chars_max = 1'000;
    model.item.chars_max = 1'000;
    model.keyboard.shift = Shift::once;
    model.phrases = phrases(language);
    return model;
}

TextEntryModel phone_number(Language language) {
    TextEntryModel model;
    model.frame = frame(language, 4);
    model.item = item("f_phone", survey::ItemType::phone, {"Số điện thoại", "Phone number"});
    model.item.hint = {"Mười chữ số, bắt đầu bằng số 0.", "Ten digits, beginning with 0."};
    model.item.personal_data = true;
    model.chars_max = kPhoneCharsMax;
    model.draft = draft("091234567");
    model.fault = TextFault::pattern;
    return model;
}

TextEntryModel written_text(Language language) {
    TextEntryModel model = text_entry(language);
    model.draft = draft(in(language, "Công chức hướng dẫn rất rõ ràng, nhưng tôi phải chờ lâu vì ",
                           "The officer explained things well, but I had to wait because "));
    model.keyboard.shift = Shift::off;
    return model;
}

std::vector<Scene> text_entry_ordinary(Language language) {
    TextEntryModel name = text_entry(language);
    name.item = item("f_name", survey::ItemType::text, {"Họ và tên", "Full name"});
    name.item.personal_data = true;
    name.chars_max = 80;
    name.phrases.clear();
    name.draft = draft("Nguyễn Thị ");
    return {scene("text_entry", text_entry(language), draw_text_entry),
            scene("text_entry_written", written_text(language), draw_text_entry),
            scene("text_entry_name", name, draw_text_entry),
            scene("text_entry_phone", phone_number(language), draw_text_entry)};
}

std::vector<Scene> text_entry_extreme(Language language) {
    TextEntryModel full = text_entry(language);
    full.draft = draft(long_text());
    full.keyboard.shift = Shift::locked;
    TextEntryModel warned = text_entry(language);
    warned.draft = draft(in(language, "Chị Hoa, số 0912 345 678, đã ", "Mrs Hoa, phone 0912 345 678, has "));
    warned.looks_personal = Personal::phone;
    warned.keyboard.shift = Shift::off;
    warned.frame.countdown_s = 7;
    TextEntryModel one_word = text_entry(language);
    one_word.draft = draft(std::string(300, 'w'));
    one_word.item.required = false;
    one_word.frame.voice_offered = true;
    TextEntryModel in_the_middle = full;
    in_the_middle.draft.cursor = 300;
    in_the_middle.item.text = long_question();
    in_the_middle.fault = TextFault::too_long;
    in_the_middle.frame.can_finish = true;
    TextEntryModel wrong = phone_number(language);
    wrong.draft = draft("19123456789");
    wrong.item.required = true;
    const TextEntryModel written = written_text(language);
    TextEntryModel telex = written;
    telex.method = Method::telex;
    TextEntryModel vni = written;
    vni.method = Method::vni;
    TextEntryModel signs = written;
    signs.keyboard.layer = KeyLayer::signs;
    return {scene("text_entry_full", full, draw_text_entry),
            scene("text_entry_warned", warned, draw_text_entry),
            scene("text_entry_one_word", one_word, draw_text_entry),
            scene("text_entry_long_question", in_the_middle, draw_text_entry),
            scene("text_entry_phone_wrong", wrong, draw_text_entry),
            scene("text_entry_telex", telex, draw_text_entry),
            scene("text_entry_vni", vni, draw_text_entry),
            scene("text_entry_signs", signs, draw_text_entry)};
}

}  // namespace hailong::kiosk::scenes
