#include <optional>
#include <string>
#include <utility>

#include "sync/backend/api/csv.h"
#include "sync/backend/api/open_data.h"
#include "sync/backend/figures/figure_json.h"

namespace hailong::sync {
namespace {

class CsvResults {
  public:
    CsvResults(const Results& results, survey::Language language) : results_(results), language_(language) {}

    std::string run() {
        csv_.text("center").text("period").text("first_day").text("last_day").text("part").text("questionnaire");
        csv_.text("item").text("question").text("key").text("label").text("count").text("flagged");
        csv_.text("satisfied").text("total").text("share").text("low").text("high").text("verdict").end();
        for (const Headline& headline : results_.headlines) {
            item(headline.item, "headline");
            quarantined(headline);
            for (const PartResult& one : headline.counters)
                part(headline.item, "counter", one);
            for (const PartResult& one : headline.fields)
                part(headline.item, "field", one);
        }
        for (const Section& section : results_.sections) {
            for (const ItemResult& one : section.items)
                item(one, "item");
        }
        const Integrity& integrity = results_.integrity;
        total("responses", results_.responses, results_.flagged);
        total("received_today", results_.received_today, 0);
        total("collected", integrity.collected, 0);
        total("stored", integrity.stored, 0);
        total("counted", integrity.counted, 0);
        total("quarantined", integrity.quarantined, 0);
        total("missing", integrity.missing, 0);
        total("lost", integrity.lost, 0);
        total("skipped", integrity.skipped, 0);
        total("times_trusted", results_.times.trusted, 0);
        total("times_corrected", results_.times.corrected, 0);
        total("times_doubtful", results_.times.doubtful, 0);
        return csv_.take();
    }

  private:
    void start(std::string part, const ItemResult* result) {
        csv_.text(results_.center.text).text(to_string(results_.period));
        csv_.text(survey::to_string(results_.period.first)).text(survey::to_string(results_.period.last));
        csv_.text(std::move(part));
        if (result == nullptr) {
            csv_.empty(3);
            return;
        }
        std::string versions = result->versions.back().id.text;
        for (const survey::QuestionnaireRef& ref : result->versions)
            versions += " " + std::to_string(ref.version);
        csv_.text(versions).text(result->item.id.text).text(result->item.text.in(language_));
    }

    void figure(const survey::ItemCounts& counts, const std::optional<survey::Satisfaction>& figure) {
        if (figure) {
            csv_.plain(std::to_string(counts.satisfied)).plain(std::to_string(counts.valid));
            csv_.plain(number_text(figure->share))
                .plain(number_text(figure->interval.low))
                .plain(number_text(figure->interval.high));
            csv_.text(std::string(name(figure->verdict)));
        } else {
            csv_.empty(6);
        }
        csv_.end();
    }

    /// Nothing is told of fewer than kCellMin answers: those cells are empty.
    void item(const ItemResult& result, const std::string& kind) {
        const bool has_counts = result.counts.valid + result.counts.excluded > 0;
        const bool has_flagged = result.all.valid + result.all.excluded > result.counts.valid + result.counts.excluded;
        if (result.has_share) {
            start(kind, &result);
            csv_.empty(2).empty(2);
            figure(result.counts, result.figure);
            if (has_flagged) {
                start(kind + "_with_flagged", &result);
                csv_.empty(2).empty(2);
                figure(result.all, result.figure_of_all);
            }
        }
        for (const OptionResult& one : result.options) {
            start(kind + (one.option.excluded ? "_option_excluded" : "_option"), &result);
            csv_.text(one.option.value).text(one.option.label.in(language_));
            has_counts ? csv_.plain(std::to_string(one.count)) : csv_.empty();
            has_flagged ? csv_.plain(std::to_string(one.flagged)) : csv_.empty();
            csv_.empty(6).end();
        }
    }

    /// Beside the figure, in none.
    void quarantined(const Headline& headline) {
        if (headline.quarantined.valid == 0) return;
        start("headline_quarantined", &headline.item);
        csv_.empty(2).empty(2).plain(std::to_string(headline.quarantined.satisfied));
        csv_.plain(std::to_string(headline.quarantined.valid)).empty(4).end();
    }

    void part(const ItemResult& result, const std::string& kind, const PartResult& one) {
        start(kind, &result);
        csv_.text(one.id).text(one.name.in(language_)).empty(2);
        figure(one.counts, one.figure);
    }

    void total(const std::string& key, std::int64_t count, std::int64_t flagged) {
        start("integrity", nullptr);
        csv_.text(key).empty().plain(std::to_string(count)).plain(std::to_string(flagged)).empty(6).end();
    }

    const Results& results_;
    const survey::Language language_;
    Csv csv_{','};
};

}  // namespace

std::string results_csv(const Results& results, survey::Language language) {
    return CsvResults(results, language).run();
}

}  // namespace hailong::sync
