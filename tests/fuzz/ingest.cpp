// Any lines as the records of a batch, chained as a terminal would chain them, on their way into the store. Nothing is
// committed: each input finds the store empty.
#include <optional>
#include <vector>

#include "sync/backend/audit/verify.h"
#include "tests/fuzz/targets.h"
#include "tests/sync/backend/sample.h"

namespace hailong::fuzz {
namespace {

using survey::check;
using sync::sample::must;

/// Most records of one input: what is slow finds nothing.
constexpr std::size_t kLinesMax = 12;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() < kLinesMax) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        // No line ends so: such a batch is refused by its frame, which the target "protocol" looks at.
        while (lines.back().ends_with('\r'))
            lines.back().pop_back();
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

class Taking {
  public:
    Taking(sync::Transaction& transaction, const sync::Reference& reference)
        : transaction_(transaction), reference_(reference) {}

    sync::IngestAnswer take(const sync::Batch& batch) {
        const auto terminal = must(transaction_.terminals().terminal({"K1"}));
        sync::CenterSheets sheets;
        auto prepared = sync::prepare(batch, *terminal, reference_, sync::sample::noon());
        auto answer = must(sync::ingest(prepared, *terminal, reference_, transaction_, sheets));
        must(sync::write_tallies(sheets, transaction_));
        return answer;
    }
    /// REQUIRES: the batch is one that the backend must take.
    sync::Ingested receipt(const sync::Batch& batch) {
        const auto answer = take(batch);
        check(answer.has_value(), "whatever stands in a record, an honest batch is taken");
        return *answer;
    }

  private:
    sync::Transaction& transaction_;
    const sync::Reference& reference_;
};

void check_altered(Taking& taking, const std::vector<std::string>& lines) {
    sync::sample::Journal liar("K1");
    for (std::size_t i = 0; i < lines.size(); ++i)
        liar.add_bytes(i + 1 == lines.size() ? lines[i] + " " : lines[i]);
    const auto answer = taking.take(liar.all());
    check(!answer && answer.error().kind == sync::ProblemKind::altered,
          "other bytes under a stored number are refused");
    check(answer.error().seq == liar.size(), "the altered record is named");
}

}  // namespace

void ingest(std::string_view input) {
    static const sync::sample::Backend backend;
    const std::vector<std::string> lines = lines_of(input);
    if (lines.empty()) return;
    sync::sample::Journal journal("K1");
    for (const std::string& line : lines) {
        if (line.size() >= survey::kRecordBytesMax) return;
        journal.add_bytes(line);
    }
    const std::int64_t n = journal.size();
    const std::int64_t first = (n + 1) / 2;

    const auto transaction = must(backend.store->write());
    Taking taking(*transaction, backend.reference);
    check(taking.receipt(journal.batch(1, first)).receipt.accepted == first, "new records are new");
    const auto rest = taking.receipt(journal.all());
    check(rest.receipt.accepted == n - first && rest.receipt.duplicates == first, "an overlap is counted once");
    const auto again = taking.receipt(journal.all());
    check(again.receipt.accepted == 0 && again.receipt.duplicates == n, "sent again, nothing is new");
    check(again.receipt.last_seq == n && again.receipt.last_hash == journal.hash_at(n),
          "a receipt tells where it ends");
    check_altered(taking, lines);

    const auto report = must(sync::verify(*transaction, backend.reference));
    check(report.differences.empty(), "the store agrees with itself");
    check(report.records == n && report.counted + report.quarantined == n,
          "every record is stored, counted or quarantined");
    for (const sync::StoredRecord& stored : must(transaction->records().page({"K1"}, 1, kLinesMax)))
        check(stored.bytes == journal.bytes_at(stored.seq), "a record is stored as it was sent");
}

}  // namespace hailong::fuzz
