// What the loop must not wait for besides saving: checking the staff's PIN, counting for the staff screen, looking
// into the inbox for new content. One thread, own connections, reports by letters.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "kiosk/app/content.h"
#include "kiosk/app/mailbox.h"
#include "kiosk/app/tally_span.h"
#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"

namespace hailong::kiosk {

/// Of what staff want these days counted: the visits alone, with the rows of counters, fields and beginnings, or the
/// officers and nothing else. REQUIRES, but of the whole: whole calendar months.
enum class TallyOf { whole, rows, officers };

/// What staff want counted.
struct TallyQuery {
    Days days;
    TallyOf of = TallyOf::whole;
    bool operator==(const TallyQuery&) const = default;
};

/// Officers by month, so that whoever shows them can tell what a sum would give away.
struct OfficerMonth {
    Month month{};
    std::vector<PeriodTally> officers;
    bool operator==(const OfficerMonth&) const = default;
};

/// What the journal counted for a query.
struct TallySheet {
    TallyQuery query;
    survey::Date today{};                                            // when it was read
    std::map<survey::QuestionnaireId, std::int64_t> received_today;  // responses, the flagged ones too
    // Before today, in order, of every calendar month that holds some of query.days: which days may be told of depends
    // on those before them in the month.
    std::vector<DayTally> days;
    std::vector<OfficerMonth> officers;  // of every month of an officers' query
    bool operator==(const TallySheet&) const = default;
};

/// What the journal and its disk know about the terminal.
struct Overview {
    std::int64_t collected = 0;
    std::int64_t delivered = 0;
    std::int64_t quarantined = 0;    // kept by the backend, not counted yet
    std::vector<StoreEvent> events;  // what happened to the store, oldest first
    SyncStatus sync;
    std::optional<std::int64_t> disk_free_bytes;  // where the journal is; empty: the disk does not say
    std::int64_t log_bytes = 0;                   // of SQLite's log beside the journal
    bool operator==(const Overview&) const = default;
};

// Letters.
struct PinChecked {
    bool right = false;
};
struct OverviewRead {
    Expected<Overview, StoreError> overview;
};
struct TalliesRead {
    TallyQuery query;
    Expected<TallySheet, StoreError> sheet;
};
struct ContentFound {
    Expected<Content, std::string> content;
};
struct ServerOffsetRead {
    std::optional<survey::milliseconds> offset;
};
/// Whether the day that the clock says can be believed; told when that changes.
struct DayDoubted {
    DayDoubt doubt = DayDoubt::none;
};
/// Whether the journal holds a key to seal text with: only then is free text asked for.
struct TextKeyRead {
    bool there = false;
};
using ReaderLetter =
    std::variant<PinChecked, OverviewRead, TalliesRead, ContentFound, ServerOffsetRead, TextKeyRead, DayDoubted>;

/// What the loop knows of it; the fake in tests keeps the same promises.
class BackgroundReader {
  public:
    virtual ~BackgroundReader() = default;
    // Requests never block; each is answered by one letter.
    virtual void check_pin(std::string pin) = 0;
    virtual void read_overview() = 0;
    virtual void read_tallies(const TallyQuery& query) = 0;
    [[nodiscard]] virtual std::vector<ReaderLetter> take_letters() = 0;
};

/// How often the inbox is looked at for new content.
inline constexpr std::chrono::milliseconds kInboxPause{5'000};
/// The first time: soon, but not while the terminal starts.
inline constexpr std::chrono::milliseconds kFirstLook{500};

class JournalBackgroundReader final : public BackgroundReader {
  public:
    struct Setup {
        std::filesystem::path journal;
        survey::KioskId kiosk;
        std::string pin_hash;              // Argon2id
        std::string inbox_version;         // of the content in use; empty when it came from files
        survey::Questionnaire asked = {};  // by that content
    };
    JournalBackgroundReader(Setup setup, const survey::Clock& clock, std::function<void()> wake);
    ~JournalBackgroundReader() override;
    JournalBackgroundReader(const JournalBackgroundReader&) = delete;
    JournalBackgroundReader& operator=(const JournalBackgroundReader&) = delete;

    void check_pin(std::string pin) override;
    void read_overview() override;
    void read_tallies(const TallyQuery& query) override;
    [[nodiscard]] std::vector<ReaderLetter> take_letters() override { return letters_.take(); }

  private:
    void run();
    void post(std::function<void()> job);
    /// What `read` finds in the journal; once more from the file's path when that turns out to be damaged.
    template <class Value>
    [[nodiscard]] Expected<Value, StoreError> from_file(
        const std::function<Expected<Value, StoreError>(const Journal&)>& read);
    [[nodiscard]] Expected<Overview, StoreError> overview_of(const Journal& journal) const;
    void look_into_inbox();
    void look_at_server_clock();
    void look_for_text_key();
    void look_at_day();
    /// As of the newest records; empty while they can't be read.
    [[nodiscard]] const LastKnown& last();
    // Open from the first use on, and anew after the file was replaced; null while it can't be opened. The saver
    // repairs it and reports a sick disk.
    [[nodiscard]] Journal* journal();
    [[nodiscard]] Inbox* inbox();

    Setup setup_;
    const survey::Clock& clock_;
    Mailbox<ReaderLetter> letters_;
    // The thread's own.
    std::optional<Journal> journal_;
    std::optional<Inbox> inbox_;
    std::string inbox_version_;
    std::optional<survey::milliseconds> server_offset_;  // as last told
    bool text_key_there_ = false;                        // as last told
    DayDoubt day_doubt_ = DayDoubt::none;                // as last told
    LastKnown last_;
    std::int64_t last_seq_ = -1;  // what `last_` was read at

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> jobs_;  // guarded by mutex_
    bool ending_ = false;                      // guarded by mutex_
    std::thread thread_;
};

/// Argon2id with libsodium's interactive limits (about 0.07 s and 64 MiB): what kiosk.toml holds instead of the PIN.
/// Empty when the system has too little memory.
[[nodiscard]] std::string hash_pin(const std::string& pin);

/// 4 to 12 digits.
[[nodiscard]] bool is_pin(const std::string& text);
inline constexpr std::size_t kPinDigitsMin = 4;
inline constexpr std::size_t kPinDigitsMax = 12;

}  // namespace hailong::kiosk
