#include "sync/client/identity.h"

#include <sys/stat.h>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "sync/protocol/json_sum.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;
using survey::Readers;

constexpr const char* kEnrolIt =
    "print a code with `hailong-backend enroll`, then run `hailong-sync enroll` on this terminal";

template <class Key>
Key read_key(ObjectReader& reader, std::string_view name) {
    const auto key = survey::parse_key<Key>(reader.text(name));
    if (!key && reader.has(name)) reader.fault(name, "is no key", "enrol the terminal anew");
    return key.value_or(Key{});
}

Expected<Identity, Faults> read_identity(std::string_view text) {
    const auto value = survey::parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    Identity identity;
    identity.kiosk = {reader.identifier("kiosk")};
    identity.center = {reader.identifier("center")};
    identity.token = reader.text("token");
    identity.secret_key = read_key<survey::SignSecretKey>(reader, "secret_key");
    identity.keys.sign = read_key<survey::SignPublicKey>(reader, "backend_sign");
    identity.keys.transport = read_key<survey::BoxPublicKey>(reader, "backend_transport");
    identity.keys.text = read_key<survey::BoxPublicKey>(reader, "backend_text");
    const bool is_whole = sum_fits(reader.text("sum"), *value);
    if (faults.empty() && !is_whole) {
        faults.push_back({"sum", "does not fit what stands in the file: it was spoiled or changed by hand",
                          "put back a copy, or enrol the terminal anew; its answers wait and are safe"});
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return identity;
}

std::string write_identity(const Identity& identity) {
    json::object content{
        {"backend_sign", survey::key_text(identity.keys.sign)},
        {"backend_transport", survey::key_text(identity.keys.transport)},
        {"backend_text", survey::key_text(identity.keys.text)},
        {"center", identity.center.text},
        {"kiosk", identity.kiosk.text},
        {"secret_key", survey::key_text(identity.secret_key)},
        {"token", identity.token},
    };
    content["sum"] = sum_of(content);
    return survey::canonical_json(content) + '\n';
}

Expected<void, Exchange> save(const std::filesystem::path& file, const std::string& content) {
    const auto written = survey::write_file(file, content, Readers::owner);
    if (!written) return unexpected(later(written.error() + "; make room, check who may write there, and try again"));
    return {};
}

}  // namespace

Expected<Identity, Exchange> load_identity(const std::filesystem::path& file, const survey::KioskId& kiosk) {
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) {
        return unexpected(person(file.string() + ": this terminal is not enrolled; " + kEnrolIt));
    }
    const auto text = survey::read_secret_file(file);
    if (!text) return unexpected(person(text.error()));
    auto identity = read_identity(*text);
    if (!identity) {
        return unexpected(
            person(survey::describe(identity.error(), file.string()) + "; enrol the terminal anew: " + kEnrolIt));
    }
    if (identity->kiosk != kiosk) {
        return unexpected(person(file.string() + ": is terminal \"" + identity->kiosk.text +
                                 "\"'s, this is terminal \"" + kiosk.text +
                                 "\"; correct the configuration, or enrol this terminal: " + kEnrolIt));
    }
    return *std::move(identity);
}

Expected<void, Exchange> save_identity(const std::filesystem::path& file, const Identity& identity) {
    return save(file, write_identity(identity));
}

std::filesystem::path pending_file(const std::filesystem::path& identity_file) {
    return identity_file.string() + ".pending";
}

std::optional<PendingEnrolment> load_pending(const std::filesystem::path& identity_file) {
    const auto text = survey::read_secret_file(pending_file(identity_file));
    if (!text) return std::nullopt;
    const auto value = survey::parse_json(*text);
    if (!value) return std::nullopt;
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    PendingEnrolment pending{{reader.identifier("kiosk")}, reader.text("code"), {}};
    pending.secret_key = read_key<survey::SignSecretKey>(reader, "secret_key");
    if (!faults.empty()) return std::nullopt;
    return pending;
}

Expected<void, Exchange> save_pending(const std::filesystem::path& identity_file, const PendingEnrolment& pending) {
    return save(pending_file(identity_file), survey::canonical_json(json::object{
                                                 {"code", pending.code},
                                                 {"kiosk", pending.kiosk.text},
                                                 {"secret_key", survey::key_text(pending.secret_key)},
                                             }) + '\n');
}

std::string identity_mark(const std::filesystem::path& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return "none";
    // A file that replaced another has another inode, or was changed at another time, or both.
    return std::to_string(found.st_ino) + " " + std::to_string(found.st_size) + " " +
           std::to_string(found.st_ctim.tv_sec) + "." + std::to_string(found.st_ctim.tv_nsec);
}

}  // namespace hailong::sync
