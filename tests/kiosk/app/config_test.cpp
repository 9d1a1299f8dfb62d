#include "kiosk/app/config.h"

#include <gtest/gtest.h>

namespace hailong::kiosk {
namespace {

constexpr const char* kGood = R"(
kiosk = "bm-tp"
counter = "TP"
journal = "journal.db"
center = "/srv/center.json"
questionnaires = "forms"
translations = "i18n"
language = "en"
[timing]
idle_ms = 20000
[window]
width = 1920
height = 1080
fullscreen = true
)";

std::string places(const survey::Faults& faults) {
    std::string all;
    for (const survey::Fault& fault : faults)
        all += fault.place + " ";
    return all;
}

TEST(KioskConfig, ReadsEverySettingRelativeToItsFolder) {
    const auto config = parse_kiosk_config(kGood, "/etc/hailong");
    ASSERT_TRUE(config) << survey::describe(config.error());
    EXPECT_EQ(config->kiosk, survey::KioskId{"bm-tp"});
    EXPECT_EQ(config->counter, survey::CounterId{"TP"});
    EXPECT_EQ(config->journal, "/etc/hailong/journal.db");
    EXPECT_EQ(config->center, "/srv/center.json");
    EXPECT_EQ(config->language, survey::Language::en);
    EXPECT_EQ(config->timing.idle, milliseconds{20'000});
    EXPECT_EQ(config->timing.countdown, VisitTiming{}.countdown);
    EXPECT_EQ(config->window.width_px, 1920);
    EXPECT_TRUE(config->window.fullscreen);
}

TEST(KioskConfig, NamesTheLineOfABrokenText) {
    const auto config = parse_kiosk_config("kiosk = \"a\"\ncounter = ", "/");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().front().place, "line 2");
}

TEST(KioskConfig, NamesEveryFaultWithItsPlace) {
    const auto config = parse_kiosk_config(
        "kiosk = \"b m\"\njournal = 3\ncenter = \"c\"\nquestionnaires = \"q\"\ntranslations = \"t\"\nlanguage = "
        "\"fr\"\n"
        "colour = \"red\"\n[timing]\nidle_ms = 1000\ncountdown_ms = 2000\n[window]\nwidth = 10\n",
        "/");
    ASSERT_FALSE(config);
    EXPECT_EQ(places(config.error()), "kiosk journal language timing.idle_ms timing.countdown_ms window.width colour ");
}

TEST(KioskConfig, AsksForWhatIsMissing) {
    const auto config = parse_kiosk_config("", "/");
    ASSERT_FALSE(config);
    EXPECT_EQ(places(config.error()), "kiosk journal center questionnaires translations ");
    for (const survey::Fault& fault : config.error())
        EXPECT_FALSE(fault.remedy.empty());
}

TEST(KioskConfig, TakesNoEmptyTextForWhatIsNeeded) {
    const auto config = parse_kiosk_config(
        "kiosk = \"\"\njournal = \"\"\ncenter = \"\"\nquestionnaires = \"\"\ntranslations = \"\"\n", "/");
    ASSERT_FALSE(config);
    EXPECT_EQ(places(config.error()), "kiosk journal center questionnaires translations ");
}

}  // namespace
}  // namespace hailong::kiosk
