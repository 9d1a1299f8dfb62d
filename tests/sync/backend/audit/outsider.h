// Somebody with the store's file in hand, its triggers gone, who knows how things lie in it: SQL with the functions
//   unpacked(bytes), packed(bytes)        of records (store/packing.h)
//   tally_text(coded), tally_coded(text)  of tallies (store/tally_codec.h)
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "sync/backend/store/packing.h"
#include "sync/backend/store/sqlite/sums.h"
#include "sync/backend/store/tally_codec.h"

namespace hailong::sync::sample {

class Outsider {
  public:
    using Row = std::vector<std::string>;

    explicit Outsider(const std::filesystem::path& file) {
        sqlite3_open(file.c_str(), &database_);
        static constexpr std::array kFunctions = {
            Function{"unpacked", [](const std::string& bytes) { return unpack(bytes).value_or(""); }},
            Function{"packed", [](const std::string& bytes) { return pack(bytes, PackedKind::record); }},
            Function{"tally_text", [](const std::string& coded) { return to_text(*decode_tally(coded)); }},
            Function{"tally_coded", [](const std::string& text) { return encode_tally(*survey::parse_tally(text)); }},
        };
        for (const Function& function : kFunctions) {
            sqlite3_create_function(database_, function.name, 1, SQLITE_UTF8, const_cast<Function*>(&function), &run,
                                    nullptr, nullptr);
        }
    }
    Outsider(const Outsider&) = delete;
    Outsider& operator=(const Outsider&) = delete;
    ~Outsider() { sqlite3_close(database_); }

    /// And minds no constraint from now on.
    void drop_triggers() {
        change("PRAGMA ignore_check_constraints = ON");
        for (const Row& trigger : rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
            change("DROP TRIGGER " + trigger[0]);
    }

    std::vector<Row> rows(const std::string& sql) {
        std::vector<Row> result;
        sqlite3_exec(
            database_, sql.c_str(),
            [](void* out, int count, char** values, char**) {
                Row row;
                for (int i = 0; i < count; ++i)
                    row.emplace_back(values[i] == nullptr ? "" : values[i]);
                static_cast<std::vector<Row>*>(out)->push_back(std::move(row));
                return 0;
            },
            &result, nullptr);
        return result;
    }
    /// How many rows it changed.
    int change(const std::string& sql) {
        const int before = sqlite3_total_changes(database_);
        sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
        return sqlite3_total_changes(database_) - before;
    }
    [[nodiscard]] std::string error() const { return sqlite3_errmsg(database_); }

  private:
    /// From one blob or text to one blob.
    struct Function {
        const char* name;
        std::string (*run)(const std::string&);
    };
    static void run(sqlite3_context* context, int, sqlite3_value** values) {
        const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
        const auto& function = *static_cast<const Function*>(sqlite3_user_data(context));
        const std::string result = function.run({bytes, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
        sqlite3_result_blob(context, result.data(), static_cast<int>(result.size()), SQLITE_TRANSIENT);
    }

    sqlite3* database_ = nullptr;
};

/// As someone would who knows how this program adds up.
inline void make_sums_fit(const std::filesystem::path& file) {
    (void)survey::sqlite::guarded(
        [&] {
            survey::sqlite::Connection connection(file, survey::sqlite::Access::write, survey::milliseconds(0));
            connection.add_checksum();
            connection.execute(sums_anew());
        },
        [](const std::exception& error) {
            return StoreError{StoreErrorKind::io, error.what(), ""};
        });
}

/// The row of a record, as a condition over `records`.
inline std::string record_row(const std::string& kiosk, std::int64_t seq) {
    return "place = (SELECT number FROM kiosks WHERE kiosk = '" + kiosk + "') * 1099511627776 + " + std::to_string(seq);
}

}  // namespace hailong::sync::sample
