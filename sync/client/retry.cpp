#include "sync/client/retry.h"

#include <algorithm>

namespace hailong::sync {

using survey::milliseconds;

milliseconds Backoff::after_failure(int retry_after_s) {
    milliseconds widest = policy_.first;
    for (int i = 0; i < failures_ && widest < policy_.most; ++i)
        widest *= 2;
    widest = std::min(widest, policy_.most);
    if (widest < policy_.most) failures_ += 1;
    std::uniform_int_distribution<milliseconds::rep> jitter(0, widest.count());
    const milliseconds asked = std::chrono::seconds{std::max(0, retry_after_s)};
    return std::min(asked, policy_.retry_after_most) + milliseconds{jitter(generator_)};
}

}  // namespace hailong::sync
