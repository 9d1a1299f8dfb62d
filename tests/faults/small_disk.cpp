#include "tests/faults/small_disk.h"

#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace hailong::tests {
namespace {

/// What takes the room.
const std::string kBallast = "ballast";

std::vector<std::string> holder(const std::filesystem::path& folder, int megabytes) {
    std::vector<std::string> command = {"unshare", "--mount"};
    if (geteuid() != 0) command.insert(command.end(), {"--user", "--map-root-user"});
    // The number of this process is what others enter by; it waits for the end of the test.
    const std::string script =
        "set -e; kept=$(mktemp -d); cp -a \"$1/.\" \"$kept\"; mount -t tmpfs -o size=\"$2m\" tmpfs \"$1\"; "
        "cp -a \"$kept/.\" \"$1\"; rm -r \"$kept\"; echo \"holding $$\"; exec sleep infinity";
    command.insert(command.end(), {"sh", "-c", script, "small-disk", folder.string(), std::to_string(megabytes)});
    return command;
}

}  // namespace

SmallDisk::SmallDisk(const std::filesystem::path& folder, int megabytes)
    : folder_(folder), holder_(holder(folder, megabytes)) {
    std::string pid;
    try {
        pid = holder_.wait_for_line("holding ");
    } catch (const std::exception& error) {
        throw std::runtime_error(
            std::string("no small disk can be mounted; run the tests as root, or allow it: sysctl -w "
                        "user.max_user_namespaces=10000 user.max_mnt_namespaces=10000. ") +
            error.what());
    }
    const std::string spaces = "/proc/" + pid + "/ns/";
    enter_ = {"nsenter"};
    if (geteuid() != 0) enter_.insert(enter_.end(), {"--user=" + spaces + "user", "--preserve-credentials"});
    enter_.insert(enter_.end(), {"--mount=" + spaces + "mnt", "--"});
    seen_ = "/proc/" + pid + "/root" + folder.string();
}

void SmallDisk::fill() const {
    const int file = open((seen_ / kBallast).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("no file can be made on the small disk");
    const std::string block(64 * 1'024, 'x');
    for (std::size_t size = block.size(); size > 0;) {
        if (write(file, block.data(), size) <= 0) size /= 2;
    }
    close(file);
}

void SmallDisk::make_room() const {
    std::filesystem::remove(seen_ / kBallast);
}

std::filesystem::path SmallDisk::copy_out(const std::string& database, const std::filesystem::path& folder) const {
    for (const char* part : {"", "-wal"}) {
        const std::string name = database + part;
        std::error_code none;
        std::filesystem::remove(folder / name, none);
        std::filesystem::copy_file(seen_ / name, folder / name, none);
    }
    return folder / database;
}

void SmallDisk::bring_back() const {
    std::filesystem::copy(seen_, folder_,
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
}

}  // namespace hailong::tests
