#include "kiosk/app/background_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <sodium.h>
#include <spdlog/spdlog.h>

#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

/// The days before today of the months that hold these.
Expected<std::vector<DayTally>, StoreError> days_before_today(const Journal& journal, const TallySheet& sheet) {
    const std::vector<Month> months = months_of(sheet.query.days);
    const survey::Date yesterday{std::chrono::sys_days{sheet.today} - std::chrono::days{1}};
    const survey::Date first = months.front() / 1;
    const survey::Date last = std::min(survey::Date{months.back() / std::chrono::last}, yesterday);
    if (first > last) return std::vector<DayTally>{};
    auto days = journal.tallies(first, last);
    if (!days) return unexpected(days.error());
    if (sheet.query.of == TallyOf::whole)
        std::erase_if(*days, [](const DayTally& one) { return one.subject.kind != survey::SubjectKind::visit; });
    return std::move(*days);
}

Expected<TallySheet, StoreError> tally_sheet(const Journal& journal, const TallyQuery& query, survey::Date today) {
    TallySheet sheet;
    sheet.query = query;
    sheet.today = today;
    auto received = journal.tallies(today, today);
    if (!received) return unexpected(received.error());
    for (const DayTally& one : *received) {
        if (one.subject.kind == survey::SubjectKind::visit)
            sheet.received_today[one.questionnaire.id] += one.tally.responses;
    }
    if (query.of == TallyOf::officers) {
        for (const Month month : months_of(query.days)) {
            auto found = journal.officer_tallies(month, month);
            if (!found) return unexpected(found.error());
            sheet.officers.push_back({month, std::move(*found)});
        }
        return sheet;
    }
    auto days = days_before_today(journal, sheet);
    if (!days) return unexpected(days.error());
    sheet.days = std::move(*days);
    return sheet;
}

}  // namespace

JournalBackgroundReader::JournalBackgroundReader(Setup setup, const survey::Clock& clock, std::function<void()> wake)
    : setup_(std::move(setup)),
      clock_(clock),
      letters_(std::move(wake)),
      inbox_version_(setup_.inbox_version),
      thread_([this] { run(); }) {}

JournalBackgroundReader::~JournalBackgroundReader() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void JournalBackgroundReader::post(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    changed_.notify_all();
}

void JournalBackgroundReader::check_pin(std::string pin) {
    post([this, pin = std::move(pin)] {
        const bool right =
            !setup_.pin_hash.empty() && crypto_pwhash_str_verify(setup_.pin_hash.c_str(), pin.data(), pin.size()) == 0;
        letters_.put(PinChecked{right});
    });
}

void JournalBackgroundReader::read_overview() {
    post([this] {
        const auto read = [this](const Journal& journal) { return overview_of(journal); };
        letters_.put(OverviewRead{from_file<Overview>(read)});
    });
}

void JournalBackgroundReader::read_tallies(const TallyQuery& query) {
    post([this, query] {
        const survey::Date today = survey::local_date(clock_.now());
        const auto read = [&](const Journal& journal) { return tally_sheet(journal, query, today); };
        letters_.put(TalliesRead{query, from_file<TallySheet>(read)});
    });
}

Journal* JournalBackgroundReader::journal() {
    if (!journal_) {
        if (auto opened = Journal::open(setup_.journal, setup_.kiosk)) journal_ = std::move(*opened);
    }
    return journal_ ? &*journal_ : nullptr;
}

Inbox* JournalBackgroundReader::inbox() {
    if (!inbox_) {
        if (auto opened = Inbox::open(setup_.journal)) inbox_ = std::move(*opened);
    }
    return inbox_ ? &*inbox_ : nullptr;
}

template <class Value>
Expected<Value, StoreError> JournalBackgroundReader::from_file(
    const std::function<Expected<Value, StoreError>(const Journal&)>& read) {
    const auto once = [&]() -> Expected<Value, StoreError> {
        if (!journal_) {
            auto opened = Journal::open(setup_.journal, setup_.kiosk);
            if (!opened) return unexpected(opened.error());
            journal_ = std::move(*opened);
        }
        return read(*journal_);
    };
    auto found = once();
    if (found || found.error().kind != StoreErrorKind::corrupt) return found;
    journal_.reset();  // perhaps the saver has put a repaired file in its place
    found = once();
    if (!found) journal_.reset();
    return found;
}

Expected<Overview, StoreError> JournalBackgroundReader::overview_of(const Journal& journal) const {
    const auto collected = journal.collected();
    if (!collected) return unexpected(collected.error());
    const auto delivered = journal.collected_and_delivered();
    if (!delivered) return unexpected(delivered.error());
    const auto sync = journal.sync_status();
    if (!sync) return unexpected(sync.error());
    const auto quarantined = journal.quarantined_count();
    if (!quarantined) return unexpected(quarantined.error());
    auto events = journal.events();
    if (!events) return unexpected(events.error());
    Overview overview{*collected, *delivered, *quarantined, std::move(*events), *sync, {}, 0};
    std::error_code unknown;
    // Beside the file itself, also where the journal is a link to it.
    const auto file = std::filesystem::canonical(setup_.journal, unknown);
    const auto log = std::filesystem::file_size(file.string() + "-wal", unknown);
    if (!unknown) overview.log_bytes = static_cast<std::int64_t>(log);
    unknown.clear();
    const auto space = std::filesystem::space(setup_.journal.parent_path(), unknown);
    if (!unknown) overview.disk_free_bytes = static_cast<std::int64_t>(space.available);
    return overview;
}

void JournalBackgroundReader::look_at_server_clock() {
    const Journal* open = journal();
    if (open == nullptr) return;
    const auto status = open->sync_status();
    if (!status) journal_.reset();
    if (!status || status->server_offset == server_offset_) return;
    server_offset_ = status->server_offset;
    letters_.put(ServerOffsetRead{server_offset_});
}

void JournalBackgroundReader::look_for_text_key() {
    const Journal* open = journal();
    if (open == nullptr) return;
    const auto key = open->text_key();
    if (!key) journal_.reset();
    if (!key || key->has_value() == text_key_there_) return;
    text_key_there_ = key->has_value();
    letters_.put(TextKeyRead{text_key_there_});
}

void JournalBackgroundReader::look_into_inbox() {
    const Inbox* open = inbox();
    if (open == nullptr) return;
    const auto version = open->version();
    if (!version) inbox_.reset();
    if (!version || *version == inbox_version_) return;
    auto found = read_inbox_content(*open, survey::local_date(clock_.now()), last());
    if (!found) return;
    inbox_version_ = found->version;
    if (found->content) setup_.asked = found->content->questionnaire;
    letters_.put(ContentFound{std::move(found->content)});
}

const LastKnown& JournalBackgroundReader::last() {
    const Journal* open = journal();
    const auto head = open != nullptr ? open->head() : StoreResult<ChainHead>(ChainHead{});
    if (!head) journal_.reset();
    if (head && head->seq != last_seq_ && open != nullptr) {
        last_ = last_known(*open);
        last_seq_ = head->seq;
    }
    return last_;
}

void JournalBackgroundReader::look_at_day() {
    const survey::Date day = survey::local_date(clock_.now());
    const DayDoubt doubt = doubt_of(day, last(), setup_.asked);
    if (doubt == day_doubt_) return;
    day_doubt_ = doubt;
    switch (doubt) {
        case DayDoubt::none:
            spdlog::info("the clock says {}, which can be believed again", survey::to_string(day));
            break;
        case DayDoubt::behind:
            spdlog::warn(
                "the clock says {}, but records here are of {}: it is wrong. Answers are kept, and the "
                "questionnaire asked last is asked on; set the clock, and replace the machine's battery",
                survey::to_string(day), survey::to_string(*last_.day));
            break;
        case DayDoubt::no_form:
            spdlog::warn(
                "no version of questionnaire \"{}\" is in effect on {}. Answers are kept, and version {} is "
                "asked on; set the clock if that day is wrong, send a newer version if it is right",
                setup_.asked.ref.id.text, survey::to_string(day), setup_.asked.ref.version);
            break;
    }
    letters_.put(DayDoubted{doubt});
}

void JournalBackgroundReader::run() {
    const bool ready = sodium_init() >= 0;
    survey::check(ready, "libsodium starts");
    bool ending = false;
    std::chrono::milliseconds pause = kFirstLook;
    while (!ending) {
        std::vector<std::function<void()>> jobs;
        bool idle = false;
        {
            std::unique_lock lock(mutex_);
            idle = !changed_.wait_for(lock, std::exchange(pause, kInboxPause),
                                      [this] { return ending_ || !jobs_.empty(); });
            jobs = std::exchange(jobs_, {});
            ending = ending_;
        }
        for (const auto& job : jobs)
            job();
        if (idle) {
            look_into_inbox();
            look_at_server_clock();
            look_for_text_key();
            look_at_day();
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
