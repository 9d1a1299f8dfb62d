// What the app leans on, kept in memory: a saver and a background reader that keep the promises of the real ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kiosk/app/background_reader.h"
#include "kiosk/app/saver.h"

namespace hailong::kiosk {

/// Keeps its word at once, unless told to refuse; what it refused it saves once it may.
class FakeSaver final : public Saver {
  public:
    void save(survey::Response response, std::shared_ptr<const survey::Questionnaire> questionnaire,
              std::vector<FreeText> given, std::string ticket) override {
        for (const survey::Fault& fault : validate(response, *questionnaire))
            ADD_FAILURE() << fault.place << ": " << fault.what;
        texts.push_back(std::move(given));
        tickets.push_back(std::move(ticket));
        outcomes_.push_back({response.id, !refusing, refusing});
        (refusing ? refused : saved).push_back(std::move(response));
    }
    /// The disk works again.
    void recover() {
        refusing.reset();
        for (survey::Response& response : refused) {
            outcomes_.push_back({response.id, true, {}});
            saved.push_back(std::move(response));
        }
        refused.clear();
    }
    [[nodiscard]] std::vector<SaveOutcome> take_outcomes() override { return std::exchange(outcomes_, {}); }
    [[nodiscard]] std::size_t waiting() const override { return refused.size() + more_waiting; }
    [[nodiscard]] std::optional<StoreError> trouble() const override { return refusing; }
    void probe() override {
        if (!hanging) ++probes;
    }
    [[nodiscard]] std::uint64_t probes_done() const override { return probes; }

    std::optional<StoreError> refusing;
    std::size_t more_waiting = 0;
    bool hanging = false;      // the disk answers no probe
    std::uint64_t probes = 0;  // answered
    std::vector<survey::Response> saved;
    std::vector<survey::Response> refused;
    // Of each response, in the order they came.
    std::vector<std::vector<FreeText>> texts;
    std::vector<std::string> tickets;

  private:
    std::vector<SaveOutcome> outcomes_;
};

/// Answers every request with the next letters. The PIN is 2468.
class FakeBackgroundReader final : public BackgroundReader {
  public:
    void check_pin(std::string pin) override { letters.emplace_back(PinChecked{pin == "2468"}); }
    void read_overview() override { letters.emplace_back(OverviewRead{overview}); }
    void read_tallies(const TallyQuery& query) override {
        asked.push_back(query);
        letters.emplace_back(TalliesRead{query, TallySheet{query, {}, {}, {}, {}}});
    }
    [[nodiscard]] std::vector<ReaderLetter> take_letters() override { return std::exchange(letters, {}); }

    Overview overview;
    std::vector<TallyQuery> asked;
    std::vector<ReaderLetter> letters;
};

}  // namespace hailong::kiosk
