#include "tests/faults/bad_disk.h"

#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hailong::tests {
namespace {

template <std::size_t Size>
void put(std::array<char, Size>& place, const std::string& text) {
    if (text.size() >= Size) throw std::runtime_error(text + " is too long for the disk's plan");
    std::memcpy(place.data(), text.c_str(), text.size() + 1);
}

}  // namespace

BadDisk::BadDisk(const std::filesystem::path& folder) {
    const std::filesystem::path file = outside_ / "plan";
    const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    void* memory = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof(DiskPlan)) == 0) {
        memory = mmap(nullptr, sizeof(DiskPlan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    if (fd >= 0) close(fd);
    if (memory == MAP_FAILED) throw std::runtime_error("no plan for the disk");
    plan_ = new (memory) DiskPlan;
    put(plan_->folder, std::filesystem::canonical(folder).string());
}

BadDisk::~BadDisk() {
    munmap(plan_, sizeof(DiskPlan));
}

Process::Environment BadDisk::environment() const {
    return {{"LD_PRELOAD", std::string(HAILONG_BINARY_DIR) + "/bin/libhailong-bad-disk.so"},
            {kDiskPlanVariable, (outside_ / "plan").string()}};
}

void BadDisk::make_unreadable(const std::filesystem::path& file, std::int64_t from, std::int64_t bytes) {
    plan_->unreadable_to = 0;
    struct stat about {};
    if (stat(file.c_str(), &about) != 0) throw std::runtime_error(file.string() + " is not there");
    plan_->unreadable_inode = about.st_ino;
    plan_->unreadable_from = from;
    plan_->unreadable_to = from + bytes;
}

void BadDisk::mend() {
    plan_->unreadable_to = 0;
    plan_->write_error = 0;
    plan_->sync_error = 0;
    plan_->power_cut_at = 0;
}

void BadDisk::cut_power_at(std::int64_t write, std::uint64_t chance) {
    plan_->writes = 0;
    plan_->chance = chance;
    plan_->power_cut_at = write;
    start_machine_anew();
}

void BadDisk::start_machine_anew() {
    std::array<char, 64> id{};
    std::snprintf(id.data(), id.size(), "00000000-0000-4000-8000-%012d\n", ++starts_);
    put(plan_->boot_id, id.data());
}

}  // namespace hailong::tests
