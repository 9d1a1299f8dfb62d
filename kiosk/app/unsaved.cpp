#include "kiosk/app/unsaved.h"

#include <algorithm>
#include <set>
#include <utility>

#include "survey/base/hex.h"
#include "survey/base/host.h"
#include "survey/base/json.h"
#include "survey/crypto/digest.h"

namespace hailong::kiosk {
namespace {

/// Largest file taken, in bytes: as many responses as the saver keeps, each with a long comment.
constexpr std::uintmax_t kBytesMax = 64u << 20u;
constexpr std::size_t kDigestDigits = 64;

std::string text_of(const std::string& hexadecimal) {
    std::string bytes(hexadecimal.size() / 2, '\0');
    const bool whole = survey::parse_hex(hexadecimal, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return whole ? bytes : std::string();
}

/// What the journal takes: each text stands for an answer of its own, and keeps the limits.
bool fit(const UnsavedResponse& unsaved) {
    std::set<survey::ItemId> items;
    const auto fits = [&](const survey::SealedText& one) {
        const survey::Answer* answer = survey::answer_to(unsaved.response.answers, one.item);
        return answer != nullptr && answer->text && !one.bytes.empty() &&
               one.bytes.size() <= survey::kSealedTextBytesMax && items.insert(one.item).second;
    };
    return unsaved.texts.size() <= survey::kSealedTextsMax &&
           std::all_of(unsaved.texts.begin(), unsaved.texts.end(), fits);
}

std::string hex_of(const std::string& bytes) {
    return survey::hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string unsaved_line(const survey::KioskId& kiosk, const UnsavedResponse& one) {
    boost::json::array texts;
    for (const survey::SealedText& text : one.texts)
        texts.push_back(boost::json::object{{"item", text.item.text}, {"bytes", hex_of(text.bytes)}});
    const std::string content = survey::canonical_json(
        boost::json::object{{"record", survey::encode({kiosk, 1, one.response})}, {"texts", std::move(texts)}});
    return survey::to_hex(survey::sha256(content)) + ' ' + content;
}

Expected<UnsavedResponse, std::string> parse_unsaved_line(const survey::KioskId& kiosk, std::string_view line) {
    const std::string_view content = line.substr(std::min(kDigestDigits + 1, line.size()));
    if (survey::parse_digest(line.substr(0, kDigestDigits)) != survey::sha256(content)) {
        return unexpected(std::string(
            "the line was torn or changed, and nobody can tell what it said; the others are taken all the same. Keep "
            "the file for who looks after the software"));
    }
    const auto value = survey::parse_json(content);
    if (!value) return unexpected(survey::describe(value.error(), "the line"));
    survey::Faults faults;
    survey::ObjectReader members(*value, "", faults);
    const auto record = survey::decode(members.text("record"));
    if (!record) return unexpected(survey::describe(record.error(), "record"));
    if (record->kiosk != kiosk) {
        return unexpected("it is of the terminal \"" + record->kiosk.text + "\", and this one is \"" + kiosk.text +
                          "\". It is safe: where that terminal is meant to be this one, correct `kiosk` in kiosk.toml; "
                          "else move the file beside that terminal's journal, and let its program start. Delete "
                          "nothing");
    }
    UnsavedResponse unsaved{record->response, {}};
    for (const boost::json::value& entry : members.list("texts")) {
        survey::ObjectReader text(entry, "texts", faults);
        unsaved.texts.push_back({0, survey::ItemId{text.text("item")}, text_of(text.text("bytes"))});
    }
    if (!faults.empty()) return unexpected(survey::describe(faults, "the line"));
    if (!fit(unsaved)) return unexpected(std::string("its texts do not fit its answers"));
    return unsaved;
}

UnsavedFile::UnsavedFile(const std::filesystem::path& journal, survey::KioskId kiosk,
                         std::vector<std::shared_ptr<const survey::Questionnaire>> questionnaires)
    : file_(journal.string() + "-unsaved"), kiosk_(std::move(kiosk)), questionnaires_(std::move(questionnaires)) {}

Expected<void, std::string> UnsavedFile::add(const std::vector<UnsavedResponse>& responses) const {
    const auto before = read();
    if (!before) return unexpected(before.error());
    std::vector<std::string> lines;
    for (const Line& line : *before)
        lines.push_back(line.text);
    for (const UnsavedResponse& one : responses)
        lines.push_back(unsaved_line(kiosk_, one));
    return leave(lines);
}

Expected<std::vector<UnsavedFile::Line>, std::string> UnsavedFile::read() const {
    std::vector<Line> lines;
    std::error_code none;
    if (!std::filesystem::exists(file_, none)) return lines;
    const auto content = survey::read_file(file_, kBytesMax);
    if (!content) return unexpected(content.error());
    for (std::string_view rest = *content; !rest.empty();) {
        const std::string_view text = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(text.size() + 1, rest.size()));
        if (text.empty()) continue;
        Line line{std::string(text), {}, nullptr, {}};
        if (auto unsaved = parse_unsaved_line(kiosk_, text)) {
            line.unsaved = std::move(*unsaved);
            const auto& ref = line.unsaved.response.questionnaire;
            const auto found = std::find_if(questionnaires_.begin(), questionnaires_.end(),
                                            [&](const auto& one) { return one->ref == ref; });
            if (found == questionnaires_.end()) {
                line.trouble = "questionnaire \"" + ref.id.text + "\" version " + std::to_string(ref.version) +
                               " is not on this terminal. It is safe: put that questionnaire's file into the "
                               "questionnaires folder, or start the version of the program that asked it";
            } else {
                line.questionnaire = *found;
            }
        } else {
            line.trouble = unsaved.error();
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

Expected<void, std::string> UnsavedFile::leave(const std::vector<std::string>& lines) const {
    if (lines.empty()) {
        std::error_code failed;
        std::filesystem::remove(file_, failed);
        if (failed) return unexpected(file_.string() + ": can't be removed: " + failed.message());
        return {};
    }
    std::string content;
    for (const std::string& line : lines)
        content += line + '\n';
    return survey::write_file(file_, content, survey::Readers::owner);
}

}  // namespace hailong::kiosk
