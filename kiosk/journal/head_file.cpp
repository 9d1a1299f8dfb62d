#include "kiosk/journal/head_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace hailong::kiosk {
namespace {

constexpr std::string_view kMark = "hailong-head-1";
constexpr std::string_view kGiven = "given";
constexpr std::string_view kGiving = "giving";
/// Longer than any line that is written; fits into one sector.
constexpr std::size_t kLineBytesMax = 500;

/// One word of the line; a boot id comes from outside and may be anything.
std::string word(const std::string& text) {
    return survey::is_identifier(text) ? text : "-";
}

std::string to_text(const HeadLine& head) {
    std::string line(kMark);
    line.append(" ").append(std::to_string(head.head.seq)).append(" ").append(survey::to_hex(head.head.hash));
    line.append(" ").append(word(head.boot_id)).append(" ").append(head.committed ? kGiven : kGiving).append("\n");
    return line;
}

std::optional<HeadLine> parse_line(const std::string& text) {
    const std::size_t end = text.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::istringstream line(text.substr(0, end));
    std::vector<std::string> texts;
    for (std::string one; line >> one;)
        texts.push_back(one);
    if (texts.size() != 5 || texts[0] != kMark || (texts[4] != kGiven && texts[4] != kGiving)) return std::nullopt;
    HeadLine found;
    const std::string& number = texts[1];
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), found.head.seq);
    const auto hash = survey::parse_digest(texts[2]);
    if (parsed.ec != std::errc{} || parsed.ptr != number.data() + number.size() || found.head.seq < 1 || !hash) {
        return std::nullopt;
    }
    found.head.hash = *hash;
    found.boot_id = texts[3];
    found.committed = texts[4] == kGiven;
    return found;
}

}  // namespace

std::filesystem::path head_file_of(const std::filesystem::path& journal) {
    return journal.string() + "-head";
}

std::optional<HeadLine> read_head_line(const std::filesystem::path& journal) {
    const int fd = open(head_file_of(journal).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    std::array<char, kLineBytesMax> bytes{};
    const ssize_t count = pread(fd, bytes.data(), bytes.size(), 0);
    close(fd);
    if (count <= 0) return std::nullopt;
    return parse_line(std::string(bytes.data(), static_cast<std::size_t>(count)));
}

std::int64_t last_given_out(const std::filesystem::path& journal) {
    const auto line = read_head_line(journal);
    if (!line) return 0;
    return line->committed ? line->head.seq : line->head.seq - 1;
}

HeadFile::HeadFile(const std::filesystem::path& journal) : file_(head_file_of(journal)) {}

HeadFile::~HeadFile() {
    close_file();
}

void HeadFile::close_file() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
}

bool HeadFile::write_bytes(const std::string& bytes) {
    if (fd_ < 0) fd_ = open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    return fd_ >= 0 && pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

void HeadFile::write(const HeadLine& line) {
    if (write_bytes(to_text(line))) return;
    close_file();
    unlink(file_.c_str());
}

}  // namespace hailong::kiosk
