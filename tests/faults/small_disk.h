// A disk that can be filled to its last byte, in the place of a folder, for the programs that are run on it only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/product.h"

namespace hailong::tests {

class SmallDisk {
  public:
    /// Stands in for `folder`, with all that is in it, in a mount namespace of its own. Throws, with a sentence that
    /// says what to allow, where the machine lets nobody make one.
    SmallDisk(const std::filesystem::path& folder, int megabytes);

    /// The words that run a command on this disk.
    [[nodiscard]] const std::vector<std::string>& enter() const { return enter_; }
    /// Copies a database out as it stands, with its log, into `folder`, to be read there: SQLite would follow the way
    /// in from outside back to what lies under the disk.
    [[nodiscard]] std::filesystem::path copy_out(const std::string& database,
                                                 const std::filesystem::path& folder) const;
    /// Not a byte is left.
    void fill() const;
    /// All that fill() took is free again.
    void make_room() const;
    /// Copies everything into the real folder. REQUIRES: no program works on the disk any more.
    void bring_back() const;

  private:
    const std::filesystem::path folder_;
    Process holder_;
    std::vector<std::string> enter_;
    std::filesystem::path seen_;
};

}  // namespace hailong::tests
