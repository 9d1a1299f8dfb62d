// A folder of a test's own that goes away with it.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace hailong::tests {

class TemporaryFolder {
  public:
    explicit TemporaryFolder(const std::filesystem::path& under = std::filesystem::temp_directory_path()) {
        std::string pattern = (under / "hailong-test-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder at " + pattern);
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!is_kept_) std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// Leaves the folder there for a person to look into.
    void keep() { is_kept_ = true; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
    bool is_kept_ = false;
};

}  // namespace hailong::tests
