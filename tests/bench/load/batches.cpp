#include "tests/bench/load/batches.h"

#include <algorithm>
#include <functional>
#include <random>
#include <stdexcept>

#include "survey/base/host.h"
#include "survey/crypto/digest.h"
#include "survey/record.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/compression.h"

namespace hailong::bench {
namespace {

using std::chrono::milliseconds;

constexpr const char* kBoot = "4be4a5a2-1111-4222-8333-444455556666";
/// What the machine's monotonic clock shows when the batches are sent: it has run for longer than the visits reach
/// back.
constexpr milliseconds kUptime = std::chrono::hours(24 * 30);
constexpr milliseconds kCollecting = std::chrono::hours(24 * 14);

survey::Moment at(survey::UtcTime time, survey::UtcTime now) {
    survey::Moment moment;
    moment.utc = time;
    moment.monotonic = survey::MonoTime(kUptime - (now - time));
    return moment;
}

survey::UuidEntropy entropy(std::mt19937_64& random) {
    survey::UuidEntropy bytes{};
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

survey::Response visit(const Visited& where, survey::UtcTime finished, std::mt19937_64& random) {
    survey::Response response;
    response.id = survey::make_uuid7(finished, entropy(random));
    response.questionnaire = {where.center.questionnaire, 2};
    response.started = at(finished - std::chrono::seconds(6 + random() % 20), where.now);
    response.finished = at(finished, where.now);
    response.boot_id = kBoot;
    response.server_offset = milliseconds{static_cast<std::int64_t>(random() % 400)};
    const survey::Procedure& procedure = where.center.procedures[random() % where.center.procedures.size()];
    response.context.center = where.center.id;
    response.context.counter = procedure.counter;
    response.context.field = procedure.field;
    response.context.procedure = procedure.id;
    for (const survey::Officer& officer : where.center.officers) {
        if (officer.counter == procedure.counter && random() % 2 == 0) response.context.officer = officer.id;
    }
    const int level = random() % 12 == 0 ? static_cast<int>(1 + random() % 3) : static_cast<int>(4 + random() % 2);
    response.answers.push_back({{"overall"}, {std::to_string(level)}, {}});
    if (!response.context.officer.text.empty()) {
        response.answers.push_back({{"o_all"}, {std::to_string(3 + random() % 3)}, {}});
    }
    if (level <= 3) response.answers.push_back({{"reason"}, {random() % 2 == 0 ? "wait" : "guidance"}, {}});
    response.complete = true;
    return response;
}

}  // namespace

Visited sample_center() {
    const auto text = survey::read_file(std::string(HAILONG_SOURCE_DIR) + "/assets/demo/center.json");
    if (!text) throw std::runtime_error(text.error());
    const auto center = survey::parse_center(*text);
    if (!center) throw std::runtime_error("the sample center has faults");
    return {*center, survey::SystemClock().now()};
}

Line collected(const Enrolled& terminal, const Visited& where, std::int64_t records, std::int64_t batch) {
    std::mt19937_64 random(std::hash<std::string>{}(terminal.kiosk));
    sync::BatchHeader header;
    header.kiosk = {terminal.kiosk};
    header.last_hash = survey::kChainStart;
    header.sent = where.now;
    header.boot = kBoot;
    header.sent_monotonic = kUptime;
    header.counters.collected = records;
    for (int day = 0; day < 15; ++day)
        header.counters.days[survey::local_date(where.now - std::chrono::days(day))] = (records + 14) / 15;
    const std::string path = "/v1/terminals/" + terminal.kiosk + "/batches";
    Line line;
    for (std::int64_t first = 1; first <= records; first += batch) {
        header.first_seq = first;
        header.count = std::min(batch, records - first + 1);
        header.previous_hash = header.last_hash;
        header.counters.delivered = first - 1;
        std::vector<std::string> lines;
        for (std::int64_t seq = first; seq < first + header.count; ++seq) {
            const survey::UtcTime finished = where.now - kCollecting + seq * (kCollecting / (records + 1));
            lines.push_back(survey::encode({{terminal.kiosk}, seq, visit(where, finished, random)}));
            header.last_hash = survey::chain(header.last_hash, lines.back());
        }
        const std::string body =
            sync::compress(sync::encode_batch(header, lines, {}, terminal.key), sync::Encoding::zstd);
        line.requests.push_back({post(path, terminal.token, "zstd", body), first + header.count - 1});
    }
    return line;
}

}  // namespace hailong::bench
