// The journal against the simplest thing that could be one: a list in memory. Whatever is done, in any order, through
// either of two open journals on one file, both give the same answers.
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include "kiosk/store/journal.h"
#include "survey/record.h"
#include "tests/kiosk/store/sample.h"

namespace hailong::kiosk {
namespace {

using test::kKiosk;
using test::open_journal;
using test::response;
using test::TemporaryFolder;
using test::ward5;

struct Model {
    std::vector<JournalEntry> entries;
    std::map<std::int64_t, std::size_t> index_of;  // response number -> place in `entries`
    std::int64_t delivered = 0;
    SyncStatus status;
};

/// The kiosk's and the sync's view of one file.
struct Real {
    explicit Real(std::filesystem::path path) : file(std::move(path)) {
        for (int i = 0; i < 2; ++i)
            journals.push_back(open_journal(file));
    }
    std::filesystem::path file;
    std::vector<Journal> journals;
};

using Command = rc::state::Command<Model, Real>;

JournalEntry next_entry(const Model& model, std::int64_t n) {
    const auto seq = static_cast<std::int64_t>(model.entries.size()) + 1;
    const survey::Digest before = model.entries.empty() ? survey::kChainStart : model.entries.back().hash;
    JournalEntry entry{seq, {}, survey::encode({kKiosk, seq, response(n)})};
    entry.hash = survey::chain(before, entry.bytes);
    return entry;
}

struct Append : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    std::int64_t n = *rc::gen::inRange<std::int64_t>(1, 60);  // few, so that some come again

    void apply(Model& model) const override {
        if (model.index_of.emplace(n, model.entries.size()).second) model.entries.push_back(next_entry(model, n));
    }
    void run(const Model& model, Real& real) const override {
        const auto entry = real.journals.at(who).append(response(n), ward5());
        const auto held = model.index_of.find(n);
        RC_ASSERT(entry.has_value());
        RC_ASSERT(*entry == (held == model.index_of.end() ? next_entry(model, n) : model.entries.at(held->second)));
    }
    void show(std::ostream& out) const override { out << "Append " << n << " by " << who; }
};

struct Reopen : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    void run(const Model&, Real& real) const override { real.journals.at(who) = open_journal(real.file); }
    void show(std::ostream& out) const override { out << "Reopen " << who; }
};

struct ReopenAll : Command {
    void run(const Model&, Real& real) const override {
        real.journals.clear();
        for (int i = 0; i < 2; ++i)
            real.journals.push_back(open_journal(real.file));
    }
    void show(std::ostream& out) const override { out << "ReopenAll"; }
};

struct MarkDelivered : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    std::int64_t seq = *rc::gen::inRange<std::int64_t>(0, 30);
    void checkPreconditions(const Model& model) const override {
        RC_PRE(seq <= static_cast<std::int64_t>(model.entries.size()));
    }
    void apply(Model& model) const override { model.delivered = std::max(model.delivered, seq); }
    void run(const Model&, Real& real) const override {
        RC_ASSERT(real.journals.at(who).mark_delivered(seq).has_value());
    }
    void show(std::ostream& out) const override { out << "MarkDelivered " << seq << " by " << who; }
};

struct SetStatus : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    std::int64_t at = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    [[nodiscard]] SyncStatus status() const {
        SyncStatus made;
        made.last_attempt = survey::UtcTime{survey::milliseconds{at}};
        if (at % 2 == 0) made.last_success = made.last_attempt;
        if (at % 2 == 1) made.last_error = "lỗi " + std::to_string(at);
        if (at % 3 == 0) made.server_offset = survey::milliseconds{at - 500'000};
        return made;
    }
    void apply(Model& model) const override { model.status = status(); }
    void run(const Model&, Real& real) const override {
        RC_ASSERT(real.journals.at(who).set_sync_status(status()).has_value());
    }
    void show(std::ostream& out) const override { out << "SetStatus " << at; }
};

struct ReadAll : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    std::int64_t first = *rc::gen::inRange<std::int64_t>(1, 30);
    std::size_t count = *rc::gen::inRange<std::size_t>(0, 30);

    void run(const Model& model, Real& real) const override {
        const Journal& journal = real.journals.at(who);
        std::vector<JournalEntry> expected;
        for (const JournalEntry& entry : model.entries) {
            if (entry.seq >= first && expected.size() < count) expected.push_back(entry);
        }
        RC_ASSERT(journal.read(first, count, SIZE_MAX).value() == expected);
        const ChainHead head =
            model.entries.empty() ? ChainHead{} : ChainHead{model.entries.back().seq, model.entries.back().hash};
        RC_ASSERT(journal.head().value() == head);
        RC_ASSERT(journal.delivered_seq().value() == model.delivered);
        RC_ASSERT(journal.sync_status().value() == model.status);
        const std::optional<survey::Digest> hash =
            first <= head.seq ? std::optional(model.entries.at(static_cast<std::size_t>(first - 1)).hash)
                              : std::nullopt;
        RC_ASSERT(journal.hash_at(first).value() == hash);
    }
    void show(std::ostream& out) const override { out << "ReadAll from " << first << ", " << count << " by " << who; }
};

/// The tallies as a recount of the model gives them.
struct ReadTallies : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    void run(const Model& model, Real& real) const override {
        std::map<std::tuple<std::string, bool, survey::Subject>, survey::Tally> expected;
        for (const JournalEntry& entry : model.entries) {
            const survey::Response one = survey::decode(entry.bytes)->response;
            const auto day = survey::to_string(survey::local_date(one.finished.utc, one.finished.utc_offset));
            for (const survey::Contribution& part : survey::contributions(one, ward5())) {
                const auto kind = part.subject.kind;
                if (kind != survey::SubjectKind::visit && kind != survey::SubjectKind::counter) continue;
                expected[{day, !one.flags.empty(), part.subject}] += part.tally;
            }
        }
        const auto date = [](const char* text) { return *survey::parse_date(text); };
        const auto tallies = real.journals.at(who).tallies(date("2026-01-01"), date("2027-12-31"));
        RC_ASSERT(tallies.has_value());
        RC_ASSERT(tallies->size() == expected.size());
        for (const DayTally& tally : *tallies) {
            const auto found = expected.find({survey::to_string(tally.day), tally.flagged, tally.subject});
            RC_ASSERT(found != expected.end());
            RC_ASSERT(found->second == tally.tally);
        }
        RC_ASSERT(real.journals.at(who).verify().value().empty());
    }
    void show(std::ostream& out) const override { out << "ReadTallies by " << who; }
};

RC_GTEST_PROP(Journal, AgreesWithAListInMemory, ()) {
    const TemporaryFolder folder;
    Real real(folder / "journal.db");
    rc::state::check(Model{}, real,
                     rc::state::gen::execOneOfWithArgs<Append, Append, Append, Reopen, ReopenAll, MarkDelivered,
                                                       SetStatus, ReadAll, ReadTallies>());
}

}  // namespace
}  // namespace hailong::kiosk
