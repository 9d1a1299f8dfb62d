#include "sync/client/client.h"

#include <algorithm>
#include <utility>

#include "survey/base/json.h"
#include "survey/record.h"
#include "survey/time_evidence.h"
#include "sync/client/documents.h"
#include "sync/client/receipts.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/inbox.h"

namespace hailong::sync {
namespace {

std::string header_line(std::string name, std::string_view value) {
    return name.append(": ").append(value);
}

std::string authorization(const Identity& identity) {
    return header_line("Authorization", "Bearer " + identity.token);
}

/// When the first record from number `seq` on was finished, by the terminal's clock; empty when there is none.
std::optional<survey::UtcTime> finished_at(const kiosk::Journal& journal, std::int64_t seq) {
    const auto entries = journal.read(std::max<std::int64_t>(seq, 1), 1, survey::kRecordBytesMax);
    if (!entries || entries->empty()) return std::nullopt;
    const auto record = survey::decode(entries->front().bytes);
    return record ? std::optional(record->response.finished.utc) : std::nullopt;
}

}  // namespace

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

Client::Client(kiosk::Journal& journal, kiosk::Inbox& inbox, Transport& transport, const survey::Clock& clock,
               Identity identity, ClientSettings settings)
    : journal_(journal),
      inbox_(inbox),
      transport_(transport),
      clock_(clock),
      identity_(std::move(identity)),
      settings_(std::move(settings)),
      records_max_(std::clamp<std::size_t>(settings_.records_max, 1, kBatchRecordsMax)),
      records_now_(records_max_) {
    if (const auto status = journal_.sync_status()) server_offset_ = status->server_offset;
    // A disk that was damaged may have lost it; without it no texts are asked for.
    const auto key = journal_.text_key();
    if (key && *key != identity_.keys.text.bytes) (void)journal_.set_text_key(identity_.keys.text.bytes);
}

Exchange Client::deliver_batch() {
    auto packed = next_batch();
    if (!packed) return note(packed.error(), delivery_error_);
    if (!*packed) {
        delivery_error_.clear();
        return {};
    }
    const Outgoing& out = **packed;
    const Sent sent{out.header.first_seq, out.last_seq, out.header.count};
    const survey::UtcTime before = clock_.now();
    const auto reply = transport_.send({"POST",
                                        batches_path(identity_.kiosk),
                                        {authorization(identity_), "Content-Type: application/x-ndjson",
                                         header_line("Content-Encoding", name(settings_.encoding))},
                                        compress(out.body, settings_.encoding)});
    const survey::UtcTime midway = before + (clock_.now() - before) / 2;
    if (!reply) {
        Exchange failed = later(reply.error().what);
        return note(reply.error().is_cut ? halve(sent, std::move(failed)) : std::move(failed), delivery_error_);
    }
    Exchange exchange = take_reply(sent, *reply, midway);
    if (exchange.outcome == Outcome::progress && out.lost_seq > told_lost_) {
        told_lost_ = out.lost_seq;
        exchange.what += "; the backend lost records up to " + std::to_string(out.lost_seq) +
                         " that this terminal no longer keeps: bring back a newer copy of the backend's data";
        exchange.is_warning = true;
    }
    return note(std::move(exchange), delivery_error_);
}

/// Empty when nothing waits.
Expected<std::optional<Outgoing>, Exchange> Client::next_batch() {
    const auto delivered = journal_.delivered_seq();
    if (!delivered) return unexpected(from_store(delivered.error()));
    if (resend_from_ && *resend_from_ > *delivered) resend_from_.reset();
    auto packed = pack_batch(journal_, {identity_.kiosk, identity_.secret_key, settings_.boot}, clock_, Way::network,
                             resend_from_.value_or(*delivered + 1), records_now_);
    if (packed && !*packed && resend_from_) {
        hopeless_ = *resend_from_ - 1;
        resend_from_.reset();
    }
    return packed;
}

Exchange Client::take_reply(const Sent& sent, const HttpReply& reply, survey::UtcTime midway) {
    if (reply.status == 200) {
        const auto receipt = decode_receipt(reply.body);
        return receipt ? confirm(sent, *receipt, midway) : not_the_backend(reply);
    }
    const auto problem = decode_problem(reply.body);
    // A proxy that finds the body too large says so in its own words; the cure is the same.
    if (reply.status == 413 || (problem && problem->kind == ProblemKind::too_large)) return send_less(sent);
    // A proxy that waited in vain for the body, or for the backend behind it.
    if (!problem && (reply.status == 408 || reply.status == 504)) return halve(sent, not_the_backend(reply));
    if (!problem) return not_the_backend(reply);
    if (problem->kind == ProblemKind::gap) return resend(sent, *problem);
    if (problem->kind == ProblemKind::altered) return other_history(*problem);
    return from_problem(*problem, reply.retry_after_s);
}

/// Of receipts that fit, believes only one that answers what was just sent.
Exchange Client::confirm(const Sent& sent, const Receipt& receipt, survey::UtcTime midway) {
    if (receipt.last_seq < sent.last_seq) {
        return not_believed("it holds records up to " + std::to_string(receipt.last_seq) + ", sent were up to " +
                            std::to_string(sent.last_seq));
    }
    Exchange done = take_receipt(journal_, identity_, receipt, clock_.now());
    if (done.outcome != Outcome::progress) return done;
    gaps_ = 0;
    // Grows by a quarter: on a line that carries no more than this, one batch of four is lost.
    records_now_ = std::min(records_max_, records_now_ + std::max<std::size_t>(1, records_now_ / 4));
    if (resend_from_) resend_from_ = receipt.last_seq + 1;
    server_offset_ = receipt.received - midway;
    started_ = receipt.received - clock_.monotonic().time_since_epoch();
    done.what = range(sent.first_seq, sent.last_seq) + " delivered " + describe_counts(receipt);
    return done;
}

Exchange Client::resend(const Sent& sent, const Problem& problem) {
    const std::int64_t wanted = problem.wanted_seq.value_or(sent.first_seq);
    if (wanted >= sent.first_seq || ++gaps_ > kGapsMax) {
        gaps_ = 0;
        return later("gap: the backend asks for record " + std::to_string(wanted) + " though it was sent " +
                     range(sent.first_seq, sent.last_seq) + "; its answers contradict each other, run verify there");
    }
    resend_from_ = wanted;
    holds_all_ = false;
    return progress("gap: the backend does not hold record " + std::to_string(wanted) + "; sending again from there");
}

Exchange Client::send_less(const Sent& sent) {
    if (sent.count == 1) {
        return person("too_large: even record " + std::to_string(sent.last_seq) +
                      " alone is too large for the backend; raise the limit of the proxy or the backend");
    }
    records_max_ = static_cast<std::size_t>(sent.count) / 2;
    records_now_ = records_max_;
    return progress("too_large: from now on at most " + std::to_string(records_max_) + " records in a batch");
}

Exchange Client::halve(const Sent& sent, Exchange exchange) {
    if (sent.count == 1) return exchange;
    records_now_ = static_cast<std::size_t>(sent.count) / 2;
    exchange.sends_less = true;
    exchange.what += "; it is tried with " + std::to_string(records_now_) + " records at a time";
    return exchange;
}

Expected<bool, Exchange> Client::is_unconfirmed() const {
    const auto delivered = journal_.delivered_seq();
    if (!delivered) return unexpected(from_store(delivered.error()));
    const auto base = journal_.base();
    if (!base) return unexpected(from_store(base.error()));
    return *delivered == 0 && base->seq == 0;
}

Exchange Client::other_history(const Problem& problem) {
    const auto unconfirmed = is_unconfirmed();
    if (!unconfirmed) return unconfirmed.error();
    if (!*unconfirmed || went_on_behind_) return from_problem(problem, 0);
    const auto version = inbox_.version();
    if (!version) return from_store(version.error());
    const auto reply = ask_for_inbox(*version);
    if (!reply) return later(reply.error().what);
    if (!is_signed(*reply) || *reply->stored_seq == 0) return from_problem(problem, 0);
    return go_on_behind(*reply->stored_seq);
}

Exchange Client::go_on_behind(std::int64_t stored_seq) {
    went_on_behind_ = true;
    const auto moved = journal_.renumber_after(stored_seq, {});
    if (!moved) return from_store(moved.error());
    Exchange exchange =
        progress("this terminal's journal was begun anew: the backend holds " + std::to_string(stored_seq) +
                 " numbers of the one before, so this one goes on behind them (" + std::to_string(*moved) +
                 " records numbered anew). Nothing that is here is lost; find out what became of the file before");
    exchange.is_warning = true;
    return exchange;
}

Expected<HttpReply, TransportError> Client::ask_for_inbox(const std::string& version) {
    Request request{"GET",
                    inbox_path(identity_.kiosk),
                    {authorization(identity_), header_line(kStatusHeader, encode(status()))},
                    {}};
    if (!version.empty()) request.headers.push_back("If-None-Match: " + version);
    return transport_.send(request);
}

Exchange Client::refresh_inbox() {
    const auto version = inbox_.version();
    if (!version) return note(from_store(version.error()), inbox_error_);
    const auto reply = ask_for_inbox(*version);
    if (!reply) return note(later("inbox: " + reply.error().what), inbox_error_);
    return note(take_stored_seq(take_inbox_reply(*reply, *version), *reply), inbox_error_);
}

bool Client::is_signed(const HttpReply& reply) const {
    const auto signature = survey::parse_key<survey::Signature>(reply.signature);
    return signature && reply.stored_seq &&
           survey::verifies(inbox_text(identity_.kiosk, reply.etag, *reply.stored_seq, reply.body), *signature,
                            identity_.keys.sign);
}

Exchange Client::take_inbox_reply(const HttpReply& reply, const std::string& version) {
    const Exchange forged = later(
        "inbox: the answer is not signed with the key of this terminal's backend, and is not believed. Check the "
        "backend's address; enrol the terminal anew when that key was replaced");
    if (reply.status == 304 && !version.empty()) return is_signed(reply) ? Exchange{} : forged;
    const auto value = reply.status == 200 ? survey::parse_json(reply.body) : survey::parse_json({});
    // JSON without documents is somebody else's: a network that wants people to log in says so in JSON, too.
    if (value && value->is_object() && value->as_object().contains("documents")) {
        if (!is_signed(reply)) return forged;
        return take_documents(journal_, inbox_, reply.body, reply.etag, clock_.now());
    }
    const auto problem = decode_problem(reply.body);
    Exchange failed = problem ? from_problem(*problem, reply.retry_after_s) : not_the_backend(reply);
    failed.what = "inbox: " + failed.what;
    return failed;
}

/// What an inbox answer says beside: up to which number the backend holds this terminal's records.
Exchange Client::take_stored_seq(Exchange exchange, const HttpReply& reply) {
    holds_all_ = false;
    if ((reply.status != 200 && reply.status != 304) || !is_signed(reply)) return exchange;
    const auto delivered = journal_.delivered_seq();
    if (!delivered) return from_store(delivered.error());
    const auto head = journal_.head();
    if (!head) return from_store(head.error());
    // Before the first visitor gets a number that is taken.
    if (head->seq == 0 && *reply.stored_seq > 0) return go_on_behind(*reply.stored_seq);
    holds_all_ = *reply.stored_seq >= *delivered;
    if (holds_all_ || resend_from_ || hopeless_ == reply.stored_seq) return exchange;
    resend_from_ = *reply.stored_seq + 1;
    exchange.what += (exchange.what.empty() ? "" : "; ") + std::string("the backend holds records up to ") +
                     std::to_string(*reply.stored_seq) + ", but confirmed them up to " + std::to_string(*delivered) +
                     ": sending again what it lost";
    return exchange;
}

Exchange Client::prune() {
    if (!holds_all_ || resend_from_ || !started_ || clock_.monotonic() < prune_next_) return {};
    prune_next_ = clock_.monotonic() + kPruneEvery;
    const survey::UtcTime backends_now = *started_ + clock_.monotonic().time_since_epoch();
    return remove_old(journal_, std::min(backends_now, clock_.now()), settings_.retention);
}

/// As well as it can be known: what the journal does not say is left out.
TerminalStatus Client::status() const {
    TerminalStatus status;
    status.clock_offset = server_offset_;
    status.sync_version = settings_.version;
    if (settings_.disk_free_bytes) status.disk_free_bytes = settings_.disk_free_bytes();
    // Another program wrote it, perhaps a newer one.
    const auto kiosk_version = journal_.kiosk_version();
    if (kiosk_version && is_program_version(*kiosk_version)) status.kiosk_version = *kiosk_version;
    const auto head = journal_.head();
    const auto delivered = journal_.delivered_seq();
    const auto collected = journal_.collected();
    const auto confirmed = journal_.collected_and_delivered();
    const auto quarantined = journal_.quarantined_count();
    if (collected && confirmed) status.waiting = *collected - *confirmed;
    if (head) status.last_visit = finished_at(journal_, head->seq);
    if (delivered) {
        if (const auto oldest = finished_at(journal_, *delivered + 1)) {
            status.oldest_waiting = std::max(clock_.now() - *oldest, survey::milliseconds{0});
        }
    }
    const auto add = [&](bool holds, std::string_view trouble) {
        if (holds) status.troubles.emplace_back(trouble);
    };
    add(server_offset_ && std::chrono::abs(*server_offset_) > survey::kClockTolerance, kTroubleClock);
    add(!delivery_error_.empty(), kTroubleDelivery);
    add(status.disk_free_bytes && *status.disk_free_bytes < kDiskLowBytes, kTroubleDisk);
    add(!head || !delivered || !collected || !confirmed || !quarantined, kTroubleJournal);
    add(quarantined && *quarantined > 0, kTroubleQuarantined);
    return status;
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
        exchange.reopen = exchange.reopen || from_store(noted.error()).reopen;
    }
    return exchange;
}

}  // namespace hailong::sync
