// Assertions about our own code, on in release builds too. Never for input: a peer or a file can't trip one.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace hailong::survey {

/// Ends the program when `holds` is false: what follows would act on a state that our own reasoning excludes.
/// `what` states the invariant that should have held.
inline void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "hailong: broken invariant: %s\n", what);
    std::abort();
}

}  // namespace hailong::survey
