#include "kiosk/journal/head_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "kiosk/journal/sums.h"
#include "survey/base/file_rights.h"
#include "survey/base/hex.h"

namespace hailong::kiosk {
namespace {

constexpr std::string_view kMark = "hailong-head-2";
constexpr std::string_view kGiven = "given";
constexpr std::string_view kGiving = "giving";
/// Longer than any line that is written; a sector, so that no one sector holds both lines.
constexpr std::size_t kLineBytesMax = 512;

/// One word of the line; a boot id comes from outside and may be anything.
std::string word(const std::string& text) {
    return survey::is_identifier(text) ? text : "-";
}

std::string sum_text(std::string_view line) {
    const std::string sum = record_sum(line);
    return survey::hex(std::vector<std::uint8_t>(sum.begin(), sum.end()));
}

std::string to_text(const HeadLine& head) {
    std::string line(kMark);
    line.append(" ").append(std::to_string(head.head.seq)).append(" ").append(survey::to_hex(head.head.hash));
    line.append(" ").append(word(head.boot_id)).append(" ").append(head.committed ? kGiven : kGiving);
    const std::string sum = sum_text(line);
    line.append(" ").append(sum).append("\n");
    line.resize(kLineBytesMax, ' ');
    return line;
}

std::optional<HeadLine> parse_line(std::string_view text) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    const std::size_t before_sum = whole.rfind(' ');
    if (whole.size() == text.size() || before_sum == std::string_view::npos ||
        whole.substr(before_sum + 1) != sum_text(whole.substr(0, before_sum))) {
        return std::nullopt;
    }
    std::istringstream line{std::string(whole)};
    std::vector<std::string> texts;
    for (std::string one; line >> one;)
        texts.push_back(one);
    if (texts.size() != 6 || texts[0] != kMark || (texts[4] != kGiven && texts[4] != kGiving)) return std::nullopt;
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

/// The one that says more; they differ where a program was stopped between their sectors.
std::optional<HeadLine> later_of(const std::optional<HeadLine>& one, const std::optional<HeadLine>& other) {
    if (!one || !other) return one ? one : other;
    const auto said = [](const HeadLine& line) { return std::pair(line.head.seq, line.committed); };
    return said(*one) < said(*other) ? other : one;
}

}  // namespace

std::filesystem::path head_file_of(const std::filesystem::path& journal) {
    return journal.string() + "-head";
}

std::optional<HeadLine> read_head_line(const std::filesystem::path& journal) {
    const int fd = open(head_file_of(journal).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    std::optional<HeadLine> found;
    for (const off_t at : {off_t{0}, static_cast<off_t>(kLineBytesMax)}) {
        std::array<char, kLineBytesMax> bytes{};
        const ssize_t count = pread(fd, bytes.data(), bytes.size(), at);
        if (count > 0) found = later_of(found, parse_line({bytes.data(), static_cast<std::size_t>(count)}));
    }
    close(fd);
    return found;
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
    if (fd_ < 0) fd_ = open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, survey::kOwnerOnlyMode);
    return fd_ >= 0 && pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

void HeadFile::write(const HeadLine& line) {
    last_ = line;
    const std::string text = to_text(line);
    if (write_bytes(text + text)) return;
    close_file();
    unlink(file_.c_str());
}

}  // namespace hailong::kiosk
