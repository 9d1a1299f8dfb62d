// A wall clock that lies, for shipped programs (libfaketime). Monotonic time stays true, as it does on a machine whose
// clock was set wrong.
#pragma once

#include <string>

#include "tests/e2e/product.h"

namespace hailong::tests {

class LyingClock {
  public:
    /// `offset` as libfaketime writes it: "-1d", "+3650d", "+0".
    explicit LyingClock(const std::string& offset);
    /// Steps, also under programs that run already.
    void set(const std::string& offset) const;
    /// What a program is started with that is to believe it.
    [[nodiscard]] Process::Environment environment() const;

  private:
    TemporaryFolder folder_;
    std::string library_;
};

}  // namespace hailong::tests
