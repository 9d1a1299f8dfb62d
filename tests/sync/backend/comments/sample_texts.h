// A questionnaire that asks for words, and records that have some.
#pragma once

#include "survey/crypto/sealed_text.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

inline survey::BoxSecretKey words_key() {
    survey::BoxSecretKey key;
    key.bytes.fill(3);
    return key;
}

/// Version 3 of W5: as version 1, and asks for a comment and a telephone number.
inline std::string wordy_questionnaire() {
    std::string json = questionnaire_json("W5", 3);
    const std::string end = "]}";
    json.insert(json.rfind(end), R"(,{"id":"comment","type":"text","text":{"vi":"Góp ý?","en":"Comment?"}},)"
                                 R"({"id":"phone","type":"phone","text":{"vi":"Số điện thoại?","en":"Phone?"}})");
    return json;
}

struct Wordy {
    survey::Response response;
    std::vector<Box> boxes;
};

/// visit() with words: item and text.
inline Wordy wordy_visit(std::uint64_t number, std::int64_t seq,
                         const std::vector<std::pair<std::string, std::string>>& words) {
    Wordy result{visit(number), {}};
    result.response.questionnaire.version = 3;
    for (const auto& [item, text] : words) {
        survey::SealedText sealed = survey::seal_words(text, survey::public_half(words_key()));
        result.response.answers.push_back({{item}, {}, sealed.hash});
        result.boxes.push_back({seq, {item}, std::move(sealed.box)});
    }
    return result;
}

/// A terminal whose visitors write.
class WordyJournal {
  public:
    explicit WordyJournal(const std::string& kiosk = "K1") : journal_(kiosk) {}

    void add(const std::vector<std::pair<std::string, std::string>>& words) {
        const std::int64_t seq = journal_.size() + 1;
        const auto number = static_cast<std::uint64_t>(seq) + (journal_.kiosk().text == "K1" ? 0u : 1'000u);
        Wordy wordy = wordy_visit(number, seq, words);
        journal_.add(wordy.response);
        boxes_.insert(boxes_.end(), wordy.boxes.begin(), wordy.boxes.end());
    }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] Batch batch(std::int64_t first, std::int64_t last) const {
        std::vector<Box> boxes;
        for (const Box& box : boxes_) {
            if (box.seq >= first && box.seq <= last) boxes.push_back(box);
        }
        return sent(journal_.header(first, last), journal_.records(first, last), boxes);
    }
    [[nodiscard]] Batch all() const { return batch(1, journal_.size()); }

  private:
    Journal journal_;
    std::vector<Box> boxes_;
};

inline void ask_for_words(Backend& backend) {
    auto transaction = must(backend.store->write());
    must(transaction->put_questionnaire({{"W5"}, 3}, wordy_questionnaire()));
    must(transaction->commit());
    backend.reference = must(load_reference(*must(backend.store->read())));
}

/// Puts the boxes of a batch beside its records.
inline void keep_boxes(Backend& backend, const Batch& batch, survey::UtcTime received = noon()) {
    auto transaction = must(backend.store->write());
    for (const Box& box : batch.boxes)
        must(transaction->add_box({batch.header.kiosk, box.seq, box.item, box.bytes, received}));
    must(transaction->commit());
}

}  // namespace hailong::sync::sample
