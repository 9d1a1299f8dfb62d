#include "survey/base/file_identity.h"

#include <utility>

#include <sys/stat.h>

namespace hailong::survey {

std::optional<FileIdentity> identity_of(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileIdentity{status.st_dev, status.st_ino, status.st_nlink, status.st_size};
}

void FileWatch::add(std::filesystem::path path, Size size) {
    const auto known = identity_of(path);
    files_.push_back({std::move(path), known, size});
}

std::optional<std::string> FileWatch::trouble() {
    for (Watched& file : files_) {
        const auto now = identity_of(file.path);
        if (!now || !file.known) return file.path.string() + " is gone: it was removed, or its folder was moved away";
        if (!is_same_file(*now, *file.known)) return file.path.string() + " was replaced by another file";
        if (file.size == Size::never_shrinks && now->size < file.known->size) {
            return file.path.string() + " was cut short, from " + std::to_string(file.known->size) + " to " +
                   std::to_string(now->size) + " bytes";
        }
        file.known = now;
    }
    return std::nullopt;
}

}  // namespace hailong::survey
