#include "kiosk/app/back_office.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sodium.h>

#include "survey/check.h"

namespace hailong::kiosk {

StoreBackOffice::StoreBackOffice(Setup setup, const survey::Clock& clock, std::function<void()> wake)
    : setup_(std::move(setup)),
      clock_(clock),
      letters_(std::move(wake)),
      inbox_version_(setup_.inbox_version),
      thread_([this] { run(); }) {}

StoreBackOffice::~StoreBackOffice() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void StoreBackOffice::post(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    changed_.notify_all();
}

void StoreBackOffice::check_pin(std::string pin) {
    post([this, pin = std::move(pin)] {
        const bool right =
            !setup_.pin_hash.empty() && crypto_pwhash_str_verify(setup_.pin_hash.c_str(), pin.data(), pin.size()) == 0;
        letters_.put(PinChecked{right});
    });
}

void StoreBackOffice::read_overview(survey::Date first, survey::Date last) {
    post([this, first, last] { letters_.put(OverviewRead{overview(first, last)}); });
}

Journal* StoreBackOffice::journal() {
    if (!journal_) {
        if (auto opened = Journal::open(setup_.journal, setup_.kiosk)) journal_ = std::move(*opened);
    }
    return journal_ ? &*journal_ : nullptr;
}

Inbox* StoreBackOffice::inbox() {
    if (!inbox_) {
        if (auto opened = Inbox::open(setup_.journal)) inbox_ = std::move(*opened);
    }
    return inbox_ ? &*inbox_ : nullptr;
}

Expected<Overview, StoreError> StoreBackOffice::overview(survey::Date first, survey::Date last) {
    auto read = read_overview_from_file(first, last);
    if (read || read.error().kind != StoreErrorKind::corrupt) return read;
    journal_.reset();  // perhaps the saver has put a healed file in its place
    read = read_overview_from_file(first, last);
    if (!read) journal_.reset();
    return read;
}

Expected<Overview, StoreError> StoreBackOffice::read_overview_from_file(survey::Date first, survey::Date last) {
    if (!journal_) {
        auto opened = Journal::open(setup_.journal, setup_.kiosk);
        if (!opened) return unexpected(opened.error());
        journal_ = std::move(*opened);
    }
    auto tallies = journal_->tallies(first, last);
    if (!tallies) return unexpected(tallies.error());
    const auto collected = journal_->collected();
    if (!collected) return unexpected(collected.error());
    const auto delivered = journal_->collected_and_delivered();
    if (!delivered) return unexpected(delivered.error());
    const auto sync = journal_->sync_status();
    if (!sync) return unexpected(sync.error());
    const auto set_aside = journal_->set_aside_count();
    if (!set_aside) return unexpected(set_aside.error());
    auto events = journal_->events();
    if (!events) return unexpected(events.error());
    return Overview{std::move(*tallies), *collected, *delivered, *set_aside, std::move(*events), *sync};
}

void StoreBackOffice::look_at_server_clock() {
    const Journal* open = journal();
    if (open == nullptr) return;
    const auto status = open->sync_status();
    if (!status) journal_.reset();
    if (!status || status->server_offset == server_offset_) return;
    server_offset_ = status->server_offset;
    letters_.put(ServerOffsetRead{server_offset_});
}

void StoreBackOffice::look_into_inbox() {
    const Inbox* open = inbox();
    if (open == nullptr) return;
    const auto version = open->version();
    if (!version) inbox_.reset();
    if (!version || *version == inbox_version_) return;
    auto found = read_inbox_content(*open, survey::local_date(clock_.now()));
    if (!found) return;
    inbox_version_ = found->version;
    letters_.put(ContentFound{std::move(found->content)});
}

void StoreBackOffice::run() {
    const bool ready = sodium_init() >= 0;
    survey::check(ready, "libsodium starts");
    bool ending = false;
    while (!ending) {
        std::vector<std::function<void()>> jobs;
        bool idle = false;
        {
            std::unique_lock lock(mutex_);
            idle = !changed_.wait_for(lock, kInboxPause, [this] { return ending_ || !jobs_.empty(); });
            jobs = std::exchange(jobs_, {});
            ending = ending_;
        }
        for (const auto& job : jobs)
            job();
        if (idle) {
            look_into_inbox();
            look_at_server_clock();
        }
    }
}

bool is_pin(const std::string& text) {
    return text.size() >= kPinDigitsMin && text.size() <= kPinDigitsMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string hash_pin(const std::string& pin) {
    survey::check(sodium_init() >= 0, "libsodium starts");
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    const int failed = crypto_pwhash_str(hash.data(), pin.data(), pin.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                         crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return failed == 0 ? std::string(hash.data()) : std::string();
}

}  // namespace hailong::kiosk
