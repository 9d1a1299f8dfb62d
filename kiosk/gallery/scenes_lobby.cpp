#include "kiosk/gallery/scene_parts.h"

namespace hailong::kiosk::scenes {
namespace {

using survey::Language;

survey::PostedShare share_of(std::int64_t satisfied, std::int64_t total) {
    return *survey::posted_share(survey::satisfaction(satisfied, total));
}

std::vector<survey::PostedLevel> levels(const std::vector<std::int64_t>& counts) {
    std::vector<survey::PostedLevel> result;
    for (const survey::Option& option : five_levels()) {
        result.push_back(
            {option.value, option.label, option.icon, option.satisfied, false, counts[result.size() % counts.size()]});
    }
    return result;
}

LobbyModel page_of(Language language, decltype(LobbyModel::shown) shown, int page, int pages) {
    return {center_name(language), std::move(shown), page, pages};
}

/// 200 characters, the most that a text of an action may have.
LobbyAction longest_action(Language language) {
    return {
        in(language,
           "Người dân đi làm giờ hành chính không thể đến nộp hồ sơ trong tuần, xin nghỉ nhiều buổi; người ở "
           "thôn xa đi hơn mười cây số mới tới nơi mà hôm nào đông lại phải quay về, mong được phục vụ cả thứ 7.",
           "People who work in office hours can't come in the week and have to take several mornings off; those "
           "from far hamlets travel ten kilometres and are sent home when it is full: please open on Saturdays."),
        in(language,
           "Từ tháng 10, Trung tâm mở cửa sáng thứ 7 hằng tuần cho 12 thủ tục nhiều người cần nhất; tổ lưu động đến "
           "các thôn xa vào thứ 5 đầu tháng; có thể giữ chỗ trước qua điện thoại, đến giờ là được phục vụ.",
           "Since October the Center has been open on Saturday mornings for the twelve procedures most asked for; a "
           "mobile team visits far hamlets on the first Thursday; places can be booked by telephone, too."),
        in(language, "Từ ngày 03/10/2026", "Since 3 October 2026")};
}

}  // namespace

LobbyModel lobby_share(Language language) {
    LobbyShare shown;
    shown.title = in(language, "Mức độ hài lòng, tháng 10/2026", "Satisfaction, October 2026");
    shown.days = in(language, "01/10/2026 – 31/10/2026", "1 October 2026 – 31 October 2026");
    shown.question = overall(language).item.text.in(language);
    shown.share = share_of(1'208, 1'312);
    shown.levels = levels({812, 396, 71, 24, 9});
    return page_of(language, shown, 0, 7);
}

LobbyModel lobby_counters(Language language) {
    LobbyCounters shown;
    shown.title = in(language, "Từng quầy, tháng 10/2026", "Counter by counter, October 2026");
    const CounterModel counters = counter(language);
    const std::optional<survey::PostedShare> shares[] = {share_of(274, 287), share_of(123, 157), std::nullopt,
                                                         share_of(61, 64)};
    for (std::size_t i = 0; i < std::size(shares); ++i) {
        const survey::Counter& one = counters.counters[i];
        shown.counters.push_back({one.number, one.short_name.in(language), shares[i]});
    }
    return page_of(language, shown, 2, 7);
}

LobbyModel lobby_action(Language language) {
    const LobbyAction shown{
        in(language, "Người già khó đọc bảng hướng dẫn, chữ nhỏ quá.",
           "The guidance boards are hard to read for the elderly: the letters are too small."),
        in(language, "Đã in lại toàn bộ bảng hướng dẫn với chữ lớn gấp đôi và đặt kính lão ở bàn viết.",
           "All boards were printed again with letters twice as large, and reading glasses lie on the writing desk."),
        in(language, "Từ ngày 19/10/2026", "Since 19 October 2026")};
    return page_of(language, shown, 5, 7);
}

std::vector<Scene> lobby_ordinary(Language language) {
    return {scene("lobby_share", lobby_share(language), draw_lobby),
            scene("lobby_counters", lobby_counters(language), draw_lobby),
            scene("lobby_action", lobby_action(language), draw_lobby)};
}

std::vector<Scene> lobby_extreme(Language language) {
    std::vector<Scene> scenes;
    // The month that runs, few answers, no face; the only page.
    LobbyModel few = lobby_share(language);
    auto& figure = std::get<LobbyShare>(few.shown);
    figure.title = in(language, "Mức độ hài lòng, tháng 11/2026", "Satisfaction, November 2026");
    figure.days = in(language, "Tính đến hết ngày 21/11/2026", "Up to and including 21 November 2026");
    figure.share = share_of(3, 3);
    figure.levels = levels({2, 1, 0, 0, 0});
    for (survey::PostedLevel& level : figure.levels)
        level.icon.clear();
    few.pages = 1;
    scenes.push_back(scene("lobby_share_few", few, draw_lobby));
    LobbyModel missed = lobby_share(language);
    auto& much = std::get<LobbyShare>(missed.shown);
    much.question = long_question().in(language);
    much.share = share_of(12'000, 14'456);
    much.levels = levels({8'345, 3'655, 1'345, 1'000, 111});
    much.levels.push_back({"na", {"Không trả lời", "No answer"}, "", false, true, 43});
    scenes.push_back(scene("lobby_share_missed", missed, draw_lobby));

    LobbyModel many = lobby_counters(language);  // the last page of 24 counters
    auto& counters = std::get<LobbyCounters>(many.shown).counters;
    counters.clear();
    for (std::int64_t number = 21; number <= 24; ++number) {
        counters.push_back({number, in(language, "Hướng dẫn - Thu phí - Trả kết quả", "Guidance, fees and results"),
                            share_of(1'000 * number, 1'234 * number)});
    }
    many.page = 5;
    many.pages = 26;
    scenes.push_back(scene("lobby_counters_many", many, draw_lobby));
    LobbyModel one = lobby_counters(language);
    std::get<LobbyCounters>(one.shown).counters.resize(1);
    scenes.push_back(scene("lobby_counters_one", one, draw_lobby));
    scenes.push_back(scene("lobby_action_longest", page_of(language, longest_action(language), 6, 7), draw_lobby));
    return scenes;
}

}  // namespace hailong::kiosk::scenes
