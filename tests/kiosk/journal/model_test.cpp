// The journal against the simplest thing that could be one: a list in memory. Whatever is done, in any order, through
// either of two open journals on one file, both give the same answers.
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include "kiosk/journal/journal.h"
#include "survey/record.h"
#include "tests/kiosk/journal/must.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::kiosk {
namespace {

using test::kKiosk;
using test::open_journal;
using test::TemporaryFolder;
using test::varied_response;
using test::ward5;

/// Response n with a field, a beginning and a day of its own, so that there are several of each.
survey::Response visit(std::int64_t n) {
    return varied_response(n, std::chrono::days{n % 20});
}

struct Model {
    std::vector<JournalEntry> entries;
    std::set<std::string> tickets;                 // used, as they are compared
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

JournalEntry next_entry(const Model& model, std::int64_t n, const std::string& ticket) {
    const auto seq = static_cast<std::int64_t>(model.entries.size()) + 1;
    const survey::Digest before = model.entries.empty() ? survey::kChainStart : model.entries.back().hash;
    survey::Response one = visit(n);
    if (model.tickets.count(normal_ticket(ticket)) > 0) one.flags.emplace_back("ticket_again");
    JournalEntry entry{seq, {}, survey::encode({kKiosk, seq, one})};
    entry.hash = survey::chain(before, entry.bytes);
    return entry;
}

struct Append : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    std::int64_t n = *rc::gen::inRange<std::int64_t>(1, 60);  // few, so that some come again
    std::string ticket = *rc::gen::element<std::string>("", "", "A1", "a 1", "B2", "C3", "D4");

    void apply(Model& model) const override {
        if (!model.index_of.emplace(n, model.entries.size()).second) return;
        model.entries.push_back(next_entry(model, n, ticket));
        if (!ticket.empty()) model.tickets.insert(normal_ticket(ticket));
    }
    void run(const Model& model, Real& real) const override {
        const auto entry = real.journals.at(who).append(visit(n), ward5(), {}, ticket);
        const auto held = model.index_of.find(n);
        RC_ASSERT(entry.has_value());
        RC_ASSERT(*entry ==
                  (held == model.index_of.end() ? next_entry(model, n, ticket) : model.entries.at(held->second)));
    }
    void show(std::ostream& out) const override { out << "Append " << n << " with \"" << ticket << "\" by " << who; }
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

using Counted = std::map<std::tuple<std::string, bool, survey::Subject>, survey::Tally>;

/// The tallies of the days or months `first` to `last`, as a recount of the model gives them.
/// `date_length`: how much of "2026-11-22" they stand under; 0: they are added up.
Counted recount(const Model& model, const std::string& first, const std::string& last, std::size_t date_length,
                bool officers) {
    Counted counted;
    for (const JournalEntry& entry : model.entries) {
        const survey::Response one = survey::decode(entry.bytes)->response;
        const std::string day = survey::to_string(survey::local_date(one.finished.utc, one.finished.utc_offset));
        if (day.substr(0, first.size()) < first || last < day.substr(0, last.size())) continue;
        for (const survey::Contribution& part : survey::contributions(one, ward5())) {
            if ((part.subject.kind == survey::SubjectKind::officer) != officers) continue;
            counted[{day.substr(0, date_length), !one.flags.empty(), part.subject}] += part.tally;
        }
    }
    return counted;
}

Counted added_up(const std::vector<PeriodTally>& rows) {
    Counted counted;
    for (const PeriodTally& row : rows)
        RC_ASSERT(counted.emplace(std::tuple(std::string(), row.flagged, row.subject), row.tally).second);
    return counted;
}

struct ReadTallies : Command {
    std::size_t who = *rc::gen::inRange<std::size_t>(0, 2);
    // The visits are of 22 November to 12 December.
    int first = *rc::gen::inRange(0, 60);  // days after 1 November
    int last = *rc::gen::inRange(0, 60);

    void run(const Model& model, Real& real) const override {
        const Journal& journal = real.journals.at(who);
        const auto day = [](int days) {
            return survey::Date{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1} + std::chrono::days{days}};
        };
        const std::string from = survey::to_string(day(first));
        const std::string to = survey::to_string(day(last));
        Counted days;
        for (const DayTally& row : test::must(journal.tallies(day(first), day(last))))
            days[{survey::to_string(row.day), row.flagged, row.subject}] = row.tally;
        RC_ASSERT(days == recount(model, from, to, 10, false));
        RC_ASSERT(added_up(journal.period_tallies(day(first), day(last)).value()) ==
                  recount(model, from, to, 0, false));
        const Month first_month = day(first).year() / day(first).month();
        const Month last_month = day(last).year() / day(last).month();
        RC_ASSERT(added_up(journal.officer_tallies(first_month, last_month).value()) ==
                  recount(model, from.substr(0, 7), to.substr(0, 7), 0, true));
        RC_ASSERT(journal.verify().value().empty());
    }
    void show(std::ostream& out) const override {
        out << "ReadTallies of days " << first << " to " << last << " by " << who;
    }
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
