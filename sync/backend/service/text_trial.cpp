#include "sync/backend/service/text_trial.h"

#include <chrono>

#include "sync/backend/comments/tried_texts.h"
#include "sync/backend/service/write_and_wait.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

constexpr std::chrono::hours kTextTrialInterval{24};

}  // namespace

void TextTrial::look() {
    const survey::MonoTime now = clock_.monotonic();
    if (looked_ && now - *looked_ < kTextTrialInterval) return;
    const auto reader = store_.read();
    const auto before = reader ? tried_texts((*reader)->facts()) : unexpected(reader.error());
    if (!before) return;  // the writer tells of a store that fails; the next round tries again
    looked_ = now;
    metrics_.texts_tried(before->time, before->unopened);
    std::error_code error;
    if (!std::filesystem::exists(key_file_, error)) {
        return tell(
            "whether what people write can be opened is not tried here: the key of texts is kept elsewhere, as "
            "it should be. Sealed texts were " +
            sentence_of(*before));
    }
    const auto key = read_text_key(key_file_);
    if (!key) return tell("whether what people write can be opened was not tried: " + key.error());
    told_.clear();
    const auto found = try_texts(*before, *key, **reader);
    if (!found) return log_("sealed texts were not tried: " + found.error().what + "; it is tried again tomorrow");
    const auto kept = write_and_wait(queue_, [&found, time = clock_.now()](Transaction& transaction) {
        return keep_try(*found, time, transaction);
    });
    if (!kept) return;
    metrics_.texts_tried(kept->time, kept->unopened);
    if (found->unopened.empty()) return;
    log_("of the sealed texts that are new " + std::to_string(found->unopened.size()) +
         " can't be opened with this backend's key, the first beside record " +
         std::to_string(found->unopened.front().seq) + " of " + found->unopened.front().kiosk.text +
         ": `hailong-backend incidents` says which, and what to do");
}

void TextTrial::tell(const std::string& sentence) {
    if (sentence != told_) log_(sentence);
    told_ = sentence;
}

}  // namespace hailong::sync
