#include "tests/sim/world.h"

namespace hailong::sim {

std::string questionnaire_json(int version) {
    const std::string text = version == 1 ? "Hài lòng không?" : "Ông/Bà có hài lòng không?";
    return R"({"format":1,"id":"SIM","version":)" + std::to_string(version) +
           R"(,"effective_from":"2026-01-01","name":{"vi":"Phiếu","en":"Form"},"basis":"test","scales":{"sat":[)"
           R"({"value":"3","label":{"vi":"Hài lòng","en":"Satisfied"},"level":3,"satisfied":true,"icon":"face_5"},)"
           R"({"value":"1","label":{"vi":"Không","en":"Not"},"level":1,"icon":"face_1"}]},"items":[)"
           R"({"id":"overall","type":"scale","text":{"vi":")" +
           text +
           R"(","en":"Satisfied?"},"required":true,"scale":"sat"},)"
           R"({"id":"officer","type":"officer","text":{"vi":"Ai?","en":"Who?"}},)"
           R"({"id":"comment","type":"text","text":{"vi":"Góp ý","en":"Comment"}}]})";
}

std::string center_json(bool with_new_officer) {
    return std::string(
               R"({"format":1,"id":"sim","name":{"vi":"Trung tâm","en":"Center"},)"
               R"("parent":{"vi":"Phường","en":"Ward"},"questionnaire":"SIM","headline":"overall",)"
               R"("objective":{"more_than_percent":90},"periods":{"cut_off_day":0},"officer_n_min":10,)"
               R"("counters":[{"id":"A","number":1,"name":{"vi":"Quầy A","en":"Counter A"},)"
               R"("short_name":{"vi":"A","en":"A"}}],"officers":[)"
               R"({"id":"o1","name":"Nguyễn Thị Một","post":{"vi":"Công chức","en":"Officer"},"counter":"A"})") +
           (with_new_officer
                ? R"(,{"id":"o2","name":"Trần Văn Hai","post":{"vi":"Công chức","en":"Officer"},"counter":"A"})"
                : "") +
           R"(],"fields":[],"procedures":[]})";
}

survey::Questionnaire questionnaire(int version) {
    auto parsed = survey::parse_questionnaire(questionnaire_json(version));
    survey::check(parsed.has_value(), "the simulated questionnaire is whole");
    return std::move(*parsed);
}

}  // namespace hailong::sim
