// The shipped request handler, writer and store over a data folder of its own, which can be backed up, put back, lost
// and damaged.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "sync/backend/http/message.h"
#include "sync/backend/store/store.h"
#include "sync/backend/terminals/keys.h"
#include "tests/sim/chance.h"
#include "tests/sim/world.h"

namespace hailong::sim {

class Backend {
  public:
    Backend(const std::filesystem::path& folder, const survey::UtcTime& truth, std::uint64_t seed);
    ~Backend();

    [[nodiscard]] sync::HttpResponse answer(sync::HttpRequest request);

    void restart();
    /// While it serves.
    void back_up();
    /// How old the backup is, in truth; empty when there is none.
    [[nodiscard]] std::optional<survey::milliseconds> backup_age() const;
    /// The data folder is moved away, and the backup put into a new one.
    void restore();

    /// What can happen to the store's files while it serves.
    enum class Loss { file_removed, log_removed, file_cut, file_emptied, file_swapped, folder_moved };
    static constexpr std::int64_t kLosses = 6;
    void lose(Loss loss, Chance& chance);
    /// As people do who are told that the store is lost: it is started anew where `verify` finds nothing wrong with
    /// what is there, and otherwise the backup is put back. True: that was needed.
    bool recover();

    /// One byte of one key file is changed. Whether the keys would still be taken, and are others; it is then mended.
    [[nodiscard]] bool takes_other_keys_when_spoiled(Chance& chance);

    /// What terminals knew before the backend did: a new version of the questionnaire, an officer.
    void learn();
    /// What it does by itself beside answering; as if it had run since it did that last.
    void do_chores();
    /// How many texts were erased by their age, or by anybody.
    [[nodiscard]] std::int64_t erased_texts();

    [[nodiscard]] std::string new_code(const std::string& kiosk, Chance& chance);
    /// What goes back on the bundle; empty when the bundle was refused.
    [[nodiscard]] std::string import(const std::string& bundle);

    /// Nobody writes any more but the story itself.
    void close_writer();

    [[nodiscard]] sync::Store& store();
    [[nodiscard]] const survey::BoxSecretKey& text_key() const { return text_key_; }
    [[nodiscard]] MachineClock& clock() { return clock_; }

  private:
    struct Parts;

    [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }
    [[nodiscard]] std::filesystem::path backup() const { return folder_ / "backup"; }
    [[nodiscard]] std::filesystem::path file() const;
    /// Waits for the writer's own thread.
    [[nodiscard]] std::unique_ptr<sync::Transaction> begin();
    void open();
    void put_backup_in_place();
    [[nodiscard]] bool is_store_whole() const;
    void teach(int version, bool with_new_officer);

    const std::filesystem::path folder_;
    const survey::UtcTime& truth_;
    Chance chance_;  // of what its programs call random
    MachineClock clock_;
    sync::ServiceKeys keys_;
    survey::BoxSecretKey text_key_;
    std::unique_ptr<Parts> parts_;
    std::unique_ptr<sync::Store> quiet_;
    std::optional<survey::UtcTime> backed_up_;
    int moved_away_ = 0;
};

}  // namespace hailong::sim
