#include "kiosk/gallery/scene_parts.h"

namespace hailong::kiosk::scenes {

using survey::Language;
using survey::LocalizedText;

std::string in(Language language, const char* vi, const char* en) {
    return language == Language::vi ? vi : en;
}

std::string center_name(Language language) {
    return in(language, "Trung tâm Phục vụ hành chính công phường Bình Minh",
              "Public Administration Service Center of Binh Minh Ward");
}

VisitFrame frame(Language language, int step) {
    VisitFrame result;
    result.center_name = center_name(language);
    result.progress = {.step = step, .steps = 5};
    result.can_go_back = step > 1;
    result.voice_offered = true;
    return result;
}

survey::Option option(const char* value, LocalizedText label, const char* icon, bool satisfied) {
    survey::Option result;
    result.value = value;
    result.label = std::move(label);
    result.icon = icon;
    result.satisfied = satisfied;
    return result;
}

std::vector<survey::Option> five_levels() {
    return {option("5", {"Rất hài lòng", "Very satisfied"}, "face_5", true),
            option("4", {"Hài lòng", "Satisfied"}, "face_4", true), option("3", {"Bình thường", "Neutral"}, "face_3"),
            option("2", {"Không hài lòng", "Dissatisfied"}, "face_2"),
            option("1", {"Rất không hài lòng", "Very dissatisfied"}, "face_1")};
}

survey::Item item(const char* id, survey::ItemType type, LocalizedText text) {
    survey::Item result;
    result.id = {id};
    result.type = type;
    result.text = std::move(text);
    return result;
}

LocalizedText long_question() {
    return {
        "Sau khi nộp hồ sơ tại bộ phận tiếp nhận và trả kết quả của Trung tâm, Ông/Bà có phải liên hệ lại nhiều lần "
        "để bổ sung giấy tờ, giải trình hoặc nộp thêm những khoản ngoài phí, lệ phí đã được niêm yết công khai tại "
        "nơi tiếp nhận hay không, và nếu có thì Ông/Bà đánh giá thế nào về cách hướng dẫn của công chức?",
        "After submitting your dossier at the reception and results desk of the Center, did you have to come back "
        "several times to add papers, to give further explanations or to make payments beyond the fees that are "
        "posted publicly at the desk, and if so, how do you rate the guidance that the officer gave you?"};
}

}  // namespace hailong::kiosk::scenes
