#include "sync/client/offline_bundle.h"

#include <algorithm>
#include <utility>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/client/documents.h"
#include "sync/client/outgoing.h"
#include "sync/client/receipts.h"
#include "sync/protocol/bundle.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

/// From which number the backend asked for records again; empty when it did not.
std::optional<std::int64_t> read_wanted(const OfflineParts& parts) {
    const auto text = survey::read_file(parts.wanted_file);
    if (!text) return std::nullopt;
    const auto value = survey::parse_json(*text);
    if (!value) return std::nullopt;
    survey::Faults faults;
    survey::ObjectReader reader(*value, {}, faults);
    const survey::KioskId kiosk{reader.identifier("kiosk")};
    const std::int64_t wanted = reader.integer("wanted_seq", 1, survey::kSeqMax);
    if (!faults.empty() || kiosk != parts.identity.kiosk) return std::nullopt;
    return wanted;
}

Expected<void, Exchange> write_wanted(const OfflineParts& parts, std::int64_t wanted) {
    const auto written = survey::write_file(
        parts.wanted_file,
        survey::canonical_json(json::object{{"kiosk", parts.identity.kiosk.text}, {"wanted_seq", wanted}}) + '\n');
    if (!written) return unexpected(later(written.error() + "; make room and take the answer again"));
    return {};
}

void forget_wanted(const OfflineParts& parts) {
    std::error_code ignored;  // what stays makes the next bundle larger than it must be, nothing else
    std::filesystem::remove(parts.wanted_file, ignored);
}

struct Packed {
    Bundle bundle;
    std::int64_t lost_seq = 0;
};

/// As many batches from `wanted_seq` on as one bundle takes. Empty when nothing is left.
Expected<std::optional<Packed>, Exchange> pack_bundle(const OfflineParts& parts, std::int64_t wanted_seq) {
    Packed packed;
    BundleLabel& label = packed.bundle.label;
    while (packed.bundle.bodies.size() < kBundleBatchesMax) {
        auto batch = pack_batch(parts.journal, {parts.identity.kiosk, parts.identity.secret_key, parts.boot},
                                parts.clock, Way::offline, wanted_seq, parts.records_max);
        if (!batch) return unexpected(batch.error());
        if (!*batch) break;
        if (packed.bundle.bodies.empty()) label.first_seq = (*batch)->header.first_seq;
        label.last_seq = (*batch)->last_seq;
        wanted_seq = label.last_seq + 1;
        packed.lost_seq = std::max(packed.lost_seq, (*batch)->lost_seq);
        packed.bundle.bodies.push_back(std::move((*batch)->body));
    }
    if (packed.bundle.bodies.empty()) return std::nullopt;
    label.kiosk = parts.identity.kiosk;
    label.created = parts.clock.now();
    label.batches = static_cast<std::int64_t>(packed.bundle.bodies.size());
    return packed;
}

std::string bundle_name(const BundleLabel& label) {
    return "hailong-" + label.kiosk.text + "-" + std::to_string(label.first_seq) + "-" +
           std::to_string(label.last_seq) + ".bundle";
}

/// What the backend holds is known now: whether it wants something again, and from where.
Expected<void, Exchange> note_stored(const OfflineParts& parts, std::int64_t stored_seq) {
    const auto wanted = read_wanted(parts);
    if (!wanted || stored_seq < *wanted) return {};  // an older answer knows less
    const auto delivered = parts.journal.delivered_seq();
    if (!delivered) return unexpected(from_store(delivered.error()));
    if (stored_seq < *delivered) return write_wanted(parts, stored_seq + 1);
    forget_wanted(parts);
    return {};
}

Exchange take_offline_receipt(const OfflineParts& parts, const Receipt& receipt, survey::milliseconds retention) {
    const auto delivered = parts.journal.delivered_seq();
    if (!delivered) return from_store(delivered.error());
    const std::string up_to = "records up to " + std::to_string(receipt.last_seq);
    if (receipt.kiosk == parts.identity.kiosk && receipt.last_seq <= *delivered &&
        is_signed_by(receipt, parts.identity.keys.sign)) {
        const auto noted = note_stored(parts, receipt.last_seq);
        return noted ? Exchange{Outcome::idle, up_to + " were known to be delivered"} : noted.error();
    }
    Exchange done = take_receipt(parts.journal, parts.identity, receipt, parts.clock.now());
    if (done.outcome != Outcome::progress) return done;
    done.what = up_to + " delivered " + describe_counts(receipt);
    const auto noted = note_stored(parts, receipt.last_seq);
    if (!noted) return noted.error();
    kiosk::SyncStatus status;
    if (const auto known = parts.journal.sync_status()) status = *known;
    status.last_attempt = parts.clock.now();
    status.last_success = status.last_attempt;
    status.last_error.clear();
    const auto shown = parts.journal.set_sync_status(status);
    if (!shown) return from_store(shown.error());
    // The backend said when it stored them: by its clock it is later now, and not earlier.
    const Exchange removed = remove_old(parts.journal, std::min(receipt.received, parts.clock.now()), retention);
    if (removed.outcome == Outcome::later || removed.outcome == Outcome::person) return removed;
    if (!removed.what.empty()) done.what += "; " + removed.what;
    return done;
}

Exchange take_offline_problem(const OfflineParts& parts, const Problem& problem) {
    if (problem.kind != ProblemKind::gap || !problem.wanted_seq) return from_problem(problem, 0);
    const auto delivered = parts.journal.delivered_seq();
    if (!delivered) return from_store(delivered.error());
    const std::string asked = "the backend asks for records from " + std::to_string(*problem.wanted_seq) + " on";
    if (*problem.wanted_seq > *delivered) {
        return {Outcome::idle, asked + ": the next bundle begins with " + std::to_string(*delivered + 1)};
    }
    const auto written = write_wanted(parts, *problem.wanted_seq);
    if (!written) return written.error();
    return progress(asked + ": write a bundle again, it begins there");
}

Exchange take_answered_batch(const OfflineParts& parts, std::string_view body, survey::milliseconds retention) {
    if (const auto receipt = decode_receipt(body)) return take_offline_receipt(parts, *receipt, retention);
    if (const auto problem = decode_problem(body)) return take_offline_problem(parts, *problem);
    return person("the answer can't be understood: install the same version at both ends");
}

int severity(Outcome outcome) {
    switch (outcome) {
        case Outcome::idle:
            return 0;
        case Outcome::progress:
            return 1;
        case Outcome::later:
            return 2;
        case Outcome::person:
            return 3;
    }
    return 3;
}

/// Both in one, the worse outcome leading.
Exchange joined(Exchange one, const Exchange& other) {
    if (!other.what.empty()) one.what += (one.what.empty() ? "" : "; ") + other.what;
    if (severity(other.outcome) > severity(one.outcome)) one.outcome = other.outcome;
    one.barred = std::max(one.barred, other.barred);
    one.reopen = one.reopen || other.reopen;
    return one;
}

}  // namespace

std::filesystem::path wanted_file(const std::filesystem::path& identity_file) {
    return identity_file.string() + ".wanted";
}

Exchange export_bundles(const OfflineParts& parts, const std::filesystem::path& folder) {
    const auto delivered = parts.journal.delivered_seq();
    if (!delivered) return from_store(delivered.error());
    std::int64_t next = std::min(read_wanted(parts).value_or(*delivered + 1), *delivered + 1);
    Exchange done;
    while (true) {
        const auto packed = pack_bundle(parts, next);
        if (!packed) return joined(done, packed.error());
        if (!*packed) break;
        const Bundle& bundle = (*packed)->bundle;
        const std::filesystem::path file = folder / bundle_name(bundle.label);
        const auto written = survey::write_file(file, encode_bundle(bundle, parts.identity.keys.transport));
        if (!written) {
            return joined(done,
                          later(written.error() + "; check that the folder's disk is there, writable and not full"));
        }
        done = joined(done,
                      progress(range(bundle.label.first_seq, bundle.label.last_seq) + " written to " + file.string()));
        if ((*packed)->lost_seq > 0) {
            done.what += "; the backend asks for records up to " + std::to_string((*packed)->lost_seq) +
                         " that this terminal no longer keeps: bring back a newer copy of the backend's data";
            done.is_warning = true;
        }
        next = bundle.label.last_seq + 1;
    }
    if (done.outcome == Outcome::idle) done.what = "nothing waits: no bundle was written";
    return done;
}

Exchange accept_answer(const OfflineParts& parts, kiosk::Inbox& inbox, std::string_view bytes,
                       survey::milliseconds retention) {
    const auto answer = decode_answer(bytes, parts.identity.keys.sign);
    if (!answer) return person(survey::describe(answer.error()));
    if (answer->kiosk != parts.identity.kiosk) {
        return person("the answer is for terminal \"" + answer->kiosk.text + "\", this is terminal \"" +
                      parts.identity.kiosk.text + "\": take it there");
    }
    const Exchange batch = take_answered_batch(parts, answer->batch, retention);
    if (answer->inbox.empty()) return batch;
    if (!survey::parse_json(answer->inbox)) {
        return joined(batch, person("inbox: kept as it was: what came down is no JSON; make the answer again"));
    }
    return joined(batch, take_documents(parts.journal, inbox, answer->inbox, answer->version, parts.clock.now()));
}

}  // namespace hailong::sync
