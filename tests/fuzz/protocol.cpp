// What travels between a terminal and the backend.
#include <algorithm>

#include "survey/base/check.h"
#include "survey/crypto/keys.h"
#include "survey/record.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/bundle.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/reply.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {
namespace {

using survey::check;

/// What is unpacked here at most: far below the protocol's limit, so that a run is quick.
constexpr std::size_t kUnpackedMax = 256 * 1'024;

/// The same in every run, so that an input means the same.
template <class Key>
Key key_of(std::uint8_t byte) {
    Key key;
    key.bytes.fill(byte);
    return key;
}

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
    check(header.first_seq >= 1 && header.first_seq <= survey::kSeqMax - header.count + 1, "numbers can be counted on");
    std::string as_sent = batch->header_bytes + "\n";
    for (const std::string& one : batch->records)
        as_sent += one + "\n";
    check(body.starts_with(as_sent), "not a byte of a header or a record is lost");
    check(header.texts == static_cast<std::int64_t>(batch->texts.size()), "as many texts as the header says");

    const auto key = key_of<survey::SignSecretKey>(4);
    const auto again = sync::decode_batch(encode_batch(header, batch->records, batch->texts, key));
    check(again && again->records == batch->records && again->texts == batch->texts,
          "a batch reads back as it was written");
    sync::BatchHeader expected = header;
    expected.texts_hash = again->header.texts_hash;  // over the texts as we write them
    check(again->header == expected, "a header reads back as it was written");
    check(sync::is_signed_by(again->header_bytes, again->signature, public_half(key)),
          "a batch is signed by who sent it");
    check(!sync::is_signed_by(again->header_bytes + " ", again->signature, public_half(key)), "and nothing else is");
    check(sync::decode_header(batch->header_bytes) == header, "a header that was kept means what it meant");
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
        check(!unpacked.error().what.empty(), "a refusal says why");
    }
    if (input.size() > kUnpackedMax) return;
    check(sync::decompress(sync::compress(input, encoding), encoding, kUnpackedMax) == std::string(input),
          "any bytes survive packing");
}

void enrolment(std::string_view input) {
    if (const auto request = sync::decode_enrolment_request(input)) {
        check(sync::decode_enrolment_request(encode(*request)) == *request, "a request reads back as it was written");
        check(sync::parse_code(request->code) == request->code, "the code of a request is one");
        static_cast<void>(verifies(proof_text(*request), request->proof, request->public_key));
    }
    if (const auto answer = sync::decode_enrolment(input)) {
        check(sync::decode_enrolment(encode(*answer)) == *answer, "an enrolment reads back as it was written");
    }
    if (const auto code = sync::parse_code(input)) {
        check(code->size() == sync::kCodeCharacters, "a code has its length");
        check(sync::parse_code(sync::show_code(*code)) == *code, "a code as shown is that code");
    }
}

void bundle(std::string_view input) {
    const auto transport = key_of<survey::BoxSecretKey>(2);
    const auto sign = key_of<survey::SignSecretKey>(1);
    // "s": the rest is packed and sealed as a terminal does behind its first line; "a": signed as the backend does;
    // else as it stands.
    std::string bytes(input);
    if (input.starts_with("s\n")) {
        const std::string_view rest = input.substr(2);
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string inside(rest.substr(std::min(end + 1, rest.size())));
        bytes = std::string(rest.substr(0, end)) + "\n" +
                survey::seal(sync::compress(inside, sync::Encoding::zstd), public_half(transport));
    } else if (input.starts_with("a\n")) {
        const std::string_view rest = input.substr(2);
        const std::string line(rest.substr(0, rest.find('\n')));
        const auto signature = survey::sign("hailong-answer-1\n" + line, sign);
        bytes = line + "\n{\"signature\":\"" + survey::key_text(signature) + "\"}\n";
    }
    const auto label = sync::decode_label(bytes);
    if (const auto opened = sync::open_bundle(bytes, transport)) {
        sync::BundleLabel outside = label.value_or(sync::BundleLabel{});
        outside.batches = static_cast<std::int64_t>(opened->bodies.size());
        check(outside == opened->label, "what stands on the outside decides nothing but is shown");
        check(!opened->bodies.empty() && opened->bodies.size() <= sync::kBundleBatchesMax, "a bundle keeps its limit");
        check(sync::open_bundle(encode_bundle(*opened, public_half(transport)), transport) == *opened,
              "a bundle reads back as it was written");
        check(!sync::open_bundle(bytes, key_of<survey::BoxSecretKey>(3)), "a bundle is opened by its key alone");
    }
    if (const auto answer = sync::decode_answer(bytes, public_half(sign))) {
        check(sync::decode_answer(encode(*answer, sign), public_half(sign)) == *answer,
              "an answer reads back as it was written");
        check(!sync::decode_answer(bytes, public_half(key_of<survey::SignSecretKey>(9))),
              "an answer is believed by its key alone");
    }
}

void record(std::string_view input) {
    check_record(input);
}

void reply(std::string_view input) {
    if (const auto receipt = sync::decode_receipt(input)) check_receipt(*receipt);
    if (const auto problem = sync::decode_problem(input)) check_problem(*problem);
}

}  // namespace hailong::fuzz
