#include "tests/kiosk/journal/test_disk.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "survey/base/check.h"

namespace hailong::test {
namespace {

using Operation = TestDisk::Operation;

/// Our part of an open file; the file system below keeps its own right behind it.
struct File {
    sqlite3_file base;
    TestDisk* disk;
    const char* name;  // SQLite keeps it alive while the file is open; null for a temporary file
    [[nodiscard]] sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    [[nodiscard]] const sqlite3_io_methods* methods() { return below()->pMethods; }
};

File& file_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}
TestDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<TestDisk*>(vfs->pAppData);
}

int close(sqlite3_file* handle) {
    File& file = file_of(handle);
    return file.methods()->xClose(file.below());
}
int read(sqlite3_file* handle, void* bytes, int count, sqlite3_int64 offset) {
    File& file = file_of(handle);
    if (file.disk->next_fails(Operation::read)) return SQLITE_IOERR_READ;
    return file.methods()->xRead(file.below(), bytes, count, offset);
}
int write(sqlite3_file* handle, const void* bytes, int count, sqlite3_int64 offset) {
    File& file = file_of(handle);
    const bool fails = file.disk->next_fails(Operation::write);
    const int written = fails ? count / 2 : count;
    const int result = file.methods()->xWrite(file.below(), bytes, written, offset);
    if (result == SQLITE_OK && file.name != nullptr) {
        file.disk->note_write(file.name, offset, {static_cast<const char*>(bytes), static_cast<std::size_t>(written)});
    }
    return fails ? file.disk->result() : result;
}
int truncate(sqlite3_file* handle, sqlite3_int64 size) {
    File& file = file_of(handle);
    if (file.disk->next_fails(Operation::truncate)) return SQLITE_IOERR_TRUNCATE;
    const int result = file.methods()->xTruncate(file.below(), size);
    if (result == SQLITE_OK && file.name != nullptr) file.disk->note_truncate(file.name, size);
    return result;
}
int sync(sqlite3_file* handle, int) {
    // Only noted: what a power cut leaves is kept in memory, and a real sync would cost a hundred times as much.
    File& file = file_of(handle);
    if (file.disk->next_fails(Operation::sync)) return SQLITE_IOERR_FSYNC;
    if (file.name != nullptr) file.disk->note_sync(file.name);
    return SQLITE_OK;
}
int file_size(sqlite3_file* handle, sqlite3_int64* size) {
    return file_of(handle).methods()->xFileSize(file_of(handle).below(), size);
}
int lock(sqlite3_file* handle, int level) {
    return file_of(handle).methods()->xLock(file_of(handle).below(), level);
}
int unlock(sqlite3_file* handle, int level) {
    return file_of(handle).methods()->xUnlock(file_of(handle).below(), level);
}
int check_reserved_lock(sqlite3_file* handle, int* held) {
    return file_of(handle).methods()->xCheckReservedLock(file_of(handle).below(), held);
}
int file_control(sqlite3_file* handle, int operation, void* argument) {
    return file_of(handle).methods()->xFileControl(file_of(handle).below(), operation, argument);
}
int sector_size(sqlite3_file* handle) {
    return file_of(handle).methods()->xSectorSize(file_of(handle).below());
}
int device_characteristics(sqlite3_file* handle) {
    return file_of(handle).methods()->xDeviceCharacteristics(file_of(handle).below());
}
int shm_map(sqlite3_file* handle, int page, int page_size, int extend, void volatile** address) {
    return file_of(handle).methods()->xShmMap(file_of(handle).below(), page, page_size, extend, address);
}
int shm_lock(sqlite3_file* handle, int offset, int count, int flags) {
    return file_of(handle).methods()->xShmLock(file_of(handle).below(), offset, count, flags);
}
void shm_barrier(sqlite3_file* handle) {
    file_of(handle).methods()->xShmBarrier(file_of(handle).below());
}
int shm_unmap(sqlite3_file* handle, int remove) {
    return file_of(handle).methods()->xShmUnmap(file_of(handle).below(), remove);
}
int fetch(sqlite3_file* handle, sqlite3_int64 offset, int count, void** bytes) {
    return file_of(handle).methods()->xFetch(file_of(handle).below(), offset, count, bytes);
}
int unfetch(sqlite3_file* handle, sqlite3_int64 offset, void* bytes) {
    return file_of(handle).methods()->xUnfetch(file_of(handle).below(), offset, bytes);
}

constexpr sqlite3_io_methods kMethods = {3,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved_lock,
                                         file_control,
                                         sector_size,
                                         device_characteristics,
                                         shm_map,
                                         shm_lock,
                                         shm_barrier,
                                         shm_unmap,
                                         fetch,
                                         unfetch};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* handle, int flags, int* flags_out) {
    TestDisk& disk = disk_of(vfs);
    File& file = file_of(handle);
    file = {{nullptr}, &disk, name};
    if (disk.next_fails(Operation::open)) return SQLITE_CANTOPEN;
    const int result = disk.below()->xOpen(disk.below(), name, file.below(), flags, flags_out);
    if (file.methods() == nullptr) return result;
    file.base.pMethods = &kMethods;
    sqlite3_int64 size = 0;
    if (name != nullptr && file.methods()->xFileSize(file.below(), &size) == SQLITE_OK) disk.note_open(name, size);
    return result;
}
int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    TestDisk& disk = disk_of(vfs);
    if (disk.next_fails(Operation::remove)) return SQLITE_IOERR_DELETE;
    const int result = disk.below()->xDelete(disk.below(), name, sync_folder);
    if (result == SQLITE_OK) disk.note_remove(name);
    return result;
}
int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return disk_of(vfs).below()->xAccess(disk_of(vfs).below(), name, flags, result);
}
int full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) {
    return disk_of(vfs).below()->xFullPathname(disk_of(vfs).below(), name, size, path);
}
int randomness(sqlite3_vfs* vfs, int size, char* bytes) {
    return disk_of(vfs).below()->xRandomness(disk_of(vfs).below(), size, bytes);
}
int sleep_us(sqlite3_vfs* vfs, int microseconds) {
    return disk_of(vfs).below()->xSleep(disk_of(vfs).below(), microseconds);
}
int current_time(sqlite3_vfs* vfs, double* time) {
    return disk_of(vfs).below()->xCurrentTime(disk_of(vfs).below(), time);
}
int last_error(sqlite3_vfs* vfs, int size, char* text) {
    return disk_of(vfs).below()->xGetLastError(disk_of(vfs).below(), size, text);
}
int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* time) {
    return disk_of(vfs).below()->xCurrentTimeInt64(disk_of(vfs).below(), time);
}

}  // namespace

TestDisk::TestDisk() : below_(sqlite3_vfs_find(nullptr)) {
    layer_.iVersion = 2;
    layer_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
    layer_.mxPathname = below_->mxPathname;
    layer_.zName = "test-disk";
    layer_.pAppData = this;
    layer_.xOpen = open;
    layer_.xDelete = remove;
    layer_.xAccess = access;
    layer_.xFullPathname = full_path;
    layer_.xRandomness = randomness;
    layer_.xSleep = sleep_us;
    layer_.xCurrentTime = current_time;
    layer_.xGetLastError = last_error;
    layer_.xCurrentTimeInt64 = current_time_ms;
    survey::check(sqlite3_vfs_register(&layer_, 1) == SQLITE_OK, "SQLite takes another file system");
}

TestDisk::~TestDisk() {
    sqlite3_vfs_unregister(&layer_);
}

void TestDisk::fail(std::int64_t nth, Fault fault, bool persistent) {
    nth_ = nth;
    fault_ = fault;
    persistent_ = persistent;
    count_ = 0;
    failed_ = false;
}

bool TestDisk::next_fails(Operation operation) {
    if (nth_ == 0) return false;
    const bool takes_space = operation == Operation::write;
    if (fault_ == Fault::disk_full && !takes_space) return false;
    count_ += 1;
    const bool fails = persistent_ ? count_ >= nth_ : count_ == nth_;
    failed_ = failed_ || fails;
    return fails;
}

void TestDisk::note_write(const std::string& file, std::int64_t offset, std::string_view bytes) {
    files_[file].pending.push_back({offset, std::string(bytes)});
}
void TestDisk::note_truncate(const std::string& file, std::int64_t size) {
    files_[file].pending.push_back({size, {}});
}
void TestDisk::note_sync(const std::string& file) {
    Image& image = files_[file];
    for (const Change& change : image.pending)
        apply(change, image.synced);
    image.pending.clear();
}
void TestDisk::note_remove(const std::string& file) {
    files_.erase(file);
}

/// A file that is empty when it is opened was made anew, whatever stood under its name before.
void TestDisk::note_open(const std::string& file, std::int64_t size) {
    if (size == 0) files_.erase(file);
}

void TestDisk::load(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    files_[file.string()] = {{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}, {}};
}

void TestDisk::note_rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto moved = files_.find(from.string());
    if (moved == files_.end()) return;
    files_[to.string()] = std::move(moved->second);
    files_.erase(from.string());
}

void TestDisk::apply(const Change& change, std::string& content) {
    const auto offset = static_cast<std::size_t>(change.offset);
    if (change.bytes.empty()) {
        content.resize(offset);
        return;
    }
    content.resize(std::max(content.size(), offset + change.bytes.size()));
    content.replace(offset, change.bytes.size(), change.bytes);
}

void TestDisk::power_cut(const std::filesystem::path& folder, std::mt19937_64& chance) const {
    constexpr std::size_t kSectorBytes = 512;
    for (const auto& [name, image] : files_) {
        std::string content = image.synced;
        for (const Change& change : image.pending) {
            if (change.bytes.empty()) {
                if (chance() % 2 == 0) apply(change, content);
                continue;
            }
            for (std::size_t at = 0; at < change.bytes.size(); at += kSectorBytes) {
                if (chance() % 2 == 0) continue;
                apply({change.offset + static_cast<std::int64_t>(at), change.bytes.substr(at, kSectorBytes)}, content);
            }
        }
        std::ofstream(folder / std::filesystem::path(name).filename(), std::ios::binary) << content;
    }
}

}  // namespace hailong::test
