#include "kiosk/fill/visitors.h"

#include <algorithm>
#include <chrono>

#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::Item;
using survey::ItemType;
using survey::UtcTime;
using Random = std::mt19937_64;

bool happens(double chance, Random& random) {
    return std::bernoulli_distribution(chance)(random);
}

milliseconds between(milliseconds least, milliseconds most, Random& random) {
    return milliseconds{std::uniform_int_distribution<milliseconds::rep>(least.count(), most.count())(random)};
}

struct Opening {
    UtcTime from;
    UtcTime to;
};

std::vector<Opening> opening_hours(int days, UtcTime until) {
    std::vector<Opening> hours;
    const auto last = std::chrono::sys_days{survey::local_date(until)};
    for (auto day = last - std::chrono::days{days - 1}; day <= last; day += std::chrono::days{1}) {
        const UtcTime midnight = survey::start_of_day(survey::Date{day});
        const std::chrono::weekday weekday{day};
        if (weekday == std::chrono::Sunday) continue;
        hours.push_back({midnight + 7h + 30min, midnight + 11h + 30min});
        if (weekday != std::chrono::Saturday) hours.push_back({midnight + 13h + 30min, midnight + 17h});
    }
    for (Opening& opening : hours)
        opening.to = std::min(opening.to, until);
    hours.erase(std::remove_if(hours.begin(), hours.end(), [](const Opening& o) { return o.from >= o.to; }),
                hours.end());
    // A terminal filled on its first Sunday still has a past.
    if (hours.empty()) hours.push_back({until - 8h, until});
    return hours;
}

/// The mood of one visitor, 1 (worst) to 5, for one officer: officers differ a little, steadily.
int mood(const survey::OfficerId& officer, Random& random) {
    const std::size_t character = std::hash<std::string>{}(officer.text) % 5;
    const double delight = 0.44 + 0.04 * static_cast<double>(character);
    const double content = 0.945 - 0.01 * static_cast<double>(character);
    const double dice = std::uniform_real_distribution<double>(0, 1)(random);
    if (dice < delight) return 5;
    if (dice < content) return 4;
    if (dice < content + 0.6 * (1 - content)) return 3;
    if (dice < content + 0.9 * (1 - content)) return 2;
    return 1;
}

/// The option that fits the mood: levels spread over the scale; any option where there are no levels.
const survey::Option& fitting(const Item& item, int feeling, Random& random) {
    survey::check(!item.options.empty(), "an item that is tapped has options");
    std::vector<const survey::Option*> ranked;
    for (const survey::Option& option : item.options) {
        if (option.level || option.points) ranked.push_back(&option);
    }
    if (ranked.empty()) {
        return item.options[std::uniform_int_distribution<std::size_t>(0, item.options.size() - 1)(random)];
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto* a, const auto* b) {
        return std::max(a->level, a->points) < std::max(b->level, b->points);
    });
    const std::size_t rank = static_cast<std::size_t>(feeling - 1) * (ranked.size() - 1) / 4;
    return *ranked[rank];
}

/// One visitor at the glass: looks at the state, decides what to do next.
class Visitor {
  public:
    Visitor(const VisitSetup& setup, UtcTime arrival, std::uint64_t visit_number, Random& random)
        : setup_(setup), random_(random), state_(initial_state(setup)), utc_(arrival) {
        // Machines are switched on in the morning: that is what their monotonic clock counts from.
        mono_ = MonoTime{std::max(arrival - survey::start_of_day(survey::local_date(arrival)) - 7h, milliseconds{1h})};
        state_.visit_number = visit_number;
        hurried_ = happens(0.01, random);
        patient_ = happens(0.96, random);
        feeling_ = mood({}, random);
    }

    std::optional<survey::Response> use() {
        if (happens(0.03, random_)) {
            act(LanguageChosen{survey::Language::en});
        } else {
            act(Woken{});
        }
        // Every tap moves on: no visit is longer than its items, with some ticks each.
        for (std::size_t taps = 0; taps < survey::kItemsMax * 8 && !response_; ++taps) {
            if (state_.phase != Phase::asking) break;
            if (taps > 0 && !patient_ && happens(0.3, random_)) {
                wait(setup_.timing.idle);
                act(Ticked{});
                break;
            }
            act(next_tap());
        }
        return response_;
    }

  private:
    VisitEvent next_tap() {
        const Item* item = setup_.questionnaire.item(state_.item);
        survey::check(item != nullptr, "the item asked stands in the questionnaire");
        switch (item->type) {
            case ItemType::counter:
                return CounterChosen{item->id, any_counter()};
            case ItemType::officer:
                return OfficerChosen{item->id, any_officer()};
            case ItemType::multi:
                if (state_.chosen.empty() || (state_.chosen.size() < 2 && happens(0.3, random_))) {
                    return OptionToggled{item->id, fitting(*item, feeling_, random_).value};
                }
                return ChoicesDone{item->id};
            case ItemType::scale:
            case ItemType::points:
            case ItemType::single:
            case ItemType::consent:
                break;
            case ItemType::text:
            case ItemType::phone:
                survey::check(false, "the visit asks only what can be tapped");
                break;
        }
        if (!item->required && happens(0.08, random_)) return Skipped{item->id};
        const bool about_officer = item->about == survey::About::officer;
        const int feeling = about_officer && happens(0.5, random_) ? mood(state_.context.officer, random_) : feeling_;
        return AnswerChosen{item->id, fitting(*item, feeling, random_).value};
    }

    survey::CounterId any_counter() {
        const auto counters = counters_offered(setup_);
        if (counters.empty() || happens(0.05, random_)) return {};
        return counters[std::uniform_int_distribution<std::size_t>(0, counters.size() - 1)(random_)].id;
    }

    survey::OfficerId any_officer() {
        const auto officers = officers_offered(setup_, state_);
        if (officers.empty() || happens(0.12, random_)) return {};
        return officers[std::uniform_int_distribution<std::size_t>(0, officers.size() - 1)(random_)]->id;
    }

    void wait(milliseconds time) {
        utc_ += time;
        mono_ += time;
    }

    void act(const VisitEvent& event) {
        wait(hurried_ ? setup_.timing.settle : between(900ms, 3'500ms, random_));
        survey::UuidEntropy entropy;
        for (std::uint8_t& byte : entropy)
            byte = static_cast<std::uint8_t>(random_() & 0xffu);
        VisitStep step = advance(setup_, state_, event, {mono_, utc_, std::nullopt, survey::make_uuid7(utc_, entropy)});
        state_ = std::move(step.state);
        for (VisitEffect& effect : step.effects)
            response_ = std::move(std::get<SaveResponse>(effect).response);
    }

    const VisitSetup& setup_;
    Random& random_;
    VisitState state_;
    UtcTime utc_;
    MonoTime mono_;
    bool hurried_ = false;
    bool patient_ = true;
    int feeling_ = 4;
    std::optional<survey::Response> response_;
};

}  // namespace

std::vector<UtcTime> arrivals(std::int64_t count, int days, UtcTime until, Random& random) {
    survey::check(days >= 1, "a past has at least one day");
    const std::vector<Opening> hours = opening_hours(days, until);
    milliseconds open{0};
    for (const Opening& opening : hours)
        open += opening.to - opening.from;

    // Evenly over the opening hours, each somewhere within its own slot.
    std::vector<UtcTime> times;
    std::size_t at = 0;
    milliseconds before{0};  // open time before hours[at]
    for (std::int64_t i = 0; i < count; ++i) {
        const milliseconds slot_start = open * i / count;
        const milliseconds slot = std::max(open * (i + 1) / count - slot_start, milliseconds{1});
        const milliseconds offset = slot_start + between(milliseconds{0}, slot / 2, random);
        while (at + 1 < hours.size() && offset - before >= hours[at].to - hours[at].from) {
            before += hours[at].to - hours[at].from;
            ++at;
        }
        times.push_back(hours[at].from + (offset - before));
    }
    return times;
}

std::optional<survey::Response> play_visit(const VisitSetup& setup, UtcTime arrival, std::uint64_t visit_number,
                                           Random& random) {
    auto response = Visitor(setup, arrival, visit_number, random).use();
    if (!response || response->context.counter.empty()) return response;
    // Two of three hold a receipt, which names the procedure.
    std::vector<const survey::Procedure*> here;
    for (const survey::Procedure& procedure : setup.center.procedures) {
        if (procedure.active && procedure.counter == response->context.counter) here.push_back(&procedure);
    }
    if (!here.empty() && happens(0.66, random)) {
        const survey::Procedure& procedure =
            *here[std::uniform_int_distribution<std::size_t>(0, here.size() - 1)(random)];
        response->context.procedure = procedure.id;
        response->context.field = procedure.field;
        response->context.began = survey::Began::scanned;
    }
    return response;
}

}  // namespace hailong::kiosk
