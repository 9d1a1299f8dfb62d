// The inbox: what came down from the backend for this terminal (questionnaires, the center with its roster, posted
// results). Written by the sync program, read by the kiosk between visits. Same file as the journal.
// Threads: one Inbox object is used by one thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/store_error.h"
#include "kiosk/journal/values.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

class Inbox {
  public:
    /// Opens or creates the tables in `file`. Errors: as Journal::open, without wrong_kiosk.
    [[nodiscard]] static StoreResult<Inbox> open(const std::filesystem::path& file,
                                                 survey::milliseconds busy_timeout = survey::milliseconds{5'000});
    Inbox(Inbox&&) noexcept;
    Inbox& operator=(Inbox&&) noexcept;
    ~Inbox();

    /// Replaces what is there by `documents` as a whole, in one transaction, and remembers `version` (the backend's
    /// entity tag). Documents not in the list are removed. Two documents of one name: the later one stays.
    /// Errors: busy, full, read_only, io, corrupt; what was there stays.
    [[nodiscard]] StoreResult<void> replace(const std::vector<Document>& documents, std::string_view version);
    /// The entity tag of what stands there; empty before the first. Cheap: the kiosk asks once a second between visits.
    [[nodiscard]] StoreResult<std::string> version() const;
    /// In order of name.
    [[nodiscard]] StoreResult<std::vector<Document>> documents() const;

  private:
    struct State;
    explicit Inbox(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::kiosk
