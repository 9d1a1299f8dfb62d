#include "sync/client/client.h"

#include <algorithm>
#include <set>
#include <utility>

#include "survey/center.h"
#include "survey/check.h"
#include "survey/json.h"
#include "survey/questionnaire.h"
#include "sync/protocol/endpoints.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using kiosk::JournalEntry;
using kiosk::StoreError;
using kiosk::StoreErrorKind;
using survey::Digest;
using survey::Faults;

/// Room for the header and the line feeds, so that full batches stay within kBatchBytesMax.
constexpr std::size_t kRecordBytesInBatchMax = kBatchBytesMax - kHeaderBytesMax - kBatchRecordsMax;

Exchange later(std::string what, int retry_after_s = 0) {
    return {Outcome::later, std::move(what), {}, retry_after_s};
}
Exchange person(std::string what) {
    return {Outcome::person, std::move(what), {}, 0};
}
Exchange progress(std::string what) {
    return {Outcome::progress, std::move(what), {}, 0};
}

Exchange from_store(const StoreError& error) {
    const bool passes =
        error.kind == StoreErrorKind::busy || error.kind == StoreErrorKind::full || error.kind == StoreErrorKind::io;
    return {passes ? Outcome::later : Outcome::person, kiosk::describe(error), {}, 0};
}

std::string range(std::int64_t first, std::int64_t last) {
    return "records " + std::to_string(first) + " to " + std::to_string(last);
}

/// A peer's words as they may stand in a log line: short, on one line, not cut within a character.
std::string one_line(std::string_view text) {
    std::size_t end = std::min(text.size(), kQuotedBytesMax);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u)
        end -= 1;
    std::string clean(text.substr(0, end));
    std::replace_if(
        clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return clean;
}

std::string authorization(const ClientSettings& settings) {
    return "Authorization: Bearer " + settings.token;
}

/// Something answered that is not the backend, or not as it should: a login page of the network, a proxy, a wrong path.
Exchange not_the_backend(const HttpReply& reply) {
    std::string what = "the answer (status " + std::to_string(reply.status) + ", \"" + one_line(reply.content_type) +
                       "\") is none of the backend's; ";
    if (reply.status >= 300 && reply.status < 400) {
        what += "it points elsewhere, which is not followed: check the backend's address in the configuration";
    } else if (reply.status == 404) {
        what += "check the backend's address in the configuration";
    } else {
        what += "check whether the network asks to log in first, or a proxy stands between";
    }
    return later(std::move(what), reply.retry_after_s);
}

Exchange from_problem(const Problem& problem, const HttpReply& reply) {
    const std::string said = std::string(name(problem.kind)) + ": " + one_line(problem.detail) + "; ";
    switch (problem.kind) {
        case ProblemKind::malformed:
            return person(said + "the backend can't read what this program sends: install the same version on both");
        case ProblemKind::unauthorized:
            return person(said + "the backend does not know this terminal's token: enrol the terminal anew");
        case ProblemKind::forbidden:
            return person(said + "the token is another terminal's: correct the terminal's id or its token");
        case ProblemKind::unsupported:
            return person(said + "the backend speaks another version: install the same version on both");
        case ProblemKind::altered:
            return person(said + "record " + std::to_string(problem.seq.value_or(0)) +
                          " differs between this terminal and the backend: keep both files as they are, run verify at "
                          "both ends, and compare");
        case ProblemKind::chain_mismatch:
            return later(said + "damaged on the way, it is sent again");
        case ProblemKind::gap:
        case ProblemKind::too_large:
        case ProblemKind::overloaded:
        case ProblemKind::internal:
            break;
    }
    return later(said + "it is tried again", reply.retry_after_s);
}

struct Inboxed {
    std::vector<kiosk::Document> documents;
    Faults faults;
};

/// What a document must be by its name; names that are not known yet are kept for a newer kiosk.
void check_document(const kiosk::Document& document, survey::Catalog& catalog, std::optional<survey::Center>& center,
                    Faults& faults) {
    const auto add = [&](Faults found) {
        for (survey::Fault& fault : found) {
            fault.place = document.name + (fault.place.empty() ? "" : ": " + fault.place);
            faults.push_back(std::move(fault));
        }
    };
    if (document.name == "center") {
        auto parsed = survey::parse_center(document.body);
        if (parsed) {
            center = std::move(*parsed);
        } else {
            add(parsed.error());
        }
    } else if (document.name.rfind("questionnaire/", 0) == 0) {
        auto parsed = survey::parse_questionnaire(document.body);
        if (!parsed) return add(parsed.error());
        const std::string named = "questionnaire/" + parsed->ref.id.text + "/" + std::to_string(parsed->ref.version);
        if (named != document.name) return add({{"", "holds " + named, "name it so"}});
        const auto added = catalog.add(std::move(*parsed));
        if (!added) add(added.error());
    }
}

Inboxed read_documents(std::string_view body, survey::UtcTime received) {
    Inboxed result;
    const auto value = survey::parse_json(body);
    if (!value) {
        result.faults = value.error();
        return result;
    }
    survey::ObjectReader reader(*value, {}, result.faults);
    const json::array& list = reader.list("documents");
    if (list.size() > kDocumentsMax) {
        reader.fault("documents", "are more than " + std::to_string(kDocumentsMax), "send what this terminal needs");
        return result;
    }
    std::set<std::string> names;
    survey::Catalog catalog;
    std::optional<survey::Center> center;
    for (std::size_t i = 0; i < list.size(); ++i) {
        survey::ObjectReader entry(list[i], "documents[" + std::to_string(i) + "]", result.faults);
        kiosk::Document document;
        document.name = entry.text("name");
        document.received = received;
        if (!names.insert(document.name).second) entry.fault("name", "stands twice", "send each document once");
        if (!entry.has("body") || !entry.find("body")->is_object()) {
            entry.fault("body", "is not an object", "send the document as JSON");
            continue;
        }
        document.body = json::serialize(*entry.find("body"));
        check_document(document, catalog, center, result.faults);
        result.documents.push_back(std::move(document));
    }
    if (!result.faults.empty()) return result;
    result.faults = catalog.check_references();
    if (center) {
        const bool is_there =
            std::any_of(catalog.all().begin(), catalog.all().end(),
                        [&](const survey::Questionnaire& known) { return known.ref.id == center->questionnaire; });
        if (!is_there) {
            result.faults.push_back({"center: questionnaire",
                                     "\"" + center->questionnaire.text + "\" is not among them",
                                     "send the questionnaire that the center asks"});
        }
    }
    return result;
}

}  // namespace

Client::Client(kiosk::Journal& journal, kiosk::Inbox& inbox, Transport& transport, const survey::Clock& clock,
               ClientSettings settings)
    : journal_(journal),
      inbox_(inbox),
      transport_(transport),
      clock_(clock),
      settings_(std::move(settings)),
      records_max_(std::clamp<std::size_t>(settings_.records_max, 1, kBatchRecordsMax)) {
    if (const auto status = journal_.sync_status()) server_offset_ = status->server_offset;
}

Exchange Client::deliver_batch() {
    auto sent = next_batch();
    if (!sent) return note(sent.error(), delivery_error_);
    if (!*sent) {
        delivery_error_.clear();
        return {};
    }
    const survey::UtcTime before = clock_.now();
    const auto reply = transport_.send({"POST",
                                        batches_path(settings_.kiosk),
                                        {authorization(settings_), "Content-Type: application/x-ndjson",
                                         "Content-Encoding: " + std::string(name(settings_.encoding))},
                                        std::move((*sent)->body)});
    const survey::UtcTime midway = before + (clock_.now() - before) / 2;
    if (!reply) return note(later(reply.error().what), delivery_error_);
    return note(judge(**sent, *reply, midway), delivery_error_);
}

/// Empty when nothing waits.
Expected<std::optional<Client::Outgoing>, Exchange> Client::next_batch() {
    const auto head = journal_.head();
    if (!head) return unexpected(from_store(head.error()));
    const auto delivered = journal_.delivered_seq();
    if (!delivered) return unexpected(from_store(delivered.error()));
    if (resend_from_ && *resend_from_ > *delivered) resend_from_.reset();
    const std::int64_t first_seq = resend_from_.value_or(*delivered + 1);
    if (first_seq > head->seq) return std::nullopt;

    const auto entries = read_waiting(first_seq);
    if (!entries) return unexpected(entries.error());
    Outgoing out;
    out.last_seq = entries->back().seq;
    out.header.kiosk = settings_.kiosk;
    out.header.first_seq = first_seq;
    out.header.count = static_cast<std::int64_t>(entries->size());
    out.header.last_hash = entries->back().hash;
    out.header.sent = clock_.now();
    out.header.counters = {head->seq, *delivered};
    Digest before = survey::kChainStart;
    if (first_seq > 1) {
        const auto held = journal_.hash_at(first_seq - 1);
        if (!held) return unexpected(from_store(held.error()));
        if (!*held)
            return unexpected(person("record " + std::to_string(first_seq - 1) +
                                     " is missing in this terminal's journal: run verify, call support"));
        before = **held;
    }
    out.header.previous_hash = before;
    std::vector<std::string> records;
    records.reserve(entries->size());
    for (const JournalEntry& entry : *entries) {
        before = survey::chain(before, entry.bytes);
        if (entry.seq != first_seq + static_cast<std::int64_t>(records.size()) || before != entry.hash) {
            return unexpected(person("record " + std::to_string(entry.seq) +
                                     " does not follow the one before it: this terminal's journal was changed from "
                                     "outside; keep the file as it is and call support"));
        }
        records.push_back(entry.bytes);
    }
    out.body = compress(encode_batch(out.header, records), settings_.encoding);
    return out;
}

Expected<std::vector<JournalEntry>, Exchange> Client::read_waiting(std::int64_t first_seq) const {
    auto entries = journal_.read(first_seq, records_max_, kRecordBytesInBatchMax);
    if (!entries) return unexpected(from_store(entries.error()));
    if (entries->empty()) {
        return unexpected(person("record " + std::to_string(first_seq) +
                                 " is missing in this terminal's journal: run verify, call support"));
    }
    return std::move(*entries);
}

Exchange Client::judge(const Outgoing& sent, const HttpReply& reply, survey::UtcTime midway) {
    if (reply.status == 200) {
        const auto receipt = decode_receipt(reply.body);
        return receipt ? confirm(sent, *receipt, midway) : not_the_backend(reply);
    }
    const auto problem = decode_problem(reply.body);
    // A proxy that finds the body too large says so in its own words; the cure is the same.
    if (reply.status == 413 || (problem && problem->kind == ProblemKind::too_large)) return send_less(sent);
    if (!problem) return not_the_backend(reply);
    if (problem->kind == ProblemKind::gap) return resend(sent, *problem);
    return from_problem(*problem, reply);
}

/// Believes a receipt only when it says what the journal says.
Exchange Client::confirm(const Outgoing& sent, const Receipt& receipt, survey::UtcTime midway) {
    const auto untrusted = [&](const std::string& why) {
        return later("the receipt is not believed: " + why +
                     "; nothing was marked as delivered. Check the backend's address, and run verify at both ends");
    };
    if (receipt.kiosk != settings_.kiosk) return untrusted("it names terminal \"" + receipt.kiosk.text + "\"");
    if (receipt.last_seq < sent.last_seq) {
        return untrusted("it holds records up to " + std::to_string(receipt.last_seq) + ", sent were up to " +
                         std::to_string(sent.last_seq));
    }
    const auto own = journal_.hash_at(receipt.last_seq);
    if (!own) return from_store(own.error());
    if (!*own) {
        return untrusted("it holds record " + std::to_string(receipt.last_seq) + ", which this terminal does not have");
    }
    if (**own != receipt.last_hash) {
        return untrusted("its chain value at record " + std::to_string(receipt.last_seq) + " is not this terminal's");
    }
    const auto marked = journal_.mark_delivered(receipt.last_seq);
    if (!marked) return from_store(marked.error());
    gaps_ = 0;
    if (resend_from_) resend_from_ = receipt.last_seq + 1;
    server_offset_ = receipt.received - midway;
    Exchange done = progress(range(sent.header.first_seq, sent.last_seq) + " delivered (" +
                             std::to_string(receipt.accepted) + " new, " + std::to_string(receipt.duplicates) +
                             " held before, " + std::to_string(receipt.set_aside.size()) + " set aside)");
    done.set_aside = receipt.set_aside;
    return done;
}

Exchange Client::resend(const Outgoing& sent, const Problem& problem) {
    const std::int64_t wanted = problem.wanted_seq.value_or(sent.header.first_seq);
    if (wanted >= sent.header.first_seq || ++gaps_ > kGapsMax) {
        gaps_ = 0;
        return later("gap: the backend asks for record " + std::to_string(wanted) + " though it was sent " +
                     range(sent.header.first_seq, sent.last_seq) +
                     "; its answers contradict each other, run verify there");
    }
    resend_from_ = wanted;
    return progress("gap: the backend does not hold record " + std::to_string(wanted) + "; sending again from there");
}

Exchange Client::send_less(const Outgoing& sent) {
    const auto count = static_cast<std::size_t>(sent.header.count);
    if (count == 1) {
        return person("too_large: even record " + std::to_string(sent.last_seq) +
                      " alone is too large for the backend; raise the limit of the proxy or the backend");
    }
    records_max_ = count / 2;
    return progress("too_large: from now on at most " + std::to_string(records_max_) + " records in a batch");
}

Exchange Client::refresh_inbox() {
    const auto version = inbox_.version();
    if (!version) return note(from_store(version.error()), inbox_error_);
    HttpRequest request{"GET", inbox_path(settings_.kiosk), {authorization(settings_)}, {}};
    if (!version->empty()) request.headers.push_back("If-None-Match: " + *version);
    const auto reply = transport_.send(request);
    if (!reply) return note(later("inbox: " + reply.error().what), inbox_error_);
    if (reply->status == 304 && !version->empty()) return note({}, inbox_error_);
    if (reply->status == 200) return note(take_documents(*reply), inbox_error_);
    const auto problem = decode_problem(reply->body);
    Exchange failed = problem ? from_problem(*problem, *reply) : not_the_backend(*reply);
    failed.what = "inbox: " + failed.what;
    return note(std::move(failed), inbox_error_);
}

Exchange Client::take_documents(const HttpReply& reply) {
    if (!survey::parse_json(reply.body)) {
        Exchange failed = not_the_backend(reply);
        failed.what = "inbox: " + failed.what;
        return failed;
    }
    const Inboxed inboxed = read_documents(reply.body, clock_.now());
    if (!inboxed.faults.empty()) {
        return person("inbox: kept as it was, because what came down is broken: " + survey::describe(inboxed.faults) +
                      "; correct it at the backend");
    }
    const auto replaced = inbox_.replace(inboxed.documents, reply.etag);
    if (!replaced) return from_store(replaced.error());
    return progress("inbox: replaced by " + std::to_string(inboxed.documents.size()) + " documents");
}

Exchange Client::note(Exchange exchange, std::string& error) {
    const bool failed = exchange.outcome == Outcome::later || exchange.outcome == Outcome::person;
    error = failed ? exchange.what : std::string();
    kiosk::SyncStatus status;
    if (const auto known = journal_.sync_status()) status = *known;
    status.last_attempt = clock_.now();
    if (!failed) status.last_success = status.last_attempt;
    // An inbox that came down does not hide that records can't go up.
    status.last_error = delivery_error_.empty() ? inbox_error_ : delivery_error_;
    status.server_offset = server_offset_;
    const auto noted = journal_.set_sync_status(status);
    if (!noted) {
        if (!exchange.what.empty()) exchange.what += "; ";
        exchange.what += "the state for the staff screen was not noted: " + kiosk::describe(noted.error());
    }
    return exchange;
}

}  // namespace hailong::sync
