// What every part of a simulated world stands on: clocks that can be wrong, the center's documents, and the end of a
// history whose world does not work.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/questionnaire.h"

namespace hailong::sim {

inline const survey::CenterId kCenter{"sim"};
/// A terminal keeps what it delivered for so long; a backup that is put back is never older.
inline constexpr auto kRetention = std::chrono::hours(24 * 35);

/// The history goes on only when the world itself works.
template <class Result>
auto must(Result result) {
    if (!result) {
        if constexpr (requires { result.error().what; }) survey::check(false, result.error().what.c_str());
        if constexpr (requires { result.error().c_str(); }) survey::check(false, result.error().c_str());
        survey::check(false, "the simulated world works");
    }
    if constexpr (!std::is_void_v<typename Result::value_type>) return std::move(*result);
}

/// What a machine believes the time is: the true time, off by as much as its battery and its users made it.
class MachineClock final : public survey::Clock {
  public:
    explicit MachineClock(const survey::UtcTime& truth) : truth_(truth), booted_(truth) {}
    [[nodiscard]] survey::UtcTime now() const override { return truth_ + off_; }
    [[nodiscard]] survey::MonoTime monotonic() const override { return survey::MonoTime{truth_ - booted_}; }
    void boot() { booted_ = truth_; }
    void set_off(survey::milliseconds off) { off_ = off; }
    /// As after a dead battery: it goes on from there.
    void set(survey::UtcTime time) { off_ = time - truth_; }
    [[nodiscard]] survey::milliseconds off() const { return off_; }

  private:
    const survey::UtcTime& truth_;
    survey::UtcTime booted_;
    survey::milliseconds off_{0};
};

/// Version 2 asks in other words; the backend learns of it later than some terminals.
[[nodiscard]] std::string questionnaire_json(int version);
[[nodiscard]] std::string center_json(bool with_new_officer);
[[nodiscard]] survey::Questionnaire questionnaire(int version);

}  // namespace hailong::sim
