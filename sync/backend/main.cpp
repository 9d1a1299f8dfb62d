#include <iostream>

#include "survey/base/host.h"
#include "sync/backend/cli/commands.h"

int main(int argc, char** argv) {
    const hailong::survey::SystemClock clock;
    return hailong::sync::run_backend(argc, argv, clock, std::cout, std::cerr);
}
