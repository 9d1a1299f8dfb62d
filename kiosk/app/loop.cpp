#include "kiosk/app/loop.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "kiosk/app/shown_texts.h"
#include "kiosk/theme/theme.h"
#include "survey/base/host.h"

namespace hailong::kiosk {

Loop::Loop(WindowPort& window, App& app, Saver& saver, const Texts& texts, const survey::Clock& clock, LoopSetup setup)
    : window_(window),
      app_(app),
      saver_(saver),
      texts_(texts),
      clock_(clock),
      setup_(std::move(setup)),
      pulse_(setup_.pulse, clock.monotonic()) {}

Expected<void, std::string> Loop::run(const std::function<bool()>& ended) {
    Expected<void, std::string> turned;
    while (turned && !window_.close_requested() && !ended() && !app_.close_requested())
        turned = turn();
    app_.end_visit();
    return turned;
}

Expected<void, std::string> Loop::turn() {
    if (auto fitted = fit_to_window(); !fitted) return fitted;
    note_touch();
    if (take_input()) frames_owed_ = kFramesAfterChange;
    beat();
    if (app_.update() || window_.take_redraw_request()) frames_owed_ = kFramesAfterChange;
    if (frames_owed_ == 0 && !window_.owes_frames()) {
        window_.wait_events(sleep());
        return {};
    }
    if (frames_owed_ > 0) --frames_owed_;
    if (draw_frame()) frames_owed_ = kFramesAfterChange;
    window_.poll_events();
    return {};
}

milliseconds Loop::sleep() const {
    MonoTime due = pulse_.deadline();
    if (const auto app_due = app_.next_deadline()) due = std::min(due, *app_due);
    if (const auto keys_due = window_.keys_deadline()) due = std::min(due, *keys_due);
    return std::clamp(due - clock_.monotonic(), milliseconds{0}, kSleepMax);
}

Expected<void, std::string> Loop::fit_to_window() {
    const WindowSize size = window_.size();
    const LayoutOptions options = app_.layout_options();
    const bool other_letters =
        !(size == size_) || options.text != options_.text || app_.content_number() != content_number_;
    if ((!other_letters && options == options_) || size.width_px == 0 || size.height_px == 0) return {};
    size_ = size;
    options_ = options;
    content_number_ = app_.content_number();
    const Panel panel =
        panel_of(static_cast<float>(size.width_px), static_cast<float>(size.height_px), setup_.diagonal_mm);
    layout_ = layout_for(panel, options);
    mm_per_px_ = mm_per_px(panel);
    if (!other_letters) return {};
    auto fonts = window_.bake(layout_, shown_texts(texts_, app_.setup()));
    if (!fonts) return unexpected(std::move(fonts.error()));
    fonts_ = *fonts;
    return {};
}

void Loop::note_touch() {
    if (!window_.owes_frames()) {
        touch_began_.reset();
        return;
    }
    if (touch_began_) return;
    touch_began_ = clock_.monotonic();
    app_.touched();
}

bool Loop::take_input() {
    for (const TouchEdge& edge : window_.take_touch_edges())
        app_.felt({edge.down, edge.x * mm_per_px_, edge.y * mm_per_px_});
    const std::vector<KeyInput> keys = window_.take_keys();
    for (const KeyInput& input : keys)
        app_.key(input);
    return !keys.empty();
}

void Loop::beat() {
    if (pulse_.beats(clock_.monotonic())) {
        frames_owed_ = std::max(frames_owed_, 1);
        saver_.probe();
    }
    if (pulse_.feeds(saver_.probes_done())) setup_.alive();
}

bool Loop::draw_frame() {
    window_.begin_frame();
    const bool acted = app_.draw(fonts_, layout_, traces_, setup_.emblem.texture == nullptr ? nullptr : &setup_.emblem);
    if (acted && touch_began_) note_latency(clock_.monotonic() - *touch_began_);
    window_.end_frame(theme_of(app_.theme()).page.fill);
    seen_.frames += 1;
    pulse_.frame_drawn();
    if (seen_.frames == 1) {
        seen_.first_frame_ms = clock_.monotonic().time_since_epoch().count();
        setup_.first_frame_shown();
    }
    tell_when_at_rest();
    if (setup_.observe_file && !acted) observe();
    return acted;
}

void Loop::tell_when_at_rest() {
    const bool resting = app_.visit().phase == Phase::attract;
    if (resting && !was_resting_) setup_.resting();
    was_resting_ = resting;
}

void Loop::note_latency(milliseconds latency) {
    auto& taps = seen_.tap_to_intent_ms;
    if (taps.size() == kObservedTapsMax) taps.erase(taps.begin());
    taps.push_back(latency.count());
}

void Loop::observe() {
    const std::string screen = app_.screen();
    const std::string item = screen == "asking" ? app_.visit().item.text : std::string();
    const std::string language(survey::code(app_.language()));
    if (screen == seen_.screen && item == seen_.item && language == seen_.language && traces_.targets == seen_.targets)
        return;
    seen_.screen = screen;
    seen_.item = item;
    seen_.language = language;
    seen_.targets = traces_.targets;
    if (const auto written = survey::write_file(*setup_.observe_file, to_json(seen_)); !written) {
        spdlog::warn("{}", written.error());
    }
}

}  // namespace hailong::kiosk
