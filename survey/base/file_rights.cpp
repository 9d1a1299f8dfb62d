#include "survey/base/file_rights.h"

#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace hailong::survey {
namespace {

constexpr mode_t kOthers = S_IRWXO | S_IWGRP;

}  // namespace

bool is_open_to_others(const std::filesystem::path& file) {
    struct stat found {};
    return ::stat(file.c_str(), &found) == 0 && (found.st_mode & kOthers) != 0;
}

bool close_to_others(const std::filesystem::path& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return true;
    if ((found.st_mode & kOthers) == 0) return true;
    if (!S_ISREG(found.st_mode) || found.st_uid != ::geteuid()) return false;
    // A file that its owner may only read stays so.
    return ::chmod(file.c_str(), found.st_mode & kOwnerOnlyMode) == 0;
}

void close_database_to_others(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    const std::string name = file.filename().string();
    std::error_code error;
    int looked_at = 0;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (++looked_at > kBesideDatabaseMax) break;
        if (at->path().filename().string().starts_with(name)) close_to_others(at->path());
    }
    // Whatever else lies in that folder, and however much.
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
        close_to_others(file.string() + suffix);
}

}  // namespace hailong::survey
