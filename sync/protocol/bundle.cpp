#include "sync/protocol/bundle.h"

#include <charconv>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;

constexpr std::int64_t kBundleVersion = 1;
constexpr std::size_t kLabelBytesMax = 1'024;
constexpr std::string_view kAnswerSignedAs = "hailong-answer-1\n";
constexpr const char* kVersionPlace = "label.bundle";
constexpr const char* kCopyAgain = "copy the file again, whole, from where it was written";

Faults fault(std::string place, std::string what, std::string remedy = kCopyAgain) {
    return {{std::move(place), std::move(what), std::move(remedy)}};
}

/// Length, line feed, body; again and again.
Expected<std::vector<std::string>, Faults> split_bodies(std::string_view plain) {
    std::vector<std::string> bodies;
    while (!plain.empty()) {
        std::size_t length = 0;
        const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), length);
        const auto digits = static_cast<std::size_t>(end - plain.data());
        if (error != std::errc() || digits >= plain.size() || plain[digits] != '\n' ||
            length > plain.size() - digits - 1) {
            return unexpected(fault("batch " + std::to_string(bodies.size() + 1), "has no length that fits"));
        }
        if (bodies.size() == kBundleBatchesMax) {
            return unexpected(fault("", "holds more than " + std::to_string(kBundleBatchesMax) + " batches"));
        }
        bodies.emplace_back(plain.substr(digits + 1, length));
        plain.remove_prefix(digits + 1 + length);
    }
    if (bodies.empty()) return unexpected(fault("", "holds no batch"));
    return bodies;
}

/// Nothing but another version in it keeps a bundle from being opened: it is for people.
Expected<BundleLabel, Faults> label_for_people(std::string_view bytes) {
    auto label = decode_label(bytes);
    if (label) return label;
    const bool is_of_another_version = label.error().front().place == kVersionPlace;
    if (is_of_another_version || bytes.substr(0, kLabelBytesMax + 1).find('\n') == std::string_view::npos) {
        return unexpected(label.error());
    }
    return BundleLabel{};
}

}  // namespace

std::string encode_bundle(const Bundle& bundle, const survey::BoxPublicKey& transport) {
    const BundleLabel& label = bundle.label;
    survey::check(label.batches == static_cast<std::int64_t>(bundle.bodies.size()) && !bundle.bodies.empty() &&
                      bundle.bodies.size() <= kBundleBatchesMax,
                  "a bundle holds as many batches as it says");
    std::string plain;
    for (const std::string& body : bundle.bodies)
        plain.append(std::to_string(body.size())).append("\n").append(body);
    return survey::canonical_json(json::object{
               {"batches", label.batches},
               {"bundle", kBundleVersion},
               {"created_ms", label.created.time_since_epoch().count()},
               {"first_seq", label.first_seq},
               {"kiosk", label.kiosk.text},
               {"last_seq", label.last_seq},
           }) +
           "\n" + survey::seal(compress(plain, Encoding::zstd), transport);
}

Expected<BundleLabel, Faults> decode_label(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, kLabelBytesMax + 1).find('\n');
    if (end == std::string_view::npos) return unexpected(fault("", "is no bundle of a terminal", "name its file"));
    const auto value = survey::parse_json(bytes.substr(0, end));
    if (!value) return unexpected(fault("", "is no bundle of a terminal", "name its file"));
    Faults faults;
    ObjectReader reader(*value, "label", faults);
    BundleLabel label;
    const std::int64_t version = reader.maybe_integer("bundle", 0, survey::kJsonIntegerMax).value_or(kBundleVersion);
    if (!reader.has("bundle")) faults.push_back({"label", "names no version", "name the file of a bundle"});
    if (version != kBundleVersion) {
        return unexpected(fault(kVersionPlace, "is version " + std::to_string(version),
                                "use the same version of the programs at both ends"));
    }
    label.batches = reader.integer("batches", 1, static_cast<std::int64_t>(kBundleBatchesMax));
    label.created = read_time(reader, "created_ms");
    label.first_seq = reader.integer("first_seq", 1, survey::kSeqMax);
    label.kiosk = {reader.identifier("kiosk")};
    label.last_seq = reader.integer("last_seq", label.first_seq, survey::kSeqMax);
    if (!faults.empty()) return unexpected(std::move(faults));
    return label;
}

Expected<Bundle, Faults> open_bundle(std::string_view bytes, const survey::BoxSecretKey& transport) {
    if (bytes.size() > kBundleBytesMax) return unexpected(fault("", "is larger than a bundle can be"));
    auto label = label_for_people(bytes);
    if (!label) return unexpected(label.error());
    const auto packed = survey::open_box(bytes.substr(bytes.find('\n') + 1), transport);
    if (!packed) {
        return unexpected(fault("", "can't be opened: it was made for another backend, or is damaged",
                                "check that the terminal is enrolled here, then export again"));
    }
    const auto plain = decompress(*packed, Encoding::zstd, kBundleBytesMax);
    if (!plain) return unexpected(fault("", plain.error().what));
    auto bodies = split_bodies(*plain);
    if (!bodies) return unexpected(bodies.error());
    label->batches = static_cast<std::int64_t>(bodies->size());
    return Bundle{std::move(*label), std::move(*bodies)};
}

std::string encode(const BundleAnswer& answer, const survey::SignSecretKey& key) {
    json::object object{{"answer", kBundleVersion}, {"batch", answer.batch}, {"kiosk", answer.kiosk.text}};
    if (!answer.inbox.empty()) {
        object["inbox"] = answer.inbox;
        object["version"] = answer.version;
    }
    const std::string line = survey::canonical_json(object);
    const survey::Signature signature = survey::sign(std::string(kAnswerSignedAs) + line, key);
    return line + '\n' + survey::canonical_json(json::object{{"signature", survey::key_text(signature)}}) + '\n';
}

Expected<BundleAnswer, Faults> decode_answer(std::string_view bytes, const survey::SignPublicKey& key) {
    if (bytes.size() > kBundleBytesMax) return unexpected(fault("", "is larger than an answer can be"));
    const std::size_t end = bytes.find('\n');
    const auto value = survey::parse_json(bytes.substr(0, end));
    const auto trailer = survey::parse_json(end == std::string_view::npos ? "" : bytes.substr(end + 1));
    if (!value || !trailer) return unexpected(fault("", "is no answer of a backend", "name the file it wrote"));
    Faults faults;
    ObjectReader signature_reader(*trailer, "signature", faults);
    const auto signature = survey::parse_key<survey::Signature>(signature_reader.text("signature"));
    if (!faults.empty()) return unexpected(std::move(faults));
    if (!signature ||
        !survey::verifies(std::string(kAnswerSignedAs) + std::string(bytes.substr(0, end)), *signature, key)) {
        return unexpected(fault("signature", "is not this terminal's backend's", "bring the answer of the right one"));
    }
    ObjectReader reader(*value, {}, faults);
    BundleAnswer answer;
    if (reader.integer("answer", 1, survey::kJsonIntegerMax) != kBundleVersion && faults.empty()) {
        reader.fault("answer", "is of another version", "use the same version of the programs at both ends");
    }
    answer.kiosk = {reader.identifier("kiosk")};
    answer.batch = reader.text("batch");
    answer.inbox = reader.text_or("inbox", {});
    answer.version = reader.text_or("version", {});
    if (!faults.empty()) return unexpected(std::move(faults));
    return answer;
}

}  // namespace hailong::sync
