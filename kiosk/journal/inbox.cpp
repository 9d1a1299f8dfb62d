#include "kiosk/journal/inbox.h"

#include <SQLiteCpp/Column.h>

#include "kiosk/journal/database.h"

namespace hailong::kiosk {

struct Inbox::State {
    explicit State(Database& opened)
        : database(opened),
          version(database.sqlite(), "SELECT version FROM inbox_state"),
          set_version(database.sqlite(), "UPDATE inbox_state SET version = ?"),
          documents(database.sqlite(), "SELECT name, body, received_ms FROM inbox_documents ORDER BY name"),
          clear(database.sqlite(), "DELETE FROM inbox_documents"),
          put(database.sqlite(), "INSERT OR REPLACE INTO inbox_documents (name, body, received_ms) VALUES (?, ?, ?)") {}

    std::unique_ptr<Database>
        owned;  // taken over at the end of open(); declared first, so that statements go before it
    Database& database;
    SQLite::Statement version;
    SQLite::Statement set_version;
    SQLite::Statement documents;
    SQLite::Statement clear;
    SQLite::Statement put;
};

Inbox::Inbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Inbox::Inbox(Inbox&&) noexcept = default;
Inbox& Inbox::operator=(Inbox&&) noexcept = default;
Inbox::~Inbox() = default;

Expected<Inbox, StoreError> Inbox::open(const std::filesystem::path& file, survey::milliseconds busy_timeout) {
    auto database = Database::open(file, busy_timeout);
    if (!database) return unexpected(database.error());
    Database& opened = **database;
    return opened.run<Inbox>("be opened", [&]() -> Expected<Inbox, StoreError> {
        auto state = std::make_unique<State>(opened);
        opened.fold_log_on_close(true);
        state->owned = std::move(*database);
        return Inbox(std::move(state));
    });
}

Expected<void, StoreError> Inbox::replace(const std::vector<Document>& documents, std::string_view version) {
    return state_->database.run<void>("replace the inbox", [&]() -> Expected<void, StoreError> {
        WriteTransaction transaction(state_->database);
        InUse(state_->clear)->exec();
        for (const Document& document : documents) {
            const InUse put(state_->put);
            put->bindNoCopy(1, document.name);
            put->bindNoCopy(2, document.body);
            put->bind(3, static_cast<std::int64_t>(document.received.time_since_epoch().count()));
            put->exec();
        }
        const InUse set_version(state_->set_version);
        set_version->bind(1, std::string(version));
        set_version->exec();
        transaction.commit();
        return {};
    });
}

Expected<std::string, StoreError> Inbox::version() const {
    return state_->database.run<std::string>("read the inbox", [&]() -> Expected<std::string, StoreError> {
        const InUse version(state_->version);
        if (!version->executeStep()) throw Damage("the inbox has no version");
        return version->getColumn(0).getString();
    });
}

Expected<std::vector<Document>, StoreError> Inbox::documents() const {
    using Documents = std::vector<Document>;
    return state_->database.run<Documents>("read the inbox", [&]() -> Expected<Documents, StoreError> {
        Documents found;
        const InUse documents(state_->documents);
        while (documents->executeStep()) {
            found.push_back({documents->getColumn(0).getString(), documents->getColumn(1).getString(),
                             survey::UtcTime{survey::milliseconds{documents->getColumn(2).getInt64()}}});
        }
        return found;
    });
}

}  // namespace hailong::kiosk
