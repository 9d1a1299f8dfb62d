// Responses that the journal did not take until the program had to end: kept in a file beside it, which the next start
// carries into the journal. A full disk often has room for a line where it has none for a transaction, and a journal
// that can't be opened or repaired may stand in a folder that can be written. Threads: one at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/questionnaire.h"
#include "survey/record.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// Without the ticket's code: it is written nowhere but as the journal hashes it. A second use of it goes unnoticed.
struct UnsavedResponse {
    survey::Response response;
    std::vector<survey::SealedText> texts;  // their hashes stand in the response
    bool operator==(const UnsavedResponse&) const = default;
};

/// One line a response: SHA-256 of what follows in hexadecimal, a blank, and
/// {"record": as a journal of number 1 would hold it, "texts": [{"bytes": hexadecimal, "item": ID}]}.
[[nodiscard]] std::string unsaved_line(const survey::KioskId& kiosk, const UnsavedResponse& one);
/// The error says why a line can't be believed: it was torn or changed, or is another terminal's.
[[nodiscard]] Expected<UnsavedResponse, std::string> parse_unsaved_line(const survey::KioskId& kiosk,
                                                                        std::string_view line);

class UnsavedFile {
  public:
    /// `questionnaires`: those that a response of the file is counted by.
    UnsavedFile(const std::filesystem::path& journal, survey::KioskId kiosk,
                std::vector<std::shared_ptr<const survey::Questionnaire>> questionnaires);

    [[nodiscard]] const std::filesystem::path& path() const { return file_; }
    /// Adds `responses` to what stands there: all of them, durably, or none.
    [[nodiscard]] Expected<void, std::string> add(const std::vector<UnsavedResponse>& responses) const;

    /// What stands there, oldest first.
    struct Line {
        std::string text;
        UnsavedResponse unsaved;
        std::shared_ptr<const survey::Questionnaire> questionnaire;  // null: `trouble` says why it stays in the file
        std::string trouble;
    };
    /// Empty where there is no file.
    [[nodiscard]] Expected<std::vector<Line>, std::string> read() const;
    /// Leaves only the lines that stay; without any the file goes.
    [[nodiscard]] Expected<void, std::string> leave(const std::vector<std::string>& lines) const;

  private:
    std::filesystem::path file_;
    survey::KioskId kiosk_;
    std::vector<std::shared_ptr<const survey::Questionnaire>> questionnaires_;
};

}  // namespace hailong::kiosk
