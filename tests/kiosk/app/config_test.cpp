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
phrases = "phrases.json"
emblem = "lotus.png"
typing = "vni"
scanner = true
panel_diagonal_mm = 178
[timing]
idle_ms = 20000
patience = 3
[quality]
repeat_ms = 7000
mash_presses = 8
[lobby]
after_ms = 30000
[accessibility]
text = "large"
more_time = true
[voice]
tap_sound = true
recordings = "voice"
volume_percent = 55
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
    EXPECT_EQ(config->phrases, "/etc/hailong/phrases.json");
    EXPECT_EQ(config->emblem, "/etc/hailong/lotus.png");
    EXPECT_EQ(config->method, Method::vni);
    EXPECT_TRUE(config->scanner);
    EXPECT_EQ(config->diagonal_mm, 178);
    EXPECT_EQ(config->timing.patience, 3);
    EXPECT_EQ(config->quality.repeat, milliseconds{7'000});
    EXPECT_EQ(config->quality.mash_presses, 8);
    EXPECT_EQ(config->quality.palm_held, QualityLimits{}.palm_held);
    EXPECT_EQ(config->lobby, (LobbyTiming{.after = milliseconds{30'000}, .page = LobbyTiming{}.page}));
    EXPECT_EQ(config->accessibility, (AccessibilitySettings{.text = TextSize::large}));
    EXPECT_TRUE(config->more_time);
    EXPECT_TRUE(config->voice.tap_sound);
    EXPECT_EQ(config->voice.recordings, "/etc/hailong/voice");
    EXPECT_EQ(config->voice.volume_percent, 55);
    EXPECT_EQ(config->voice.device, "default");
}

TEST(KioskConfig, NamesTheWordsThatItKnows) {
    const auto config = parse_kiosk_config(
        "kiosk = \"a\"\njournal = \"j\"\ncenter = \"c\"\nquestionnaires = \"q\"\ntranslations = \"t\"\n"
        "typing = \"viqr\"\n[accessibility]\ntext = \"huge\"\nloud = true\n[quality]\nmash_presses = "
        "1\n[lobby]\npage_ms = 1\n"
        "[voice]\nrate_percent = 10\n",
        "/");
    ASSERT_FALSE(config);
    EXPECT_EQ(places(config.error()),
              "line 6: typing line 11: quality.mash_presses line 13: lobby.page_ms line 8: accessibility.text "
              "line 9: accessibility.loud line 15: voice.rate_percent ");
    EXPECT_EQ(config.error().front().remedy, "write one of tone_keys, telex, vni, none");
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
    EXPECT_EQ(places(config.error()),
              "line 1: kiosk line 2: journal line 6: language line 9: timing.idle_ms line 10: timing.countdown_ms "
              "line 12: window.width line 7: colour ");
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
    EXPECT_EQ(places(config.error()),
              "line 1: kiosk line 2: journal line 3: center line 4: questionnaires line 5: translations ");
}

}  // namespace
}  // namespace hailong::kiosk
