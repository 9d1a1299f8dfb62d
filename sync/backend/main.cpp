#include <iostream>

#include "survey/host/host.h"
#include "sync/backend/service/commands.h"

int main(int argc, char** argv) {
    const hailong::survey::SystemClock clock;
    return hailong::sync::run_backend(argc, argv, clock, std::cout, std::cerr);
}
