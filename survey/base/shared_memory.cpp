#include "survey/base/shared_memory.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <vector>

#include <unistd.h>

#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {
namespace {

/// All that this program has open, and the lock over them.
struct Open {
    std::mutex mutex;
    std::vector<SharedMemory*> memories;
};

Open& open_memories() {
    static Open* const open = new Open;  // read behind the end of main
    return *open;
}

std::filesystem::path memory_of(const std::filesystem::path& file) {
    return file.string() + "-shm";
}

}  // namespace

SharedMemory::SharedMemory(const std::filesystem::path& file, const Connection& connection)
    : path_(memory_of(file)), index_(connection.log_index()), known_(identity_of(path_)) {
    Open& open = open_memories();
    const std::lock_guard lock(open.mutex);
    open.memories.push_back(this);
}

SharedMemory::~SharedMemory() {
    Open& open = open_memories();
    const std::lock_guard lock(open.mutex);
    std::erase(open.memories, this);
}

void SharedMemory::mend() {
    const std::lock_guard lock(open_memories().mutex);
    mend_locked();
}

void SharedMemory::mend_all(const std::filesystem::path& file) {
    Open& open = open_memories();
    const std::lock_guard lock(open.mutex);
    if (open.memories.empty()) return;
    const std::filesystem::path path = memory_of(file);
    for (SharedMemory* memory : open.memories)
        if (memory->path_ == path) memory->mend_locked();
}

void SharedMemory::mend_locked() {
    const auto now = identity_of(path_);
    if (!now || !known_ || !is_same_file(*now, *known_)) return;  // whoever watches the files says so
    if (now->size >= known_->size) {
        known_ = now;
        return;
    }
    // More than was seen: it may have grown since. It costs nothing where nothing is written.
    constexpr std::int64_t kSpareBytes = 4 << 20;
    if (::truncate(path_.c_str(), known_->size + kSpareBytes) != 0) return;
    // Twice the same header: with neither in order the index is recovered from the log.
    constexpr int kHeaderWords = 24;
    auto* words = static_cast<volatile std::uint32_t*>(index_);
    for (int i = 0; words != nullptr && i < kHeaderWords; ++i)
        words[i] = 0;
}

}  // namespace hailong::survey::sqlite
