#include "sync/backend/terminals/keys.h"

#include <filesystem>
#include <ostream>
#include <string>

#include "survey/base/host.h"
#include "survey/crypto/shares.h"
#include "sync/backend/cli/command_support.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;

/// A share is one short line.
constexpr std::uintmax_t kShareBytesMax = 1'024;

/// Whether anything has that name, be it a link that leads nowhere, or whether that can't be known: what stands there
/// is never replaced.
bool is_taken(const fs::path& file) {
    std::error_code error;
    return fs::symlink_status(file, error).type() != fs::file_type::not_found;
}

}  // namespace

Exit show_keys(const fs::path& data, std::ostream& out, std::ostream& err) {
    const auto keys = load_keys(data);
    if (!keys) return refuse(err, keys.error());
    const BackendKeys halves = public_halves(*keys);
    out << "sign:      " << survey::key_text(halves.sign) << '\n'
        << "transport: " << survey::key_text(halves.transport) << '\n'
        << "texts:     " << survey::key_text(halves.text) << '\n';
    std::error_code error;
    if (fs::exists(text_key_file(data), error)) {
        out << "The key that opens texts lies on this server; split it, keep it elsewhere, and delete "
            << text_key_file(data).string() << '\n';
    } else {
        out << "The key that opens texts is not on this server.\n";
    }
    return Exit::done;
}

Exit split_text_key(const SplitOptions& options, std::ostream& out, std::ostream& err) {
    if (options.data.empty() && options.key.empty()) {
        return misused(err, "keys split: name the store with --data, or the key's file with --key");
    }
    const auto key = read_text_key(options.key.empty() ? text_key_file(options.data) : options.key);
    if (!key) return refuse(err, key.error());
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (error) {
        return refuse(err, "can't create " + options.folder.string() + ": " + error.message() +
                               "; choose a folder that this user can write to");
    }
    const auto file_of = [&](int number) { return options.folder / ("share-" + std::to_string(number) + ".txt"); };
    const auto shares = survey::split_key(*key);
    for (int number = 1; number <= static_cast<int>(shares.size()); ++number) {
        if (!is_taken(file_of(number))) continue;
        return refuse(err,
                      file_of(number).string() +
                          " is there already, and nothing was written: shares of two splits don't fit together, and "
                          "those may be the last way to a key. Name an empty folder with --out");
    }
    int number = 0;
    for (const std::string& share : shares) {
        const fs::path file = file_of(++number);
        const auto written = survey::write_file(file, share + "\n", survey::Readers::owner);
        if (!written) return refuse(err, written.error());
        out << file.string() << '\n';
    }
    out << "Any two of them bring the key back, one alone says nothing about it: give each to another person, and "
           "delete the files here.\n";
    return Exit::done;
}

Exit join_text_key(const JoinOptions& options, std::ostream& out, std::ostream& err) {
    if (is_taken(options.file)) {
        return refuse(err, options.file.string() + " is there already; name another file with --out");
    }
    const auto one = survey::read_file(options.shares.at(0), kShareBytesMax);
    if (!one) return refuse(err, one.error());
    const auto other = survey::read_file(options.shares.at(1), kShareBytesMax);
    if (!other) return refuse(err, other.error());
    const auto key = survey::join_shares(*one, *other);
    if (!key) return refuse(err, key.error());
    const auto written = write_text_key(options.file, *key);
    if (!written) return refuse(err, written.error());
    out << "wrote " << options.file.string() << ", the key that opens texts for "
        << survey::key_text(survey::public_half(*key)) << '\n';
    return Exit::done;
}

}  // namespace hailong::sync
