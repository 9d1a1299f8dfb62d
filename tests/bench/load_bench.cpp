// How much the shipped backend takes in, measured from outside: terminals send signed, compressed batches over loopback
// on connections that stay open, and wait for each receipt. By the size of a batch, and for a night in which many
// terminals each bring what one day collected. The generator runs on the same machine; its share is said on standard
// error.
//
//   load_bench                                   what scripts/bench reports
//   load_bench --batch 30 --terminals 50         one size of batch
//   load_bench --terminals 1000 --each 154       a night
//   load_bench --bin DIR                         the programs of another build
#include <algorithm>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "tests/bench/load/backend.h"
#include "tests/bench/load/batches.h"
#include "tests/bench/load/sending.h"
#include "tests/bench/report.h"

namespace {

using namespace hailong::bench;

/// Connections at a time: more terminals take turns, as a proxy in front of the backend has them do.
constexpr int kConnectionsMax = 200;
constexpr int kThreads = 2;

struct Load {
    int terminals = 20;
    std::int64_t each = 0;  // records of one terminal
    std::int64_t batch = 500;
    bool verified = false;  // recount everything afterwards
};

struct Measured {
    double records_per_s = 0;
    double server_ms_per_1000 = 0;  // of processor time
    double generator_ms_per_1000 = 0;
    double resident_max_mb = 0;
    double bytes_per_record = 0;
    double log_max_mb = 0;
    std::int64_t sent_again = 0;
};

double own_cpu_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Measured measure(const std::string& bin, const Load& load) {
    LoadBackend backend(bin, load.terminals);
    const Visited where = sample_center();
    std::vector<Line> lines;
    for (const Enrolled& terminal : backend.terminals())
        lines.push_back(collected(terminal, where, load.each, load.batch));
    const double records = static_cast<double>(load.each) * load.terminals;
    const auto store_before = backend.store_bytes() + backend.log_bytes();
    const double cpu_before = backend.usage().cpu_s;
    const double own_before = own_cpu_s();
    const Sent sent = send_all(backend.port(), lines, std::min(load.terminals, kConnectionsMax), kThreads);
    Measured measured;
    measured.generator_ms_per_1000 = (own_cpu_s() - own_before) * 1e6 / records;
    const Usage after = backend.usage();
    measured.records_per_s = records / sent.took.count();
    measured.server_ms_per_1000 = (after.cpu_s - cpu_before) * 1e6 / records;
    measured.resident_max_mb = after.resident_max_mb;
    measured.log_max_mb = static_cast<double>(backend.log_bytes()) / 1e6;
    measured.sent_again = sent.sent_again;
    backend.stop();
    measured.bytes_per_record = static_cast<double>(backend.store_bytes() - store_before) / records;
    if (load.verified) backend.verify();
    std::fprintf(stderr,
                 "%5d terminals x %5lld by %3lld: %7.0f records/s; for 1,000 records the backend used %.2f ms, the "
                 "generator %.2f ms; %.0f MB resident, %.0f bytes a record, log %.0f MB, %lld sent again\n",
                 load.terminals, static_cast<long long>(load.each), static_cast<long long>(load.batch),
                 measured.records_per_s, measured.server_ms_per_1000, measured.generator_ms_per_1000,
                 measured.resident_max_mb, measured.bytes_per_record, measured.log_max_mb,
                 static_cast<long long>(measured.sent_again));
    return measured;
}

/// As many as keep the measurement short at this size of batch.
std::int64_t records_of_one(std::int64_t batch, int terminals) {
    const std::int64_t all = batch == 1 ? 20'000 : 300'000;
    return std::max<std::int64_t>(1, all / terminals / batch) * batch;
}

void report_all(const std::string& bin) {
    struct Size {
        std::int64_t batch;
        const char* name;
        double at_least;
    };
    for (const Size& size : {Size{1, "load_by_1", 2'500}, Size{30, "load_by_30", 60'000},
                             Size{154, "load_by_154", 65'000}, Size{500, "load_by_500", 75'000}}) {
        const Measured measured =
            measure(bin, {.terminals = 20, .each = records_of_one(size.batch, 20), .batch = size.batch});
        report(size.name, measured.records_per_s, "records/s", size.at_least, Better::more);
        if (size.batch == 500) {
            report("load_server_ms_per_1000", measured.server_ms_per_1000, "ms", 25, Better::less);
            report("load_bytes_per_record", measured.bytes_per_record, "bytes", 600, Better::less);
        }
    }
    const Measured night = measure(bin, {.terminals = 1'000, .each = 154, .batch = 500});
    report("load_night", night.records_per_s, "records/s", 30'000, Better::more);
    report("load_night_resident", night.resident_max_mb, "MB", 600, Better::less);
    report("load_night_log", night.log_max_mb, "MB", 300, Better::less);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"How much the shipped backend takes in, measured from outside."};
    std::string bin = std::string(HAILONG_BINARY_DIR) + "/bin";
    Load load;
    app.add_option("--bin", bin, "Folder of the programs")->capture_default_str();
    const CLI::Option* terminals = app.add_option("--terminals", load.terminals, "Terminals");
    const CLI::Option* each = app.add_option("--each", load.each, "Records of each terminal");
    const CLI::Option* batch = app.add_option("--batch", load.batch, "Most records in a batch, 1 to 500");
    app.add_flag("--verify", load.verified, "Recount everything afterwards");
    CLI11_PARSE(app, argc, argv);
    try {
        if (terminals->count() + each->count() + batch->count() == 0) {
            report_all(bin);
        } else {
            if (load.each == 0) load.each = records_of_one(load.batch, load.terminals);
            measure(bin, load);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "load_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
