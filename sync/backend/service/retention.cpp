#include "sync/backend/service/retention.h"

#include <utility>

#include "sync/backend/comments/believed_clock.h"
#include "sync/backend/comments/sealed_texts.h"
#include "sync/backend/service/write_and_wait.h"

namespace hailong::sync {

TextRetention::TextRetention(WriteQueue& queue, const survey::Clock& clock, std::chrono::days keep, Log log,
                             std::chrono::milliseconds interval, std::function<void()> also)
    : queue_(queue),
      clock_(clock),
      keep_(keep),
      log_(std::move(log)),
      rounds_(interval, [this, also = std::move(also)] {
          erase_all_old();
          if (also) also();
      }) {}

void TextRetention::erase_all_old() {
    if (!is_clock_believed()) return;
    if (believed_since_ && clock_.now() - *believed_since_ < keep_) return;
    std::int64_t sum = 0;
    for (;;) {
        const auto erased = write_and_wait(queue_, [keep = keep_, now = clock_.now()](Transaction& transaction) {
            return erase_old_texts(keep, now, transaction);
        });
        // The writer has told of a refusal; the next round tries again.
        if (!erased) break;
        sum += *erased;
        if (*erased < static_cast<std::int64_t>(kErasedAtOnceMax)) break;
        if (rounds_.is_stopping()) break;
    }
    if (sum > 0) {
        log_("erased the texts beside " + std::to_string(sum) + " answers: they were kept for " +
             std::to_string(keep_.count()) + " days");
    }
}

/// As the writer examined it, just now if that was due. Tells when a doubt begins and when it ends.
bool TextRetention::is_clock_believed() {
    const auto belief = write_and_wait(
        queue_, [now = clock_.now()](Transaction& transaction) { return believed_clock(transaction, now); });
    if (!belief) return false;
    const std::string sentence = sentence_of(*belief);
    if (sentence != doubt_) {
        log_(sentence.empty() ? "this machine's clock is believed again. Texts that came before now are kept as long "
                                "as if they had come now. Whether answers were dated wrongly meanwhile, "
                                "`hailong-backend times` says"
                              : sentence);
    }
    doubt_ = sentence;
    believed_since_ = belief->believed_since;
    return doubt_.empty();
}

}  // namespace hailong::sync
