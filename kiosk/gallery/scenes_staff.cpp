#include <utility>

#include "kiosk/gallery/scene_parts.h"
#include "survey/disclosure.h"

namespace hailong::kiosk::scenes {

using survey::Language;

namespace {

const survey::Date kToday = std::chrono::year{2026} / 11 / 22;

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

TallyRow too_few(std::string label) {
    TallyRow result;
    result.label = std::move(label);
    result.too_few = true;
    return result;
}

/// A share that wanders about the objective, the same every time; weekends are closed.
std::vector<TrendPoint> trend(std::size_t points, bool days, Language language) {
    std::vector<TrendPoint> result;
    const std::int64_t first = std::chrono::sys_days{kToday.year() / 1 / 1}.time_since_epoch().count();
    for (std::size_t i = 0; i < points; ++i) {
        TrendPoint point;
        const auto step = static_cast<std::int64_t>(i);
        const survey::Date day{std::chrono::sys_days{std::chrono::days{first + step}}};
        const std::string month = std::to_string(days ? static_cast<unsigned>(day.month()) : i % 12 + 1);
        const std::string number = days ? std::to_string(static_cast<unsigned>(day.day())) + "/" : "";
        point.label = number + month + (days ? "" : in(language, "/2026", "/2026"));
        if (!days || i % 7 < 5) {
            point.n = 20 + step * 37 % 53;
            point.share_tenths = 880 + step * 71 % 97 + (i % 11 == 4 ? -60 : 0);
            point.met = *point.share_tenths > 900;
        }
        result.push_back(std::move(point));
    }
    return result;
}

std::string long_counter(Language language) {
    return in(language, "Quầy Hướng dẫn - Hỗ trợ dịch vụ công trực tuyến - Thu phí, lệ phí",
              "Counter for guidance, online services, fees and other charges");
}

TallyModel without_whole(TallyModel model, TallyBy by, Language language) {
    model.by = by;
    model.trend.clear();
    model.rows.clear();
    model.flagged = 0;
    model.received_today.reset();
    model.period_name = in(language, "Tháng 10/2026", "October 2026");
    model.period_days = in(language, "01/10/2026 – 31/10/2026", "1 October 2026 – 31 October 2026");
    return model;
}

std::string rows_rule(Language language) {
    return in(language, "Chỉ tính những tháng đã qua có từ 5 phiếu trở lên",
              "Only months that are over, with 5 answers or more");
}

}  // namespace

PinModel pin() {
    PinModel model;
    model.digits_entered = 4;
    return model;
}

TallyModel tally(Language language) {
    TallyModel model;
    model.period_name = in(language, "Tháng 11/2026", "November 2026");
    model.period_days = in(language, "01/11/2026 – 30/11/2026", "1 November 2026 – 30 November 2026");
    model.can_go_back = true;
    model.question = overall(language).item.text.in(language);
    model.options = five_levels();
    model.total = row(in(language, "Cả máy này", "Whole terminal"), {812, 396, 71, 24, 9});
    model.trend = trend(30, true, language);
    model.flagged = 14;
    model.received_today = 23;
    return model;
}

TallyModel tally_today(Language language) {
    TallyModel model = tally(language);
    model.period_name = in(language, "Ngày 22/11/2026", "22 November 2026");
    model.period_days = in(language, "22/11/2026", "22 November 2026");
    model.total = row(model.total.label, {0, 0, 0, 0, 0});
    model.trend.clear();
    model.flagged = 0;
    model.not_before_today = true;
    return model;
}

TallyModel tally_counters(Language language) {
    TallyModel model = without_whole(tally(language), TallyBy::counters, language);
    model.can_go_on = true;
    model.note = rows_rule(language);
    const CounterModel counters = counter(language);
    const std::vector<std::int64_t> counts[] = {{190, 84, 9, 3, 1},  {71, 52, 21, 9, 4},  {40, 22, 2, 0, 0},
                                                {118, 61, 12, 4, 1}, {201, 99, 14, 3, 2}, {96, 41, 7, 3, 1},
                                                {3, 0, 0, 0, 0},     {96, 37, 6, 2, 0}};
    for (std::size_t i = 0; i < counters.counters.size(); ++i) {
        const survey::Counter& one = counters.counters[i];
        const std::string label = std::to_string(one.number) + ". " + one.name.in(language);
        const bool told = survey::is_told(counts[i][0] + counts[i][1]);
        model.rows.push_back(told ? row(label, counts[i]) : too_few(label));
    }
    return model;
}

PeriodsModel periods() {
    PeriodsModel model;
    model.current = survey::PeriodKind::month;
    return model;
}

GroupingsModel groupings() {
    return {TallyBy::counters};
}

CalendarModel calendar() {
    CalendarModel model;
    model.shown = kToday;
    model.today = kToday;
    model.first = kToday.year() / 11 / 3;
    return model;
}

DeviceModel device(Language language) {
    const auto text = [language](const char* vi, const char* en) { return in(language, vi, en); };
    DeviceModel model;
    model.rows = {
        {Health::good, text("Phiếu chờ lưu", "Waiting to be saved"), "0"},
        {Health::fact, text("Đã thu", "Collected"), text("1.312", "1,312")},
        {Health::fact, text("Đã gửi", "Delivered"), text("1.309", "1,309")},
        {Health::fact, text("Chờ gửi", "Waiting to be sent"), "3"},
        {Health::good, text("Giữ riêng", "Set aside"), "0"},
        {Health::good, text("Lần gửi gần nhất", "Last delivery"), text("14:05, 22/11/2026", "14:05, 22 November 2026")},
        {Health::good, text("Đồng hồ", "Clock"),
         text("14:20, 22/11/2026, khớp máy chủ", "14:20, 22 November 2026, as the server's")},
        {Health::good, text("Ổ đĩa còn trống", "Free disk space"), text("48,2 GB", "48.2 GB")},
        {Health::fact, text("Phiên bản", "Version"), "0.1.0"}};
    return model;
}

ToolsModel tools() {
    ToolsModel model;
    model.tabs.current = StaffTab::tools;
    return model;
}

namespace {

PinModel pin_wrong() {
    PinModel model;
    model.wrong = true;
    return model;
}

PinModel pin_wait() {
    PinModel model;
    model.wait_s = 59;
    return model;
}

PinModel pin_checking() {
    PinModel model = pin();
    model.checking = true;
    model.digits_entered = 20;
    return model;
}

DeviceModel device_well(Language language) {
    DeviceModel model = device(language);
    model.tabs.current = StaffTab::device;
    return model;
}

TallyModel tally_million(Language language) {
    TallyModel model = tally(language);
    model.period_name = in(language, "Năm 2026", "Year 2026");
    model.period_days = in(language, "15/12/2025 – 14/12/2026", "15 December 2025 – 14 December 2026");
    model.total = row(model.total.label, {812'345, 345'678, 54'321, 21'098, 1'125});
    model.flagged = 12'345;
    model.trend = trend(13, false, language);
    return model;
}

TallyModel tally_year_of_days(Language language) {
    TallyModel model = tally_million(language);
    model.trend = trend(366, true, language);
    model.total = row(model.total.label, {1, 1, 30, 40, 50});
    return model;
}

TallyModel tally_day(Language language) {
    TallyModel model = tally(language);
    model.period_name = in(language, "Ngày 21/11/2026", "21 November 2026");
    model.period_days = in(language, "21/11/2026", "21 November 2026");
    model.can_go_on = true;
    model.received_today.reset();
    model.total = row(model.total.label, {18, 1, 0, 1, 0});
    model.trend = trend(1, true, language);
    model.flagged = 0;
    return model;
}

TallyModel tally_day_too_few(Language language) {
    TallyModel model = tally_day(language);
    model.total = too_few(model.total.label);
    model.trend[0] = {model.trend[0].label, 0, {}, false};
    model.some_untold = true;
    return model;
}

/// A month of which some days are told of, each alone or together with others.
TallyModel tally_some_untold(Language language) {
    TallyModel model = tally(language);
    model.some_untold = true;
    model.total = row(model.total.label, {41, 18, 3, 1, 0});
    for (std::size_t i = 0; i < model.trend.size(); ++i) {
        TrendPoint& point = model.trend[i];
        if (i % 4 == 1) point = {point.label, 0, {}, false};
        point.n = point.n * 7 / 36;
    }
    return model;
}

TallyModel tally_empty(Language language) {
    TallyModel model = tally(language);
    model.period_name.clear();
    model.total = row(model.total.label, {0, 0, 0, 0, 0});
    for (TrendPoint& point : model.trend)
        point = {point.label, 0, {}, false};
    model.flagged = 0;
    return model;
}

TallyModel tally_reading(Language language) {
    TallyModel model = tally_empty(language);
    model.reading = true;
    model.trend.clear();
    model.received_today.reset();
    return model;
}

TallyModel tally_trouble(Language language) {
    TallyModel model = tally_reading(language);
    model.reading = false;
    model.tabs.device_needs_hand = true;
    model.trouble = in(language, "Tệp nhật ký đang bị chương trình khác giữ: máy sẽ tự thử lại",
                       "Another program holds the journal file: the terminal will try again");
    return model;
}

TallyModel tally_counters_many(Language language) {
    TallyModel model = tally_counters(language);
    for (int i = 9; i <= 24; ++i) {
        model.rows.push_back(
            row(std::to_string(i) + ". " + long_counter(language), {1'012'345, 206'789, 12'341, 2'567, 525}));
    }
    model.page = 1;
    return model;
}

TallyModel tally_officers(Language language) {
    TallyModel model = without_whole(tally(language), TallyBy::officers, language);
    model.note = in(language, "Chỉ tính theo tháng trọn đã qua, từ 10 phiếu trở lên",
                    "Only whole months that are over, from 10 answers on");
    for (int i = 0; i < 40; ++i) {
        const std::string name = i % 4 == 1 ? kLongName : "Nguyễn Thị Thanh Hà";
        model.rows.push_back(i % 3 == 0 ? too_few(name) : row(name, {40 + i, 12, i % 5, i % 2, 0}));
    }
    return model;
}

TallyModel tally_fields(Language language) {
    TallyModel model = without_whole(tally(language), TallyBy::fields, language);
    model.note = rows_rule(language);
    for (std::int64_t i = 1; i <= 30; ++i) {
        const std::string name = in(language, "Lĩnh vực số ", "Field number ") + std::to_string(i);
        model.rows.push_back(row(name, {i * 3, i, i % 4, 0, 0}));
    }
    model.page = 2;
    return model;
}

TallyModel tally_beginnings(Language language) {
    TallyModel model = without_whole(tally(language), TallyBy::beginnings, language);
    model.note = rows_rule(language);
    model.rows = {
        row(in(language, "Bắt đầu bằng phiếu số, giấy hẹn", "Began with a ticket or receipt"), {412, 196, 21, 4, 1}),
        row(in(language, "Tự đến đánh giá", "Walked up"), {400, 200, 50, 20, 8})};
    return model;
}

PeriodsModel periods_months() {
    PeriodsModel model = periods();
    model.whole_months_only = true;
    return model;
}

CalendarModel calendar_six_weeks() {
    CalendarModel model = calendar();
    model.first.reset();
    model.shown = kToday.year() / 8 / 31;
    return model;
}

DeviceModel device_trouble(Language language) {
    DeviceModel model = device(language);
    model.tabs = {StaffTab::device, true};
    const auto text = [language](const char* vi, const char* en) { return in(language, vi, en); };
    std::erase_if(model.rows, [&](const DeviceRow& row) {
        return row.label == text("Phiếu chờ lưu", "Waiting to be saved") ||
               row.label == text("Lần gửi gần nhất", "Last delivery") || row.label == text("Đồng hồ", "Clock");
    });
    model.rows.insert(
        model.rows.begin(),
        {{Health::trouble, text("Cần xử lý", "Needs a hand"),
          text("Ổ đĩa đầy: xóa bớt tệp để máy lưu được phiếu",
               "The disk is full: remove files so that answers can be saved")},
         {Health::trouble, text("Phiếu chờ lưu", "Waiting to be saved"), "3"},
         {Health::attention, text("Lần gửi gần nhất", "Last delivery"),
          text("Gửi không thành công lúc 14:05, 22/11/2026: máy chủ đã có phiếu khác mang cùng số của máy "
               "này, vì ổ đĩa được sao chép hay khôi phục, hoặc có máy khác gửi thay. Phiếu vẫn an toàn "
               "trong máy. Báo quản trị đăng ký lại máy, đừng xóa tệp nào",
               "Delivery failed at 14:05, 22 November 2026: the server has other responses under this "
               "terminal's numbers, because the disk was copied or restored, or another machine sends in "
               "its name. The responses are safe here. Have the administrator enrol the terminal anew, "
               "and delete no file")},
         {Health::attention, text("Đồng hồ", "Clock"),
          text("14:20, 22/11/2026, chậm 1.440 phút so với máy chủ: chỉnh lại giờ",
               "14:20, 22 November 2026, 1,440 minutes behind the server: set the clock")}});
    return model;
}

ToolsModel tools_closing() {
    ToolsModel model = tools();
    model.closing_asked = true;
    model.training_on = true;
    return model;
}

}  // namespace

std::vector<Scene> staff_ordinary(Language language) {
    return {scene("pin", pin(), draw_pin),
            scene("pin_wrong", pin_wrong(), draw_pin),
            scene("tally", tally(language), draw_tally),
            scene("tally_today", tally_today(language), draw_tally),
            scene("tally_counters", tally_counters(language), draw_tally),
            scene("periods", periods(), draw_periods),
            scene("groupings", groupings(), draw_groupings),
            scene("calendar", calendar(), draw_calendar),
            scene("device", device_well(language), draw_device),
            scene("tools", tools(), draw_tools)};
}

std::vector<Scene> staff_extreme(Language language) {
    return {scene("pin_wait", pin_wait(), draw_pin),
            scene("pin_checking", pin_checking(), draw_pin),
            scene("tally_million", tally_million(language), draw_tally),
            scene("tally_year_of_days", tally_year_of_days(language), draw_tally),
            scene("tally_day", tally_day(language), draw_tally),
            scene("tally_day_too_few", tally_day_too_few(language), draw_tally),
            scene("tally_some_untold", tally_some_untold(language), draw_tally),
            scene("tally_empty", tally_empty(language), draw_tally),
            scene("tally_reading", tally_reading(language), draw_tally),
            scene("tally_trouble", tally_trouble(language), draw_tally),
            scene("tally_counters_many", tally_counters_many(language), draw_tally),
            scene("tally_officers", tally_officers(language), draw_tally),
            scene("tally_fields", tally_fields(language), draw_tally),
            scene("tally_beginnings", tally_beginnings(language), draw_tally),
            scene("periods_months", periods_months(), draw_periods),
            scene("calendar_six_weeks", calendar_six_weeks(), draw_calendar),
            scene("device_trouble", device_trouble(language), draw_device),
            scene("tools_closing", tools_closing(), draw_tools)};
}

}  // namespace hailong::kiosk::scenes
