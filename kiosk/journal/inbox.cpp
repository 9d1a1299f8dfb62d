#include "kiosk/journal/inbox.h"

#include "kiosk/journal/database.h"
#include "kiosk/journal/state_rows.h"

namespace hailong::kiosk {

struct Inbox::State {
    std::unique_ptr<Database> database;
};

Inbox::Inbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Inbox::Inbox(Inbox&&) noexcept = default;
Inbox& Inbox::operator=(Inbox&&) noexcept = default;
Inbox::~Inbox() = default;

StoreResult<Inbox> Inbox::open(const std::filesystem::path& file, survey::milliseconds busy_timeout) {
    auto database = Database::open(file, busy_timeout);
    if (!database) return unexpected(database.error());
    (*database)->found_whole();
    return Inbox(std::make_unique<State>(State{std::move(*database)}));
}

StoreResult<void> Inbox::replace(const std::vector<Document>& documents, std::string_view version) {
    Database& database = *state_->database;
    return database.run("replace the inbox", [&] {
        WriteTransaction transaction(database);
        put_documents(database.connection(), documents, std::string(version));
        transaction.commit();
    });
}

StoreResult<std::string> Inbox::version() const {
    Database& database = *state_->database;
    return database.run("read the inbox", [&] { return read_inbox_version(database.connection()); });
}

StoreResult<std::vector<Document>> Inbox::documents() const {
    Database& database = *state_->database;
    return database.run("read the inbox", [&] { return read_documents(database.connection()); });
}

}  // namespace hailong::kiosk
