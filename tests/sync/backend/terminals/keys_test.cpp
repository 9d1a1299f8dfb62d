#include "sync/backend/terminals/keys.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/crypto/shares.h"
#include "tests/sync/backend/cli/command_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::must;
using sample::Ran;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Keys : public testing::Test {
  protected:
    ServiceKeys made() {
        const auto names = make_missing_keys(data());
        EXPECT_TRUE(names) << names.error();
        return loaded();
    }
    ServiceKeys loaded() {
        const auto keys = load_keys(data());
        EXPECT_TRUE(keys) << keys.error();
        return keys.value_or(ServiceKeys{});
    }
    std::string refusal() {
        const auto keys = load_keys(data());
        EXPECT_FALSE(keys);
        return keys ? "" : keys.error();
    }
    fs::path data() const { return folder_.path(); }
    fs::path file(const std::string& name) const { return folder_.path() / "keys" / name; }

    sample::TemporaryFolder folder_;
};

TEST_F(Keys, AreMadeOnceAndStayAsTheyAre) {
    const auto first = make_missing_keys(data());
    ASSERT_TRUE(first) << first.error();
    EXPECT_THAT(*first, ElementsAre("sign.key", "transport.key", "text.key", "text.pub"));
    const ServiceKeys keys = loaded();
    const auto again = make_missing_keys(data());
    ASSERT_TRUE(again) << again.error();
    EXPECT_THAT(*again, IsEmpty());
    EXPECT_EQ(loaded(), keys);
    sample::TemporaryFolder other;
    ASSERT_TRUE(make_missing_keys(other.path()));
    EXPECT_NE(load_keys(other.path())->sign, keys.sign) << "every backend has its own";
}

/// A data folder from before the keys of texts got their names.
TEST_F(Keys, AreReadUnderTheirFormerNames) {
    const ServiceKeys keys = made();
    const auto text = [&](const std::string& name) { return survey::read_file(file(name)).value(); };
    const auto behind = [](const std::string& line) {  // without the sum, which came later
        return line.substr(line.find(' '), line.rfind(' ') - line.find(' ')) + "\n";
    };
    const auto write = [&](const std::string& name, const std::string& content) {
        ASSERT_TRUE(survey::write_file(file(name), content, survey::Readers::owner));
    };
    write("words.pub", "hailong-words-public-key" + behind(text("text.pub")));
    write("words.key", "hailong-words-key" + behind(text("text.key")));
    fs::remove(file("text.pub"));
    fs::remove(file("text.key"));
    EXPECT_EQ(loaded(), keys);
    EXPECT_THAT(missing_keys(data()), IsEmpty());
    EXPECT_THAT(*make_missing_keys(data()), IsEmpty()) << "none is made beside them";
    const auto secret = read_text_key(text_key_file(data()));
    ASSERT_TRUE(secret) << secret.error();
    EXPECT_EQ(survey::public_half(*secret), keys.text);
}

TEST_F(Keys, CanBeReadByTheirOwnerAlone) {
    made();
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    for (const char* name : {"sign.key", "transport.key", "text.key"})
        EXPECT_EQ(fs::status(file(name)).permissions() & others, fs::perms::none) << name;
    EXPECT_EQ(fs::status(data() / "keys").permissions() & others, fs::perms::none);
}

TEST_F(Keys, AreMissedByNameWithWhatToDo) {
    made();
    for (const char* name : {"sign.key", "transport.key", "text.pub"}) {
        fs::rename(file(name), file("quarantined"));
        EXPECT_THAT(missing_keys(data()), ElementsAre(name));
        EXPECT_THAT(refusal(), HasSubstr(name));
        EXPECT_THAT(refusal(), HasSubstr("backup"));
        fs::rename(file("quarantined"), file(name));
    }
    EXPECT_THAT(missing_keys(data()), IsEmpty());
}

TEST_F(Keys, ServeWithoutTheOneThatOpensWords) {
    const ServiceKeys keys = made();
    fs::remove(file("text.key"));
    EXPECT_EQ(loaded(), keys);
    EXPECT_THAT(*make_missing_keys(data()), IsEmpty()) << "it was moved away, not lost";
}

TEST_F(Keys, MakeThePublicHalfOfWordsFromTheSecretOne) {
    const ServiceKeys keys = made();
    fs::remove(file("text.pub"));
    EXPECT_THAT(*make_missing_keys(data()), ElementsAre("text.pub"));
    EXPECT_EQ(loaded().text, keys.text);
}

TEST_F(Keys, AreRefusedWhenTheirFilesAreDamaged) {
    made();
    for (const char* name : {"sign.key", "transport.key", "text.pub"}) {
        const std::string good = *survey::read_file(file(name));
        const std::string damaged[] = {
            "", "\n", good.substr(0, good.size() / 2), good + "more", "other-" + good, good.substr(good.find(' ') + 1)};
        for (const std::string& bad : damaged) {
            std::ofstream(file(name)) << bad;
            EXPECT_THAT(refusal(), HasSubstr(name)) << bad;
        }
        std::ofstream(file(name)) << good;
    }
    const std::string good = *survey::read_file(file("text.key"));
    std::ofstream(file("text.key")) << good.substr(0, 40) + (good[40] == 'A' ? "B" : "A") + good.substr(41);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("text.key"), HasSubstr("move it away")));
    std::ofstream(file("text.key")) << good;
    fs::copy_file(file("text.key"), file("transport.key"), fs::copy_options::overwrite_existing);
    EXPECT_THAT(refusal(), HasSubstr("transport.key")) << "a key of another use";
}

TEST_F(Keys, AreNeverOtherKeysAfterAnyByteOfTheirFilesWasSpoiled) {
    const ServiceKeys keys = made();
    for (const char* name : {"sign.key", "transport.key", "text.pub"}) {
        const std::string good = *survey::read_file(file(name));
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (const char flip : {'\x01', '\x02', '\x20'}) {
                std::string bad = good;
                bad[at] = static_cast<char>(bad[at] ^ flip);
                std::ofstream(file(name)) << bad;
                const auto read = load_keys(data());
                EXPECT_TRUE(!read || *read == keys) << name << ", byte " << at;
            }
        }
        std::ofstream(file(name)) << good;
    }
}

TEST_F(Keys, OfWordsMustBeAPair) {
    made();
    ASSERT_TRUE(write_text_key(file("text.key"), survey::make_box_key()));
    EXPECT_THAT(refusal(), HasSubstr("does not belong to text.pub"));
}

TEST_F(Keys, SignReceiptsSoThatATerminalBelievesThem) {
    const ServiceKeys keys = made();
    Receipt receipt;
    receipt.kiosk = {"K1"};
    receipt.last_seq = 7;
    const Receipt done = signed_receipt(receipt, survey::Signer(keys.sign));
    EXPECT_TRUE(is_signed_by(done, public_halves(keys).sign));
    EXPECT_FALSE(is_signed_by(done, survey::public_half(survey::make_sign_key())));
}

class KeysCommand : public sample::Commands {
  protected:
    fs::path file(const std::string& name) const { return fs::path(data()) / "keys" / name; }
    std::string path(const std::string& name) const { return folder_ / name; }
    Ran split() { return run({"keys", "split", "--data", data(), "--out", path("shares")}); }
    Ran join(int one, int other, const std::string& out) {
        const auto share = [&](int number) { return path("shares/share-" + std::to_string(number) + ".txt"); };
        return run({"keys", "join", share(one), share(other), "--out", path(out)});
    }
};

TEST_F(KeysCommand, InitMakesThemAndAdvisesToMoveOneAway) {
    const Ran first = init();
    ASSERT_EQ(first.status, 0) << first.err;
    for (const char* texts : {"sign.key", "transport.key", "text.pub", "text.key opens", "off this machine"})
        EXPECT_THAT(first.out, HasSubstr(texts));
    EXPECT_EQ(init().out.find("text.key opens"), std::string::npos) << "said when it is made";
}

TEST_F(KeysCommand, InitMakesLostOnesAnewOnlyWhenAskedTo) {
    ASSERT_EQ(init().status, 0);
    {
        reader();
        auto transaction = must(store_->write());
        Terminal terminal;
        terminal.kiosk = {"K1"};
        terminal.center = {"binh-minh"};
        terminal.key = survey::public_half(sample::sign_key("K1"));
        must(transaction->terminals().put(terminal));
        must(transaction->commit());
    }
    fs::remove(file("sign.key"));
    const Ran refused = init();
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("--new-keys"));
    EXPECT_FALSE(fs::exists(file("sign.key")));
    const Ran made = run({"init", "--data", data(), "--center", (sample::kAssets / "demo/center.json").string(),
                          "--questionnaires", (sample::kAssets / "questionnaires").string(), "--new-keys"});
    EXPECT_EQ(made.status, 0) << made.err;
    EXPECT_TRUE(load_keys(data()));
}

TEST_F(KeysCommand, ShowPrintsPublicHalvesAndNoSecret) {
    ASSERT_EQ(init().status, 0);
    const ServiceKeys keys = *load_keys(data());
    const Ran ran = run({"keys", "show", "--data", data()});
    EXPECT_EQ(ran.status, 0);
    const BackendKeys halves = public_halves(keys);
    for (const std::string& half :
         {survey::key_text(halves.sign), survey::key_text(halves.transport), survey::key_text(halves.text)})
        EXPECT_THAT(ran.out, HasSubstr(half));
    for (const std::string& secret : {survey::key_text(keys.sign), survey::key_text(keys.transport)})
        EXPECT_EQ(ran.out.find(secret), std::string::npos);
    EXPECT_THAT(ran.out, HasSubstr("lies on this server"));
    fs::remove(file("text.key"));
    EXPECT_THAT(run({"keys", "show", "--data", data()}).out, HasSubstr("not on this server"));
    EXPECT_EQ(run({"keys", "show", "--data", path("nowhere")}).status, 1);
}

TEST_F(KeysCommand, AnyTwoSharesBringTheKeyBack) {
    ASSERT_EQ(init().status, 0);
    const auto key = read_text_key(file("text.key"));
    ASSERT_TRUE(key);
    ASSERT_EQ(split().status, 0);
    fs::remove(file("text.key"));
    const std::pair<int, int> pairs[] = {{1, 2}, {2, 3}, {3, 1}};
    for (const auto& [one, other] : pairs) {
        const std::string out = "key" + std::to_string(one);
        const Ran ran = join(one, other, out);
        ASSERT_EQ(ran.status, 0) << ran.err;
        EXPECT_EQ(read_text_key(path(out)), key);
        EXPECT_EQ(fs::status(path(out)).permissions() & (fs::perms::group_all | fs::perms::others_all),
                  fs::perms::none);
    }
}

TEST_F(KeysCommand, SharesAndKeysAreRefusedWithWhatToDo) {
    ASSERT_EQ(init().status, 0);
    ASSERT_EQ(split().status, 0);
    EXPECT_THAT(join(1, 1, "key").err, HasSubstr("two different ones"));
    EXPECT_EQ(join(1, 4, "key").status, 1);
    EXPECT_FALSE(fs::exists(path("key")));
    ASSERT_EQ(join(1, 2, "key").status, 0);
    const Ran again = join(1, 2, "key");
    EXPECT_EQ(again.status, 1) << "a key is never written over";
    EXPECT_THAT(again.err, HasSubstr("is there already"));
    EXPECT_EQ(run({"keys", "join", path("shares/share-1.txt"), "--out", path("one")}).status, 2);
    EXPECT_EQ(run({"keys", "split", "--out", path("shares")}).status, 2);
    fs::remove(file("text.key"));
    EXPECT_EQ(split().status, 1);
    EXPECT_EQ(run({"keys", "split", "--key", path("key"), "--out", path("again")}).status, 0);
    EXPECT_EQ(run({"keys"}).status, 2);
}

TEST_F(KeysCommand, ServeRefusesToStartWithoutThem) {
    ASSERT_EQ(init().status, 0);
    fs::remove(file("sign.key"));
    const Ran ran = run({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--assets", sample::kAssets.string()});
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("sign.key is missing"));
    EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace hailong::sync
