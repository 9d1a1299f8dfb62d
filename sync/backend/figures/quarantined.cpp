#include "sync/backend/figures/quarantined.h"

#include <map>
#include <utility>

#include "survey/record.h"
#include "sync/backend/model/public_tally.h"

namespace hailong::sync {
namespace {

using survey::Item;
using survey::TallyKey;

/// Records read at once.
constexpr std::size_t kQuarantinedRead = 1'000;

class QuarantinedSum {
  public:
    QuarantinedSum(const survey::Catalog& questionnaires, const survey::Center& center)
        : questionnaires_(questionnaires), center_(center) {}

    void add(const StoredRecord& stored) {
        if (stored.quarantine_reason == QuarantineReason::duplicate_id) return;
        const auto record = survey::decode(stored.bytes);
        if (!record || !record->response.flags.empty()) return;
        const survey::Response& response = record->response;
        const survey::Questionnaire* form = questionnaires_.find(response.questionnaire);
        const survey::Date day = survey::local_day(response);
        if (form == nullptr || !survey::is_in_range(day)) return;
        const survey::Period month = survey::period_of(day, survey::PeriodKind::month, center_.periods);
        const Item* item = form->item(center_.settings.of(month).headline);
        const survey::Answer* answer = item == nullptr ? nullptr : survey::answer_to(response.answers, item->id);
        if (answer == nullptr) return;
        survey::Tally& tally =
            rows_[{survey::Grain::day, day, form->ref, {survey::SubjectKind::visit, kQuarantinedId}, false}];
        for (const std::string& value : answer->values) {
            // What is quarantined may say anything.
            if (item->option(value) != nullptr) tally.items[item->id][value] += 1;
        }
    }

    [[nodiscard]] std::vector<TallyRow> rows() const {
        std::vector<TallyRow> rows;
        for (const auto& [key, tally] : rows_)
            rows.push_back({center_.id, key, tally});
        return rows;
    }

  private:
    const survey::Catalog& questionnaires_;
    const survey::Center& center_;
    std::map<TallyKey, survey::Tally> rows_;
};

}  // namespace

StoreResult<std::vector<TallyRow>> quarantined_rows(Snapshot& snapshot, const survey::Catalog& questionnaires,
                                                    const survey::Center& center) {
    const auto terminals = snapshot.terminals().of_center(center.id);
    if (!terminals) return unexpected(terminals.error());
    QuarantinedSum sum(questionnaires, center);
    for (const Terminal& terminal : *terminals) {
        std::int64_t after = 0;
        for (bool is_last = terminal.totals.quarantined == 0; !is_last;) {
            const auto page = snapshot.records().quarantined_after(terminal.kiosk, after, kQuarantinedRead);
            if (!page) return unexpected(page.error());
            is_last = page->size() < kQuarantinedRead;
            for (const StoredRecord& stored : *page) {
                is_last = is_last || stored.kiosk != terminal.kiosk;
                if (stored.kiosk != terminal.kiosk) break;
                after = stored.seq;
                sum.add(stored);
            }
        }
    }
    return sum.rows();
}

}  // namespace hailong::sync
