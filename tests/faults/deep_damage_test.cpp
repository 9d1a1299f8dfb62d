// A journal whose damage lies deep within: found beside the saving, and repaired while visits go on.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/faults/audit.h"
#include "tests/faults/finger.h"

namespace hailong::tests {
namespace {

namespace fs = std::filesystem;

void spoil_an_old_record(const fs::path& file) {
    const std::string id = must({"sqlite3", "-readonly", file.string(),
                                 "SELECT substr(bytes, instr(bytes, '\"id\"'), 43) FROM records WHERE seq = 20"});
    const std::string bytes = survey::read_file(file).value();
    const std::size_t at = bytes.find(id.substr(0, id.find('\n')));
    ASSERT_NE(at, std::string::npos);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at + 20));
    stream.put('~');
}

TEST(DamageDeepWithin, IsRepairedWhileVisitsGoOn) {
    Center center(480, 800);
    center.start();
    const fs::path folder = center.terminal(kGlass);
    must({kBin + "hailong-fill", "--config", (folder / "kiosk.toml").string(), "--visits", "300", "--days", "3"});
    spoil_an_old_record(folder / "journal.db");
    const Screen screen("480x800");
    Promised promised;
    {
        Terminal terminal(screen, folder);
        for (int i = 0; i < 2; ++i) {
            terminal.wait("attract");
            terminal.tap("wake");
            terminal.tap("answer/5");
            terminal.tap("officer/none");
            terminal.wait("thanks");
            promised.insert(newest_id(folder / "journal.db"));
            terminal.tap("done");
            if (i == 0) {
                terminal.process().wait_for(
                    [](const std::string& line) { return line.find("repaired: ") != line.npos; });
            }
        }
        EXPECT_EQ(terminal.process().terminate(), 0) << terminal.process().output();
    }
    EXPECT_EQ(promised.size(), 2u);
    for (const auto& findings : {deliver_all(center, kGlass), audit_terminal(center, kGlass, promised)}) {
        for (const std::string& finding : findings)
            ADD_FAILURE() << finding;
    }
}

}  // namespace
}  // namespace hailong::tests
