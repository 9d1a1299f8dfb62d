#include "sync/backend/service/trouble_log.h"

namespace hailong::sync {

void TroubleLog::refused(const std::string& why) {
    {
        const std::lock_guard lock(mutex_);
        last_ = clock_.monotonic();
        if (told_.size() >= kTroublesToldMax || !told_.insert(why).second) return;
    }
    log_("what was asked for could not be answered: " + why);
}

void TroubleLog::answered() {
    {
        const std::lock_guard lock(mutex_);
        if (told_.empty() || clock_.monotonic() - last_ < kTroubleEndsAfter) return;
        told_.clear();
    }
    log_("what is asked for is answered again; nothing is to be done");
}

}  // namespace hailong::sync
