#include "sync/backend/site/reconciliation_page.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "sync/backend/site/page_parts.h"

namespace hailong::sync {
namespace {

using kainjow::mustache::data;
using survey::Messages;

/// Neither green nor red: that of where there is nothing to say.
constexpr const char* kUnknownSign = "none";

/// The four of one row.
struct Totals {
    std::optional<std::int64_t> collected;  // empty: not every terminal said
    std::int64_t stored = 0;
    std::int64_t counted = 0;
    std::int64_t quarantined = 0;
    std::int64_t posted = 0;
};

class ReconciliationPage : private PeriodPage {
  public:
    ReconciliationPage(const Reconciliation& found, const survey::Center& center, const survey::Period& period,
                       const PageRequest& request, const Messages& messages)
        : PeriodPage(period, center.periods, request, messages), found_(found), center_(center) {}

    data run() {
        const std::string path = "/centers/" + center_.id.text;
        const std::string period = to_string(period_);
        data page;
        page.set("title", std::string(messages_.at("reconciliation.title")) + " – " + period_text(period_));
        heading(page, path + "/reconciliation", center_.name, center_.parent);
        page.set("results_href", link(path, period, request_));
        page.set("json_href", link(path + "/reconciliation.json", period, {}));
        page.set("alternates", data(data::type::list));
        flow(page);
        page.set("terminals", terminals());
        const bool one_day = period_.kind == survey::PeriodKind::day;
        page.set("is_day", one_day);
        page.set("days", one_day ? terminals_of_the_day() : days());
        page.set("has_days", !found_.days.empty() || !found_.posted.empty());
        return page;
    }

  private:
    std::string message(const std::string& key) const { return std::string(messages_.at("reconciliation." + key)); }
    std::string said(const std::optional<std::int64_t>& number) const {
        return number ? count(*number) : std::string(messages_.at("none.share"));
    }

    Totals sum(survey::Date first, survey::Date last) const {
        Totals totals{0, 0, 0, 0, 0};
        for (const DayBalance& day : found_.days) {
            if (day.day < first || day.day > last) continue;
            if (!day.collected) totals.collected.reset();
            if (totals.collected && day.collected) *totals.collected += *day.collected + day.forgotten;
            totals.stored += day.stored;
            totals.counted += day.counted;
            totals.quarantined += day.quarantined;
        }
        for (const PostedDay& day : found_.posted) {
            if (day.day >= first && day.day <= last) totals.posted += day.posted;
        }
        return totals;
    }

    /// Whether nothing but a day moved by a corrected clock can explain that the results differ.
    bool is_moved(const Totals& totals) const {
        return totals.collected.value_or(totals.stored) == totals.stored && totals.stored == totals.counted &&
               totals.counted != totals.posted && found_.uncertain_near > 0;
    }

    void flow(data& page) const {
        const Totals totals = sum(found_.first, found_.last);
        data list{data::type::list};
        const auto add = [&](const std::string& key, const std::optional<std::int64_t>& number,
                             const std::optional<std::int64_t>& before) {
            const bool is_known = number && before;
            data one;
            one.set("number", said(number));
            one.set("what", message("total." + key));
            one.set("where", message("where." + key));
            one.set("sign", is_known ? data(std::string(*number == *before ? "=" : "≠")) : data(std::string("·")));
            const bool is_even = !is_known || *number == *before || (key == "posted" && is_moved(totals));
            one.set("sign_class", std::string(is_even ? "sign-even" : "sign-off"));
            one.set("has_sign", key != "collected");
            list << one;
        };
        add("collected", totals.collected, std::nullopt);
        add("stored", totals.stored, totals.collected);
        add("counted", totals.counted, totals.stored);
        add("posted", totals.posted, totals.counted);
        page.set("flow", list);
        const bool agrees = totals.collected.value_or(totals.stored) == totals.stored &&
                            totals.stored == totals.counted && totals.counted == totals.posted;
        const bool is_empty = totals.stored + totals.posted + totals.collected.value_or(0) == 0;
        const bool is_known = totals.collected && !found_.is_unreported(found_.last);
        const std::string state = is_empty           ? "none"
                                  : agrees           ? (is_known ? "met" : "unknown")
                                  : is_moved(totals) ? "met_unproven"
                                                     : "not_met";
        page.set("state", state == "unknown" ? std::string(kUnknownSign) : state);
        page.set("state_text", message("state." + state));
        page.set("state_why", message("state." + state + ".why"));
    }

    static void add(data& reasons, const std::string& text) {
        data one;
        one.set("text", text);
        reasons << one;
    }

    /// Why a terminal's totals differ, each with its numbers.
    data reasons(const TerminalBalance& terminal) const {
        data list{data::type::list};
        if (terminal.missing > 0) {
            add(list, messages_.format("reconciliation.why.missing", {{"count", count(terminal.missing)}}));
        }
        if (terminal.quarantined > 0) {
            add(list, messages_.format("reconciliation.why.quarantined", {{"count", count(terminal.quarantined)}}));
        }
        for (const StoredSkip& skip : terminal.skips) {
            Numbers skipped;
            skipped.ranges = {{skip.first_seq, skip.last_seq}};
            skipped.count = skip.last_seq - skip.first_seq + 1;
            add(list, messages_.format("reconciliation.skip." + std::string(survey::name(skip.reason)),
                                       {{"numbers", to_string(skipped)}}));
        }
        if (terminal.copies > 0) {
            add(list, messages_.format("reconciliation.why.copies", {{"count", count(terminal.copies)}}));
        }
        for (const Unreported& one : found_.unreported) {
            if (one.kiosk != terminal.kiosk) continue;
            add(list, messages_.format("reconciliation.why.unreported", {{"date", date(one.from)}}));
        }
        return list;
    }

    void set_state(data& row, Balance balance) const {
        const bool differs = balance == Balance::differs;
        const bool agrees = balance == Balance::agrees;
        row.set("sign", std::string(differs ? "not_met" : agrees ? "met" : kUnknownSign));
        row.set("sign_text", message(differs ? "row.differs" : agrees ? "row.agrees" : "row.unknown"));
        row.set("row_class", std::string(differs ? "off" : "even"));
    }
    Balance of(const DayBalance& day) const {
        const bool is_unreported =
            std::any_of(found_.unreported.begin(), found_.unreported.end(),
                        [&](const Unreported& one) { return one.kiosk == day.kiosk && one.from <= day.day; });
        return worse(day.balance(), is_unreported ? Balance::unknown : Balance::agrees);
    }
    static Balance worse(Balance left, Balance right) { return std::max(left, right); }
    /// Unknown at the best, where the terminal has not said what it collected.
    Balance of(const TerminalBalance& terminal) const {
        const bool is_unreported = std::any_of(found_.unreported.begin(), found_.unreported.end(),
                                               [&](const Unreported& one) { return one.kiosk == terminal.kiosk; });
        return worse(terminal.balances() ? Balance::agrees : Balance::differs,
                     is_unreported ? Balance::unknown : Balance::agrees);
    }

    data terminals() const {
        data list{data::type::list};
        for (const TerminalBalance& terminal : found_.terminals) {
            data row;
            row.set("name", terminal.kiosk.text);
            row.set("collected", count(terminal.collected));
            row.set("stored", count(terminal.stored));
            row.set("counted", count(terminal.counted));
            row.set("quarantined", count(terminal.quarantined));
            row.set("reasons", reasons(terminal));
            set_state(row, of(terminal));
            list << row;
        }
        return list;
    }

    /// The center's days, the newest first: what people look for is near the top.
    data days() const {
        std::map<survey::Date, Balance, std::greater<>> balances;
        const auto at = [&](survey::Date day) -> Balance& {
            const bool is_known = !found_.is_unreported(day);
            return balances.try_emplace(day, is_known ? Balance::agrees : Balance::unknown).first->second;
        };
        for (const DayBalance& day : found_.days)
            at(day.day) = worse(at(day.day), day.balance());
        for (const PostedDay& day : found_.posted)
            at(day.day);
        const std::string path = "/centers/" + center_.id.text + "/reconciliation";
        data list{data::type::list};
        for (const auto& [day, balance] : balances) {
            const Totals totals = sum(day, day);
            data row = row_of(short_date(day), totals);
            row.set("href", link(path, survey::to_string(day), request_));
            set_state(row, totals.posted == totals.counted ? balance : Balance::differs);
            if (balance != Balance::differs && is_moved(totals)) {
                row.set("sign", std::string("met_unproven"));
                row.set("sign_text", message("row.moved"));
                row.set("row_class", std::string("even"));
            }
            list << row;
        }
        return list;
    }

    /// Without the year that the page's heading says: both languages end with it.
    std::string short_date(survey::Date day) const {
        std::string text = date(day);
        if (period_.first.year() == period_.last.year()) text.resize(text.size() - std::string_view("/2026").size());
        return text;
    }

    data terminals_of_the_day() const {
        data list{data::type::list};
        for (const DayBalance& day : found_.days) {
            data row = row_of(day.kiosk.text, {day.collected, day.stored, day.counted, day.quarantined, 0});
            row.set("href", data(false));
            set_state(row, of(day));
            list << row;
        }
        return list;
    }

    data row_of(const std::string& name, const Totals& totals) const {
        data row;
        row.set("name", name);
        row.set("collected", said(totals.collected));
        row.set("stored", count(totals.stored));
        row.set("counted", count(totals.counted));
        row.set("quarantined", count(totals.quarantined));
        row.set("posted", count(totals.posted));
        return row;
    }

    const Reconciliation& found_;
    const survey::Center& center_;
};

}  // namespace

data reconciliation_data(const Reconciliation& found, const survey::Center& center, const survey::Period& period,
                         const PageRequest& request, const Messages& messages) {
    return ReconciliationPage(found, center, period, request, messages).run();
}

}  // namespace hailong::sync
