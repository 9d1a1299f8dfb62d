#include "sync/backend/terminals/bundle_import.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "survey/record.h"
#include "sync/backend/ingest/ingest.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/terminals/inbox.h"

namespace hailong::sync {
namespace {

/// The batches of a bundle as far as they can be read, all of one terminal.
struct ReadBatches {
    std::vector<Batch> batches;
    std::vector<std::string> left_out;  // a sentence for each of the others
    BundleLabel label;                  // as the batches have it
};

ReadBatches read_batches(const Bundle& bundle) {
    ReadBatches read;
    read.label = bundle.label;
    std::size_t number = 0;
    for (const std::string& body : bundle.bodies) {
        const std::string place = "batch " + std::to_string(++number);
        auto batch = decode_batch(body);
        if (!batch) {
            read.left_out.push_back(survey::describe(batch.error().faults, place));
            continue;
        }
        const BatchHeader& header = batch->header;
        if (read.batches.empty()) {
            read.label.kiosk = header.kiosk;
            read.label.first_seq = header.first_seq;
        } else if (header.kiosk != read.label.kiosk) {
            read.left_out.push_back(place + " is of \"" + header.kiosk.text + "\", those before it of \"" +
                                    read.label.kiosk.text + "\"; export it again at its terminal");
            continue;
        }
        read.label.last_seq = header.first_seq + header.count - 1;
        read.batches.push_back(std::move(*batch));
    }
    return read;
}

/// Whether the batch is signed with a key that its terminal had before its present one.
StoreResult<bool> is_of_former_key(const Batch& batch, TerminalReader& reader) {
    const auto terminal = reader.terminal(batch.header.kiosk);
    if (!terminal) return unexpected(terminal.error());
    if (!*terminal || !(*terminal)->key) return false;
    const auto is_by = [&](const survey::SignPublicKey& key) {
        return is_signed_by(batch.header_bytes, batch.signature, key);
    };
    if (is_by(*(*terminal)->key)) return false;
    const auto keys = reader.keys(batch.header.kiosk);
    if (!keys) return unexpected(keys.error());
    return std::any_of(keys->begin(), keys->end(), [&](const TerminalKey& one) { return is_by(one.key); });
}

/// Empty when no batch is signed with a former key.
StoreResult<std::optional<FormerBundle>> look_at_former(const std::vector<Batch>& batches, Store& store) {
    auto snapshot = store.read();
    if (!snapshot) return unexpected(snapshot.error());
    bool is_former = false;
    FormerBundle found;
    for (const Batch& batch : batches) {
        const auto is_of = is_of_former_key(batch, (*snapshot)->terminals());
        if (!is_of) return unexpected(is_of.error());
        is_former |= *is_of;
        std::vector<survey::Uuid> ids;
        for (const std::string& bytes : batch.records) {
            const auto record = survey::decode(bytes);
            if (record) ids.push_back(record->response.id);
        }
        const auto places = (*snapshot)->records().find_ids(ids);
        if (!places) return unexpected(places.error());
        std::set<survey::Uuid> stored;
        for (const IdPlace& place : *places)
            stored.insert(place.id);
        found.records += static_cast<std::int64_t>(batch.records.size());
        // What can't be read may be stored or not: then it is not called stored.
        const auto known = std::count_if(ids.begin(), ids.end(), [&](const auto& id) { return stored.contains(id); });
        found.unknown += static_cast<std::int64_t>(batch.records.size()) - known;
    }
    return is_former ? std::optional(found) : std::nullopt;
}

/// One bundle on its way in.
class Import {
  public:
    Import(const ReadBatches& read, const ImportParts& parts) : parts_(parts) {
        result_.label = read.label;
        result_.left_out = read.left_out;
        result_.answer.kiosk = read.label.kiosk;
        receipt_.kiosk = read.label.kiosk;
    }

    Expected<ImportedBundle, std::string> run(const std::vector<Batch>& batches) {
        auto former = look_at_former(batches, parts_.store);
        if (!former) return unexpected(survey::describe(former.error()));
        if (*former) {
            result_.former = *former;
            return std::move(result_);
        }
        for (const Batch& batch : batches) {
            const auto taken = until_not_busy([&] { return take(batch); });
            if (!taken) return unexpected(survey::describe(taken.error()));
            if (!*taken && leaves_out(batch, taken->error())) continue;
            if (!*taken) {
                result_.problem = taken->error();
                break;
            }
            add(**taken);
        }
        if (result_.batches == 0 && !result_.problem) result_.problem = malformed();
        result_.answer.batch = result_.problem ? encode(*result_.problem)
                                               : encode(signed_receipt(receipt_, survey::Signer(parts_.keys.sign)));
        const auto inbox = add_inbox();
        if (!inbox) return unexpected(survey::describe(inbox.error()));
        return std::move(result_);
    }

  private:
    /// As the service does it, in a transaction of its own, which the problem's incident is kept in, too.
    StoreResult<IngestAnswer> take(const Batch& batch) const {
        auto prepared = prepare(batch);
        if (!prepared) return unexpected(prepared.error());
        if (!*prepared) return IngestAnswer(unexpected(prepared->error()));
        return with_tallies(parts_.store,
                            [&](Transaction& transaction, CenterSheets& sheets) -> StoreResult<IngestAnswer> {
                                const auto reference = parts_.references.current(transaction);
                                if (!reference) return unexpected(reference.error());
                                return sync::take(**prepared, **reference, transaction, sheets);
                            });
    }

    /// Before the store is held for writing.
    StoreResult<Expected<PreparedBatch, Problem>> prepare(const Batch& batch) const {
        const auto snapshot = parts_.store.read();
        if (!snapshot) return unexpected(snapshot.error());
        const auto terminal = (*snapshot)->terminals().terminal(result_.label.kiosk);
        if (!terminal) return unexpected(terminal.error());
        if (!is_enrolled(*terminal)) {
            Problem problem;
            problem.kind = ProblemKind::unauthorized;
            problem.detail = "the terminal is not enrolled here, or was revoked";
            return Expected<PreparedBatch, Problem>(unexpected(std::move(problem)));
        }
        const auto reference = parts_.references.current(**snapshot);
        if (!reference) return unexpected(reference.error());
        return Expected<PreparedBatch, Problem>(sync::prepare(batch, **terminal, **reference, parts_.clock.now()));
    }

    /// Behind one that can't be read there may be a gap, and behind that what is stored already.
    bool leaves_out(const Batch& batch, const Problem& problem) {
        if (problem.kind != ProblemKind::gap || result_.left_out.empty()) return false;
        result_.left_out.push_back("the batch from " + std::to_string(batch.header.first_seq) +
                                   " on stands behind one that can't be taken");
        return true;
    }

    /// Nothing could be taken, and this is why.
    [[nodiscard]] Problem malformed() const {
        Problem problem;
        problem.kind = ProblemKind::malformed;
        problem.detail = result_.left_out.front();
        return problem;
    }

    static bool is_enrolled(const std::optional<Terminal>& terminal) { return terminal && terminal->key; }

    /// One receipt for all of them: each batch confirms what came before it.
    void add(const Ingested& ingested) {
        const Receipt& last = ingested.receipt;
        result_.batches += 1;
        result_.quarantined += ingested.quarantined;
        result_.accepted += last.accepted;
        result_.duplicates += last.duplicates;
        receipt_.last_seq = last.last_seq;
        receipt_.last_hash = last.last_hash;
        receipt_.received = last.received;
        receipt_.accepted = result_.accepted;
        receipt_.duplicates = result_.duplicates;
        for (const Quarantined& quarantined : last.quarantined) {
            if (receipt_.quarantined.size() < kQuarantinedMax) receipt_.quarantined.push_back(quarantined);
        }
    }

    /// Only for who is this backend's terminal.
    StoreResult<void> add_inbox() {
        const auto snapshot = parts_.store.read();
        if (!snapshot) return unexpected(snapshot.error());
        const auto terminal = (*snapshot)->terminals().terminal(result_.label.kiosk);
        if (!terminal) return unexpected(terminal.error());
        if (!is_enrolled(*terminal)) return {};
        auto inbox = InboxCache(parts_.references).find(**terminal, **snapshot, survey::local_date(parts_.clock.now()));
        if (!inbox) return unexpected(inbox.error());
        auto body = body_of(*inbox, **terminal, (*snapshot)->texts());
        if (!body) return unexpected(body.error());
        result_.answer.inbox = std::move(*body);
        result_.answer.version = std::move(inbox->etag);
        return {};
    }

    const ImportParts& parts_;
    ImportedBundle result_;
    Receipt receipt_;
};

}  // namespace

Expected<ImportedBundle, std::string> import_bundle(std::string_view bytes, const ImportParts& parts) {
    const auto bundle = open_bundle(bytes, parts.keys.transport);
    if (!bundle) return unexpected(survey::describe(bundle.error()));
    const ReadBatches read = read_batches(*bundle);
    if (read.batches.empty()) return unexpected(read.left_out.front());
    return Import(read, parts).run(read.batches);
}

}  // namespace hailong::sync
