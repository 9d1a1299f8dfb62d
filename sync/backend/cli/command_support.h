// What the commands share: how a refusal is said.
#pragma once

#include <ostream>
#include <string>

#include "sync/backend/cli/commands.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

inline Exit refuse(std::ostream& err, const std::string& sentence) {
    err << "hailong-backend: " << sentence << '\n';
    return Exit::refused;
}

inline Exit refuse(std::ostream& err, const StoreError& error) {
    return refuse(err, error.what + "; " + error.remedy);
}

inline Exit misused(std::ostream& err, const std::string& sentence) {
    err << "hailong-backend: " << sentence << '\n';
    return Exit::usage;
}

}  // namespace hailong::sync
