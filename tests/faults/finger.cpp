#include "tests/faults/finger.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "survey/base/host.h"
#include "survey/base/json.h"

namespace hailong::tests {
namespace {

using Steady = std::chrono::steady_clock;

/// How often the glass is looked at.
constexpr std::chrono::milliseconds kLook{4};
/// After a tap without an effect (the terminal was killed, or the question had only just appeared) it taps again.
constexpr std::chrono::milliseconds kAgain{150};
/// What a tester who plays visits taps; staff and language buttons are left alone.
constexpr std::string_view kWanted[] = {"wake", "answer/", "officer/", "option/", "continue", "counter/", "skip"};

bool is_wanted(std::string_view name) {
    return std::any_of(std::begin(kWanted), std::end(kWanted),
                       [&](std::string_view wanted) { return name.starts_with(wanted); });
}

/// Where many options can be ticked, one is enough.
bool is_way_on(std::string_view name) {
    return name == "continue" || name == "skip";
}

std::string middle(const boost::json::object& target, const char* from, const char* size) {
    return std::to_string(
        static_cast<int>(target.at(from).to_number<double>() + target.at(size).to_number<double>() / 2));
}

}  // namespace

Finger::Finger(std::string display, std::filesystem::path observe, Newest newest, std::uint64_t seed)
    : display_(std::move(display)),
      observe_(std::move(observe)),
      newest_(std::move(newest)),
      random_(seed),
      thread_([this] { play(); }) {}

Finger::~Finger() {
    stop();
}

void Finger::stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

void Finger::play() {
    while (!is_stopping_) {
        look();
        std::this_thread::sleep_for(kLook);
    }
}

void Finger::look() {
    const auto text = survey::read_file(observe_);
    if (!text) {
        screen_.clear();  // another life of the terminal
        return;
    }
    const bool is_new = *text != seen_;
    if (!is_new && Steady::now() - tapped_ < kAgain) return;
    const auto glass = survey::parse_json(*text);
    if (!glass) return;
    seen_ = *text;
    const std::string before = std::exchange(screen_, std::string(glass->at("screen").as_string()));
    if (screen_ == "thanks" && screen_ != before) note_thanks();
    if (screen_ == "not_saved" && screen_ != before) not_saved_ += 1;
    if (screen_ == "thanks" && before == "not_saved") not_saved_ -= 1;  // it was saved after all
    if (screen_ != "thanks") tap(glass->at("targets").as_array(), /*go_on=*/!is_new);
}

void Finger::note_thanks() {
    thanks_ += 1;
    const std::string id = newest_();
    if (id.empty() || !promised_.insert(id).second) {
        findings_.push_back("\"thank you\" number " + std::to_string(thanks_) + " was shown without a new record");
    }
}

void Finger::tap(const boost::json::array& targets, bool go_on) {
    std::vector<const boost::json::object*> wanted;
    for (const boost::json::value& target : targets) {
        const boost::json::object& one = target.as_object();
        const std::string_view name = one.at("name").as_string();
        if (go_on && is_way_on(name)) {
            wanted.assign(1, &one);
            break;
        }
        if (is_wanted(name)) wanted.push_back(&one);
    }
    if (wanted.empty()) return;
    const boost::json::object& one = *wanted[random_() % wanted.size()];
    static_cast<void>(run({"xdotool", "mousemove", middle(one, "x", "width"), middle(one, "y", "height"), "click", "1"},
                          {{"DISPLAY", display_}}));
    tapped_ = Steady::now();
}

}  // namespace hailong::tests
