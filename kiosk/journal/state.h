// What an open journal consists of; shared by the files that implement Journal and by who repairs one.
#pragma once

#include <cstdint>
#include <memory>

#include "kiosk/journal/database.h"
#include "kiosk/journal/head_file.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/tally_rows.h"

namespace hailong::kiosk {

struct Journal::State {
    State(std::unique_ptr<Database> opened, survey::KioskId owner)
        : database(std::move(opened)), kiosk(std::move(owner)), head_file(database->file()) {}

    [[nodiscard]] survey::sqlite::Connection& file() { return database->connection(); }

    std::unique_ptr<Database> database;
    survey::KioskId kiosk;
    HeadFile head_file;

    // The tally rows as they stand while the newest record is `cached_seq`.
    TallyCache tallies;
    std::int64_t cached_seq = -1;
};

}  // namespace hailong::kiosk
