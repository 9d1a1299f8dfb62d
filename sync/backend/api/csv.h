// Lines of separated values as RFC 4180 has them: CRLF, quoted where needed. Begins with the UTF-8 byte order mark,
// without which spreadsheets take Vietnamese for another encoding. Pure; used by one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sync/backend/api/spreadsheet_text.h"

namespace hailong::sync {

class Csv {
  public:
    explicit Csv(char separator) : separator_(separator) {}

    /// What a spreadsheet could run as a formula gets an apostrophe in front.
    Csv& text(std::string value) {
        if (is_like_formula(value)) value.insert(value.begin(), '\'');
        return cell(quoted(std::move(value)));
    }
    /// The same for what a spreadsheet could take for a number or a day.
    Csv& text_for_people(std::string value) {
        if (is_like_formula(value) || is_like_value(value)) value.insert(value.begin(), '\'');
        return cell(quoted(std::move(value)));
    }
    /// A number, a share, a day: what is ours and needs no quotes.
    Csv& plain(const std::string& value) { return cell(value); }
    Csv& empty(int cells = 1) {
        for (int i = 0; i < cells; ++i)
            cell({});
        return *this;
    }
    void end() {
        out_ += "\r\n";
        at_start_ = true;
    }
    std::string take() { return std::move(out_); }

  private:
    /// Also where another separator than ours stands in it: a program may take the file apart by that.
    static std::string quoted(std::string value) {
        if (value.find_first_of(",;\t\"\r\n") == std::string::npos) return value;
        std::string result = "\"";
        for (const char letter : value) {
            if (letter == '"') result += '"';
            result += letter;
        }
        return result + '"';
    }

    Csv& cell(const std::string& text) {
        if (!at_start_) out_ += separator_;
        at_start_ = false;
        out_ += text;
        return *this;
    }

    const char separator_;
    std::string out_ = "\xef\xbb\xbf";
    bool at_start_ = true;
};

}  // namespace hailong::sync
