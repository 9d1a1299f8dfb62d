#include "kiosk/platform/window.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using testing::HasSubstr;

/// Sets DISPLAY for one test.
class Display {
  public:
    explicit Display(const char* value) {
        if (const char* before = std::getenv("DISPLAY")) before_ = before;
        if (value == nullptr) {
            ::unsetenv("DISPLAY");
        } else {
            ::setenv("DISPLAY", value, 1);
        }
    }
    ~Display() {
        if (before_.empty()) {
            ::unsetenv("DISPLAY");
        } else {
            ::setenv("DISPLAY", before_.c_str(), 1);
        }
    }
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

  private:
    std::string before_;
};

TEST(Window, WithoutADisplaySaysWhatToDo) {
    const Display none(nullptr);
    const tests::FakeClock clock;
    const auto window = Window::create({.title = "test"}, clock);
    ASSERT_FALSE(window);
    EXPECT_THAT(window.error().what, HasSubstr("DISPLAY is not set"));
    EXPECT_THAT(window.error().remedy, HasSubstr("xvfb-run"));
}

TEST(Window, ADisplayThatDoesNotAnswerIsNamed) {
    const Display dead(":987");
    const tests::FakeClock clock;
    const auto window = Window::create({.title = "test"}, clock);
    ASSERT_FALSE(window);
    EXPECT_THAT(window.error().what, HasSubstr(":987"));
    EXPECT_FALSE(window.error().remedy.empty());
}

}  // namespace
}  // namespace hailong::kiosk
