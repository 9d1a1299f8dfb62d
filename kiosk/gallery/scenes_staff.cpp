#include <utility>

#include "kiosk/gallery/scene_parts.h"

namespace hailong::kiosk::scenes {

using survey::Language;

namespace {

TallyRow row(std::string label, std::vector<std::int64_t> counts) {
    TallyRow result;
    result.label = std::move(label);
    std::int64_t total = 0;
    for (const std::int64_t count : counts)
        total += count;
    result.responses = total;
    result.satisfaction = survey::satisfaction(counts[0] + counts[1], total);
    result.counts = std::move(counts);
    return result;
}

}  // namespace

PinModel pin() {
    PinModel model;
    model.digits_entered = 4;
    return model;
}

TallyModel tally(Language language) {
    TallyModel model;
    model.center_name = center_name(language);
    model.period = TallyPeriod::month;
    model.period_label = in(language, "01/11/2026 – 30/11/2026", "1 November 2026 – 30 November 2026");
    model.question = overall(language).item.text.in(language);
    model.options = five_levels();
    model.total = row(in(language, "Cả Trung tâm", "Whole Center"), {812, 396, 71, 24, 9});
    const CounterModel counters = counter(language);
    const std::vector<std::int64_t> counts[] = {{190, 84, 9, 3, 1},  {71, 52, 21, 9, 4},  {40, 22, 2, 0, 0},
                                                {118, 61, 12, 4, 1}, {201, 99, 14, 3, 2}, {96, 41, 7, 3, 1},
                                                {0, 0, 0, 0, 0},     {96, 37, 6, 2, 0}};
    for (std::size_t i = 0; i < counters.counters.size(); ++i) {
        const survey::Counter& one = counters.counters[i];
        model.counters.push_back(row(std::to_string(one.number) + ". " + one.name.in(language), counts[i]));
    }
    model.collected = 1'312;
    model.delivered = 1'309;
    model.last_sync = in(language, "Gửi lần cuối: 22/11/2026 14:05", "Last delivered: 22 November 2026 14:05");
    return model;
}

std::vector<Scene> staff_ordinary(Language language) {
    PinModel wrong;
    wrong.wrong = true;
    return {scene("pin", pin(), draw_pin), scene("pin_wrong", wrong, draw_pin),
            scene("tally", tally(language), draw_tally)};
}

std::vector<Scene> staff_extreme(Language language) {
    std::vector<Scene> scenes;
    PinModel waits;
    waits.wait_s = 59;
    scenes.push_back(scene("pin_wait", waits, draw_pin));
    PinModel checking = pin();
    checking.checking = true;
    checking.digits_entered = 20;
    scenes.push_back(scene("pin_checking", checking, draw_pin));

    TallyModel trouble = tally(language);
    trouble.unsaved = 3;
    trouble.trouble = in(language, "Ổ đĩa đầy: xóa bớt tệp để máy lưu được phiếu",
                         "The disk is full: remove files so that answers can be saved");
    trouble.last_sync = in(language, "Gửi không thành công lúc 22/11/2026 14:05: không kết nối được tới máy chủ",
                           "Delivery failed at 22 November 2026 14:05: the server can't be reached");
    for (int i = 9; i <= 24; ++i) {
        trouble.counters.push_back(
            row(std::to_string(i) + ". " +
                    in(language, "Quầy Hướng dẫn - Hỗ trợ dịch vụ công trực tuyến - Thu phí, lệ phí",
                       "Counter for guidance, online services, fees and other charges"),
                {12'345, 6'789, 1'234, 567, 89}));
    }
    trouble.total = row(trouble.total.label, {1'234'567, 765'432, 12'345, 6'789, 1'234});
    trouble.page = 1;
    scenes.push_back(scene("tally_trouble", trouble, draw_tally));
    TallyModel empty = tally(language);
    empty.period = TallyPeriod::today;
    empty.period_label = "22/11/2026";
    empty.total = row(empty.total.label, {0, 0, 0, 0, 0});
    for (TallyRow& each : empty.counters)
        each = row(each.label, {0, 0, 0, 0, 0});
    scenes.push_back(scene("tally_empty", empty, draw_tally));
    return scenes;
}

}  // namespace hailong::kiosk::scenes
