// What travels between a terminal and the backend.
#include "survey/check.h"
#include "survey/record.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/reply.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {
namespace {

using survey::check;

/// What is unpacked here at most: far below the protocol's limit, so that a run is quick.
constexpr std::size_t kUnpackedMax = 256 * 1'024;

void check_problem(const sync::Problem& problem) {
    const std::string text = encode(problem);
    const auto again = sync::decode_problem(text);
    check(again && *again == problem, "a problem reads back as it was written");
}

void check_receipt(const sync::Receipt& receipt) {
    const std::string text = encode(receipt);
    const auto again = sync::decode_receipt(text);
    check(again && *again == receipt, "a receipt reads back as it was written");
    check(encode(*again) == text, "a receipt has one canonical text");
}

void check_record(std::string_view bytes) {
    const auto record = survey::decode(bytes);
    if (!record) return check(!record.error().empty(), "a refused record has a fault");
    check(bytes.size() <= survey::kRecordBytesMax, "a record keeps its limit");
    const std::string text = encode(*record);
    const auto again = survey::decode(text);
    check(again && *again == *record, "a record reads back as it was written");
    check(encode(*again) == text, "a record has one canonical text");
    check(text.find('\n') == std::string::npos, "a record is one line");
}

void check_batch(std::string_view body) {
    const auto batch = sync::decode_batch(body);
    if (!batch) return check_problem(sync::problem_of(batch.error()));
    const sync::BatchHeader& header = batch->header;
    check(header.protocol == sync::kProtocolVersion, "only this protocol is read");
    check(header.count == static_cast<std::int64_t>(batch->records.size()), "as many records as the header says");
    check(!batch->records.empty() && batch->records.size() <= sync::kBatchRecordsMax, "a batch keeps its limit");
    check(header.first_seq >= 1 && header.first_seq <= sync::kSeqMax - header.count + 1, "numbers can be counted on");
    std::string as_sent = batch->header_bytes + "\n";
    for (const std::string& one : batch->records)
        as_sent += one + "\n";
    check(as_sent == body, "not a byte of a batch is lost");
    const auto again = sync::decode_batch(encode_batch(header, batch->records));
    check(again && again->header == header && again->records == batch->records, "a batch reads back as it was written");
    for (const std::string& one : batch->records)
        check_record(one);
}

}  // namespace

void batch(std::string_view input) {
    check_batch(input);
}

void compressed(std::string_view input) {
    if (input.empty()) return;
    const sync::Encoding encoding = input[0] == 'z'   ? sync::Encoding::zstd
                                    : input[0] == 'g' ? sync::Encoding::gzip
                                                      : sync::Encoding::identity;
    const auto unpacked = sync::decompress(input.substr(1), encoding, kUnpackedMax);
    if (unpacked) {
        check(unpacked->size() <= kUnpackedMax, "unpacking keeps its limit");
        check(sync::decompress(sync::compress(*unpacked, encoding), encoding, kUnpackedMax) == *unpacked,
              "packing and unpacking gives the same bytes");
        check_batch(*unpacked);
    } else {
        check(!unpacked.error().empty(), "a refusal says why");
    }
    if (input.size() > kUnpackedMax) return;
    check(sync::decompress(sync::compress(input, encoding), encoding, kUnpackedMax) == std::string(input),
          "any bytes survive packing");
}

void record(std::string_view input) {
    check_record(input);
}

void reply(std::string_view input) {
    if (const auto receipt = sync::decode_receipt(input)) check_receipt(*receipt);
    if (const auto problem = sync::decode_problem(input)) check_problem(*problem);
}

}  // namespace hailong::fuzz
