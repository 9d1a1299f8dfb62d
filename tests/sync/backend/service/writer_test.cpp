#include "sync/backend/service/writer.h"

#include <algorithm>
#include <future>
#include <latch>

#include <gtest/gtest.h>

#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/store/failing_store.h"

namespace hailong::sync {
namespace {

using sample::Backend;
using sample::FailingStore;
using sample::Journal;
using sample::must;
using sample::visit;

/// A journal of one record of its own for each of `count` terminals, K1 upward.
std::vector<Journal> one_record_each(int count) {
    std::vector<Journal> journals;
    for (int i = 1; i <= count; ++i) {
        journals.emplace_back("K" + std::to_string(i));
        journals.back().add(visit(static_cast<std::uint64_t>(i)));
    }
    return journals;
}

std::vector<std::string> names(int count) {
    std::vector<std::string> result;
    for (int i = 1; i <= count; ++i)
        result.push_back("K" + std::to_string(i));
    return result;
}

/// Collects answers in the order they come.
struct Answers {
    Writer::Done done() {
        return [this](WriterAnswer answer) {
            const std::lock_guard lock(mutex);
            all.push_back(std::move(answer));
        };
    }
    std::mutex mutex;
    std::vector<WriterAnswer> all;
};

class WriterTest : public ::testing::Test {
  protected:
    /// Submits while the store's writing is held back, so that all of it waits together.
    void submit_together(Writer& writer, const std::vector<Batch>& batches, Answers& answers) {
        store_.hold();
        // The first is taken alone, and its transaction waits for release(); what comes then waits behind it.
        submit(writer, batches.front(), answers.done());
        store_.wait_until_held();
        for (std::size_t i = 1; i < batches.size(); ++i)
            submit(writer, batches[i], answers.done());
        store_.release();
    }

    /// What a route does with a batch that came in.
    void submit(Writer& writer, const Batch& batch, Writer::Done done) {
        writer.submit(backend_.prepared(batch, batch.header.kiosk.text), std::move(done));
    }

    std::int64_t stored(const std::string& kiosk) {
        return must(must(backend_.store->read())->terminals().terminal({kiosk}))->last_seq;
    }

    std::vector<std::string> logged_;
    Backend backend_{names(8)};
    FailingStore store_{*backend_.store};
    sample::FixedClock clock_;
    ReferenceCache references_;
    Metrics metrics_;
    Writer::Log log_ = [this](const std::string& line) { logged_.push_back(line); };
};

/// A record that waits for officer c-01.
Journal journal_that_waits() {
    Journal journal("K1");
    survey::Response response = visit(77);
    response.context.officer = {"c-01"};
    journal.add(response);
    return journal;
}

TEST_F(WriterTest, ReprocessesAtItsStartWhatCountsByNow) {
    must(backend_.take(journal_that_waits().all()));
    backend_.put_center(sample::grown_center_json());
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        const auto journals = one_record_each(2);
        submit(writer, journals[1].all(), answers.done());
    }
    EXPECT_FALSE(sample::record(*backend_.store, {"K1"}, 1).quarantine_reason);
    ASSERT_EQ(logged_.size(), 1u);
    EXPECT_NE(logged_[0].find("1 records that were quarantined count"), std::string::npos);
}

TEST_F(WriterTest, ReprocessesWhatCountsOnceTheDocumentsHaveChanged) {
    must(backend_.take(journal_that_waits().all()));
    const auto journals = one_record_each(3);
    Writer writer(store_, references_, clock_, metrics_, log_);
    const auto send = [&](const Journal& journal) {
        std::promise<void> answered;
        submit(writer, journal.all(), [&](WriterAnswer) { answered.set_value(); });
        answered.get_future().get();
    };
    send(journals[1]);
    EXPECT_TRUE(sample::record(*backend_.store, {"K1"}, 1).quarantine_reason);
    backend_.put_center(sample::grown_center_json());
    send(journals[2]);
    // Validated again before the batch after next is waited for: another batch proves that it was.
    send(journals[2]);
    EXPECT_FALSE(sample::record(*backend_.store, {"K1"}, 1).quarantine_reason);
}

TEST_F(WriterTest, GoesOnWithBatchesWhenTakingInFails) {
    must(backend_.take(journal_that_waits().all()));
    backend_.put_center(sample::grown_center_json());
    store_.fail(2, false);
    Answers answers;
    const auto journals = one_record_each(2);
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit(writer, journals[1].all(), answers.done());
    }
    ASSERT_EQ(answers.all.size(), 1u);
    EXPECT_TRUE(answers.all[0].has_value());
    EXPECT_EQ(stored("K2"), 1);
    ASSERT_FALSE(logged_.empty());
    EXPECT_NE(logged_[0].find("was not validated again"), std::string::npos);
}

TEST_F(WriterTest, AnswersWithAReceiptOnlyAfterTheCommit) {
    const auto journals = one_record_each(1);
    std::promise<std::int64_t> stored_when_answered;
    Writer writer(store_, references_, clock_, metrics_, log_);
    submit(writer, journals[0].all(),
           [&](const WriterAnswer& answer) { stored_when_answered.set_value(answer ? stored("K1") : -1); });
    EXPECT_EQ(stored_when_answered.get_future().get(), 1);
}

TEST_F(WriterTest, CommitsWhatWaitsTogether) {
    const auto journals = one_record_each(8);
    std::vector<Batch> batches;
    for (const Journal& journal : journals)
        batches.push_back(journal.all());
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit_together(writer, batches, answers);
    }
    EXPECT_EQ(answers.all.size(), 8u);
    for (const WriterAnswer& answer : answers.all)
        EXPECT_TRUE(answer);
    EXPECT_EQ(store_.commits(), 2);
    for (const Journal& journal : journals)
        EXPECT_EQ(stored(journal.kiosk().text), 1);
    EXPECT_NE(metrics_.text({}).find("hailong_commit_batches_sum 8"), std::string::npos);
}

TEST_F(WriterTest, TakesBatchesOfOneTerminalInOneGroupInOrder) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 4; ++i)
        journal.add(visit(i));
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit_together(writer, {journal.batch(1, 1), journal.batch(2, 2), journal.batch(3, 4), journal.batch(2, 3)},
                        answers);
    }
    ASSERT_EQ(answers.all.size(), 4u);
    EXPECT_EQ(answers.all[1]->last_seq, 2);
    EXPECT_EQ(answers.all[2]->last_seq, 4);
    EXPECT_EQ(answers.all[3]->duplicates, 2);
    EXPECT_EQ(stored("K1"), 4);
}

TEST_F(WriterTest, LeavesNoTraceOfARefusedBatchAmongOthers) {
    Journal first("K1");
    first.add(visit(1));
    Journal second("K2");
    second.add(visit(2));
    second.add(visit(3));
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit_together(writer, {first.all(), second.batch(2, 2), second.batch(1, 1)}, answers);
    }
    ASSERT_EQ(answers.all.size(), 3u);
    ASSERT_FALSE(answers.all[1]);
    EXPECT_EQ(answers.all[1].error().kind, ProblemKind::gap);
    EXPECT_TRUE(answers.all[2]);
    EXPECT_EQ(stored("K2"), 1);
}

TEST_F(WriterTest, UndoesOnlyTheBatchThatTheStoreRefused) {
    const auto journals = one_record_each(3);
    Answers answers;
    store_.refuse_records_of("K2");
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit_together(writer, {journals[0].all(), journals[1].all(), journals[2].all()}, answers);
    }
    ASSERT_EQ(answers.all.size(), 3u);
    EXPECT_TRUE(answers.all[0]);
    ASSERT_FALSE(answers.all[1]);
    EXPECT_EQ(answers.all[1].error().kind, ProblemKind::internal);
    EXPECT_TRUE(answers.all[2]);
    EXPECT_EQ(stored("K2"), 0);
    EXPECT_EQ(stored("K3"), 1);
    EXPECT_EQ(must(must(backend_.store->read())->terminals().totals({"mau"})).records.stored, 2);
    EXPECT_EQ(logged_.size(), 1u);
    Writer writer(store_, references_, clock_, metrics_, log_);
    for (int i = 0; i < 3; ++i) {
        std::promise<bool> taken;
        submit(writer, journals[1].all(), [&](const WriterAnswer& answer) { taken.set_value(answer.has_value()); });
        EXPECT_FALSE(taken.get_future().get());
    }
    EXPECT_EQ(logged_.size(), 2u) << "told once, however often it comes again";
}

/// For every call of the store that can fail, once and from then on: nobody is told that something is stored which is
/// not, and what was told comes again unharmed.
TEST_F(WriterTest, AcknowledgesNothingThatIsNotStoredWhateverCallFails) {
    const auto calls_of_a_sound_run = [] {
        Backend backend{names(3)};
        FailingStore store(*backend.store);
        sample::FixedClock clock;
        ReferenceCache references;
        Metrics metrics;
        const auto journals = one_record_each(3);
        {
            Writer writer(store, references, clock, metrics, [](const std::string&) {});
            for (const Journal& journal : journals)
                writer.submit(backend.prepared(journal.all(), journal.kiosk().text), [](const WriterAnswer&) {});
        }
        return store.calls();
    }();
    ASSERT_GT(calls_of_a_sound_run, 15);
    for (const bool is_lasting : {false, true}) {
        for (int failing = 1; failing <= calls_of_a_sound_run; ++failing) {
            Backend backend{names(3)};
            FailingStore store(*backend.store);
            sample::FixedClock clock;
            ReferenceCache references;
            Metrics metrics;
            const auto journals = one_record_each(3);
            std::map<std::string, bool> acknowledged;
            std::mutex mutex;
            int answers = 0;
            store.fail(failing, is_lasting);
            {
                Writer writer(store, references, clock, metrics, [](const std::string&) {});
                for (const Journal& journal : journals) {
                    writer.submit(backend.prepared(journal.all(), journal.kiosk().text),
                                  [&, kiosk = journal.kiosk().text](WriterAnswer answer) {
                                      const std::lock_guard lock(mutex);
                                      ++answers;
                                      acknowledged[kiosk] = answer.has_value();
                                      if (!answer) {
                                          EXPECT_TRUE(answer.error().kind == ProblemKind::internal ||
                                                      answer.error().kind == ProblemKind::overloaded);
                                      }
                                  });
                }
            }
            ASSERT_EQ(answers, 3);
            for (const Journal& journal : journals) {
                const auto terminal = must(must(backend.store->read())->terminals().terminal(journal.kiosk()));
                EXPECT_EQ(terminal->last_seq, acknowledged[journal.kiosk().text] ? 1 : 0) << "call " << failing;
            }
            // Whatever happened, sending it all again brings everything in, once.
            for (const Journal& journal : journals)
                ASSERT_TRUE(must(backend.take(journal.all(), journal.kiosk().text)));
            TallyQuery query;
            query.center = {"mau"};
            query.first = query.last = *survey::parse_date("2026-11-22");
            query.subject_kind = survey::SubjectKind::visit;
            const auto rows = must(must(backend.store->read())->tallies().find(query));
            ASSERT_EQ(rows.size(), 1u);
            EXPECT_EQ(rows[0].tally.responses, 3) << "call " << failing;
        }
    }
}

TEST_F(WriterTest, RefusesWhatTheQueueCantHoldAndGoesOn) {
    Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(visit(i));
    WriterLimits limits;
    limits.queue_bytes = 1;
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        store_.hold();
        submit(writer, journal.batch(1, 1), answers.done());
        store_.wait_until_held();
        submit(writer, journal.batch(2, 2), answers.done());  // one always fits
        submit(writer, journal.batch(3, 3), answers.done());
        {
            const std::lock_guard lock(answers.mutex);
            ASSERT_EQ(answers.all.size(), 1u);
            EXPECT_EQ(answers.all[0].error().kind, ProblemKind::overloaded);
        }
        store_.release();
    }
    EXPECT_EQ(answers.all.size(), 3u);
    EXPECT_EQ(stored("K1"), 2);
}

/// As large as a body can be: 64 records that nobody can read.
Journal large_journal(const std::string& kiosk) {
    Journal journal(kiosk);
    for (int i = 0; i < 64; ++i)
        journal.add_bytes(std::string(60'000, static_cast<char>('a' + i % 26)));
    return journal;
}

/// The terminals in the order of their receipts.
std::vector<std::string> order_of(const Answers& answers) {
    std::vector<std::string> order;
    for (const WriterAnswer& answer : answers.all)
        order.push_back(answer ? answer->kiosk.text : "refused");
    return order;
}

TEST_F(WriterTest, LetsABatchPassAllLargeOnesButTheOneThatIsWritten) {
    std::vector<Batch> batches;
    for (const std::string& kiosk : names(6))
        batches.push_back(large_journal(kiosk).all());
    for (const Journal& journal : one_record_each(8)) {
        if (journal.kiosk().text > "K6") batches.push_back(journal.all());
    }
    WriterLimits limits;
    limits.queue_bytes = 1u << 30u;
    limits.answered_groups = batches.size();  // so that answers come in the order of the commits
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        submit_together(writer, batches, answers);
    }
    EXPECT_EQ(order_of(answers), (std::vector<std::string>{"K1", "K7", "K8", "K2", "K3", "K4", "K5", "K6"}));
    EXPECT_EQ(store_.commits(), 7) << "of large ones no two together";
}

TEST_F(WriterTest, ComesToALargeBatchHoweverManyOthersCome) {
    Journal many("K1");
    for (std::uint64_t i = 1; i <= 20; ++i)
        many.add(visit(i));
    std::vector<Batch> batches = {many.batch(1, 1), large_journal("K2").all()};
    for (std::int64_t seq = 2; seq <= many.size(); ++seq)
        batches.push_back(many.batch(seq, seq));
    WriterLimits limits;
    limits.group_batches = 1;
    limits.answered_groups = batches.size();
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        submit_together(writer, batches, answers);
    }
    const std::vector<std::string> order = order_of(answers);
    ASSERT_EQ(order.size(), 21u);
    const auto large = std::find(order.begin(), order.end(), "K2") - order.begin();
    EXPECT_LE(large, 1 + limits.turns);
}

TEST_F(WriterTest, KeepsPlacesForBatchesWhateverLargeOnesWait) {
    const auto journals = one_record_each(3);
    WriterLimits limits;
    limits.queue_bytes = 1;
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        submit_together(writer, {journals[0].all(), large_journal("K2").all(), journals[2].all()}, answers);
    }
    EXPECT_EQ(order_of(answers), (std::vector<std::string>{"K1", "K3", "K2"}));
}

TEST_F(WriterTest, CommitsNoMoreAtOnceThanItMayHold) {
    const auto journals = one_record_each(8);
    std::vector<Batch> batches;
    for (const Journal& journal : journals)
        batches.push_back(journal.all());
    WriterLimits limits;
    limits.group_bytes = 1;
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        submit_together(writer, batches, answers);
    }
    EXPECT_EQ(store_.commits(), 8);
}

TEST_F(WriterTest, FinishesWhatIsQueuedBeforeItStops) {
    const auto journals = one_record_each(8);
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        for (const Journal& journal : journals)
            submit(writer, journal.all(), answers.done());
    }
    EXPECT_EQ(answers.all.size(), 8u);
}

TEST_F(WriterTest, WritesOnWhileAnAnswerIsGiven) {
    const auto journals = one_record_each(2);
    std::promise<void> answering;
    std::promise<void> may_end;
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit(writer, journals[0].all(), [&](const WriterAnswer&) {
            answering.set_value();
            may_end.get_future().wait();
        });
        answering.get_future().wait();
        store_.hold();
        submit(writer, journals[1].all(), answers.done());
        store_.wait_until_held();  // for ever, if the writer waited for the answer
        store_.release();
        may_end.set_value();
    }
    EXPECT_EQ(answers.all.size(), 1u);
    EXPECT_EQ(stored("K2"), 1);
}

TEST_F(WriterTest, AnswersByItselfWhenNoAnswerMayWait) {
    const auto journals = one_record_each(8);
    WriterLimits limits;
    limits.answered_groups = 0;
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        for (const Journal& journal : journals)
            submit(writer, journal.all(), answers.done());
    }
    EXPECT_EQ(answers.all.size(), 8u);
}

TEST_F(WriterTest, RefusesATerminalThatIsNotEnrolled) {
    Journal journal("K99");
    journal.add(visit(1));
    Answers answers;
    {
        Writer writer(store_, references_, clock_, metrics_, log_);
        submit(writer, journal.all(), answers.done());
    }
    ASSERT_EQ(answers.all.size(), 1u);
    EXPECT_EQ(answers.all[0].error().kind, ProblemKind::unauthorized);
}

TEST_F(WriterTest, ValidatesByTheDocumentsOfTheMoment) {
    Journal journal("K1");
    survey::Response unknown = visit(1);
    unknown.questionnaire.version = 3;
    journal.add(unknown);
    survey::Response known = visit(2);
    known.questionnaire.version = 3;
    journal.add(known);
    Writer writer(store_, references_, clock_, metrics_, log_);
    const auto send = [&](std::int64_t seq) {
        std::promise<WriterAnswer> answer;
        submit(writer, journal.batch(seq, seq), [&](WriterAnswer one) { answer.set_value(std::move(one)); });
        return answer.get_future().get();
    };
    EXPECT_EQ(send(1)->quarantined.size(), 1u);
    {
        auto transaction = must(backend_.store->write());
        must(transaction->documents().put_questionnaire({{{"W5"}, 3}, sample::questionnaire_json("W5", 3)}));
        must(transaction->commit());
    }
    EXPECT_EQ(send(2)->quarantined.size(), 0u);
}

TEST_F(WriterTest, RunsOtherTasksInATransactionOfTheirOwn) {
    std::promise<std::int64_t> incidents_when_done;
    Writer writer(store_, references_, clock_, metrics_, log_);
    writer.run_soon(
        [](Transaction& transaction) {
            sample::add_incident(transaction, {sample::noon(), {"K1"}, IncidentKind::forked, "detail", ""});
            return StoreResult<void>();
        },
        [&](const StoreResult<void>& written) {
            EXPECT_TRUE(written);
            incidents_when_done.set_value(must(must(backend_.store->read())->counts()).incidents);
        });
    EXPECT_EQ(incidents_when_done.get_future().get(), 1) << "durable when it is said to be";
}

TEST_F(WriterTest, LeavesNothingOfATaskThatFails) {
    std::promise<bool> done;
    Writer writer(store_, references_, clock_, metrics_, log_);
    writer.run_soon(
        [](Transaction& transaction) -> StoreResult<void> {
            sample::add_incident(transaction, {sample::noon(), {"K1"}, IncidentKind::forked, "detail", ""});
            return unexpected(StoreError{StoreErrorKind::io, "the disk is gone", "find it"});
        },
        [&](const StoreResult<void>& written) { done.set_value(written.has_value()); });
    EXPECT_FALSE(done.get_future().get());
    EXPECT_EQ(must(must(backend_.store->read())->counts()).incidents, 0);
    EXPECT_EQ(logged_.size(), 1u);
}

StoreResult<void> refuse_for_want_of_room(Transaction&) {
    return unexpected(StoreError{StoreErrorKind::full, "the disk is full", "make room"});
}

TEST_F(WriterTest, TellsALastingRefusalWhenItBeginsAndWhenItEnds) {
    WriterLimits limits;
    limits.retry = std::chrono::hours(1);
    Writer writer(store_, references_, clock_, metrics_, log_, limits);
    const auto run = [&](const WriteQueue::Task& task) {
        std::promise<std::optional<std::string>> why;
        writer.run_soon(task, [&](const StoreResult<void>&) { why.set_value(metrics_.why_storing_fails()); });
        return why.get_future().get();
    };
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(run(refuse_for_want_of_room), "the disk is full");
    EXPECT_EQ(logged_, std::vector<std::string>{"something was not written: the disk is full; make room"});
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(run([](Transaction&) { return StoreResult<void>(); }), std::nullopt);
    ASSERT_EQ(logged_.size(), 2u);
    EXPECT_NE(logged_[1].find("takes what comes in again"), std::string::npos) << logged_[1];
}

TEST_F(WriterTest, TellsOnceThatAnotherProgramHoldsTheStoreAndThatItIsOver) {
    WriterLimits limits;
    limits.retry = std::chrono::hours(1);
    Writer writer(store_, references_, clock_, metrics_, log_, limits);
    const auto run = [&](const WriteQueue::Task& task) {
        std::promise<bool> fails;
        writer.run_soon(task,
                        [&](const StoreResult<void>&) { fails.set_value(metrics_.why_storing_fails().has_value()); });
        return fails.get_future().get();
    };
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(run([](Transaction&) -> StoreResult<void> {
            return unexpected(StoreError{StoreErrorKind::busy, "the store is locked", "try again"});
        }));
    }
    EXPECT_EQ(logged_.size(), 1u);
    EXPECT_FALSE(run([](Transaction&) { return StoreResult<void>(); }));
    EXPECT_EQ(logged_.size(), 2u);
}

TEST_F(WriterTest, TriesByItselfWhetherTheStoreTakesSomethingAgain) {
    WriterLimits limits;
    limits.retry = std::chrono::milliseconds(1);
    std::promise<void> again;
    const Writer::Log log = [&](const std::string& line) {
        if (line.find("takes what comes in again") != std::string::npos) again.set_value();
    };
    Writer writer(store_, references_, clock_, metrics_, log, limits);
    writer.run_soon(refuse_for_want_of_room, [](const StoreResult<void>&) {});
    again.get_future().get();
    EXPECT_EQ(metrics_.why_storing_fails(), std::nullopt);
}

TEST_F(WriterTest, RefusesTasksWhenTooManyWaitAndFinishesThoseItTook) {
    int ran = 0;
    int refused = 0;
    {
        WriterLimits limits;
        limits.tasks = 2;
        Writer writer(store_, references_, clock_, metrics_, log_, limits);
        const auto task = [](Transaction&) -> StoreResult<void> { return {}; };
        const auto done = [&](const StoreResult<void>& written) { written ? ++ran : ++refused; };
        store_.hold();
        writer.run_soon(task, done);
        store_.wait_until_held();
        for (int i = 0; i < 3; ++i)
            writer.run_soon(task, done);
        EXPECT_EQ(refused, 1) << "at once";
        store_.release();
    }
    EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace hailong::sync
