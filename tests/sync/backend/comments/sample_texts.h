// A questionnaire that asks for texts, and records that have some.
#pragma once

#include "survey/crypto/sealed_text.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync::sample {

inline survey::BoxSecretKey text_key() {
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
    std::vector<survey::SealedText> texts;
};

/// visit() with texts: item and text.
inline Wordy wordy_visit(std::uint64_t number, std::int64_t seq,
                         const std::vector<std::pair<std::string, std::string>>& texts) {
    Wordy result{visit(number), {}};
    result.response.questionnaire.version = 3;
    for (const auto& [item, text] : texts) {
        survey::Sealed sealed = survey::seal_text(text, survey::public_half(text_key()));
        result.response.answers.push_back({{item}, {}, sealed.hash});
        result.texts.push_back({seq, {item}, std::move(sealed.bytes)});
    }
    return result;
}

/// A terminal whose visitors write.
class WordyJournal {
  public:
    explicit WordyJournal(const std::string& kiosk = "K1") : journal_(kiosk) {}

    void add(const std::vector<std::pair<std::string, std::string>>& texts) {
        const std::int64_t seq = journal_.size() + 1;
        const auto number = static_cast<std::uint64_t>(seq) + (journal_.kiosk().text == "K1" ? 0u : 1'000u);
        Wordy wordy = wordy_visit(number, seq, texts);
        journal_.add(wordy.response);
        texts_.insert(texts_.end(), wordy.texts.begin(), wordy.texts.end());
    }
    /// Record `seq` of a journal again, with its texts, under the next number here.
    void add_copy(const WordyJournal& from, std::int64_t seq) {
        journal_.add(survey::decode(from.journal_.bytes_at(seq))->response);
        for (survey::SealedText sealed : std::vector(from.texts_)) {
            if (sealed.seq != seq) continue;
            sealed.seq = journal_.size();
            texts_.push_back(std::move(sealed));
        }
    }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] Batch batch(std::int64_t first, std::int64_t last) const {
        std::vector<survey::SealedText> texts;
        for (const survey::SealedText& sealed : texts_) {
            if (sealed.seq >= first && sealed.seq <= last) texts.push_back(sealed);
        }
        return sent(journal_.header(first, last), journal_.records(first, last), texts);
    }
    [[nodiscard]] Batch all() const { return batch(1, journal_.size()); }

  private:
    Journal journal_;
    std::vector<survey::SealedText> texts_;
};

inline void ask_for_texts(Backend& backend) {
    auto transaction = must(backend.store->write());
    must(transaction->documents().put_questionnaire({{{"W5"}, 3}, wordy_questionnaire()}));
    must(transaction->commit());
    backend.reference = must(load_reference(*must(backend.store->read())));
}

/// Puts the texts of a batch beside its records.
inline void keep_texts(Backend& backend, const Batch& batch, survey::UtcTime received = noon()) {
    auto transaction = must(backend.store->write());
    for (const survey::SealedText& sealed : batch.texts)
        add_text(*transaction, {{batch.header.kiosk, sealed.seq, sealed.item}, sealed.bytes, received});
    must(transaction->commit());
}

}  // namespace hailong::sync::sample
