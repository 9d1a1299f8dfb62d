// Takes one batch in: checks the chain, judges each record, writes raw records and tallies, answers with a receipt.
// Pure over the store's interface: no socket, no clock, no thread.
#pragma once

#include <map>
#include <vector>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "sync/backend/store/store.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// What a record is judged against. Built from the store's documents; rebuilt when they change.
struct Reference {
    survey::Catalog questionnaires;
    std::vector<survey::Center> centers;
    /// Null when unknown.
    [[nodiscard]] const survey::Center* center(const survey::CenterId& id) const;
};

/// Tallies of one commit, added up in memory: written once by flush, whatever the number of batches.
class TallySheet {
  public:
    void add(const TallyKey& key, const survey::Tally& tally);
    [[nodiscard]] Stored<void> flush(WriteTransaction& transaction);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

  private:
    std::map<TallyKey, survey::Tally> rows_;
};

/// The outer expectation is the store's (retry the batch later); the inner is the protocol's answer.
using IngestAnswer = Expected<Receipt, Problem>;

/// Takes `batch` of `terminal` in, within `transaction`; tallies go to `sheet`, which the caller flushes before the
/// commit. The receipt may be sent only after that commit. On a Problem the batch wrote nothing, except that `altered`
/// leaves an incident.
[[nodiscard]] Stored<IngestAnswer> ingest(const Batch& batch, const Terminal& terminal, const Reference& reference,
                                          survey::UtcTime received, WriteTransaction& transaction, TallySheet& sheet);

/// Which tallies one valid response adds to: each subject by day, the officer by month as well.
[[nodiscard]] std::vector<TallyRow> tally_rows(const survey::Response& response,
                                               const survey::Questionnaire& questionnaire,
                                               const survey::CenterId& center);

}  // namespace hailong::sync
