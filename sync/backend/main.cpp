#include <iostream>

#include "survey/base/host.h"
#include "sync/backend/cli/commands.h"
#include "sync/backend/service/service.h"

int main(int argc, char** argv) {
    using namespace hailong;
    survey::keep_files_to_owner();
    const survey::SystemClock clock;
    return sync::run_backend(argc, argv, sync::Service::start, clock, std::cout, std::cerr);
}
