#include "sync/backend/api/results_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sync/backend/figures/period_names.h"

namespace hailong::sync {
namespace {

using survey::Satisfaction;

constexpr std::size_t kTotalColumn = 8;  // of the columns below

class TableOfResults {
  public:
    TableOfResults(const Results& results, const survey::Messages& messages, survey::Language language)
        : results_(results), messages_(messages), language_(language) {}

    ResultsTable run() {
        table_.headings = {said("export.column.center"), said("export.column.first"), said("export.column.last"),
                           said("export.part.note")};
        table_.center = results_.name.in(language_);
        table_.first = results_.period.first;
        table_.last = results_.period.last;
        table_.title = said("results.title") + " – " + period_name(results_.period, messages_, language_);
        notes();
        columns();
        for (const Headline& headline : results_.headlines) {
            item("headline", headline.item);
            quarantined(headline);
            for (const PartResult& one : headline.counters)
                part("counter", headline.item, one);
            for (const PartResult& one : headline.fields)
                part("field", headline.item, one);
        }
        if (results_.has_details) {
            for (const Section& section : results_.sections) {
                for (const ItemResult& one : section.items)
                    item("item", one);
            }
        }
        integrity();
        return std::move(table_);
    }

  private:
    std::string said(std::string_view key) const { return std::string(messages_.at(key)); }
    std::string date(survey::Date day) const { return survey::format_date(day, language_); }

    void notes() {
        const std::string range =
            messages_.format("period.range", {{"first", date(table_.first)}, {"last", date(table_.last)}});
        std::string days = results_.period.kind == survey::PeriodKind::day ? std::string() : range + ". ";
        const bool is_running = survey::local_date(results_.generated) <= results_.period.last;
        if (is_running) days += said("period.to_date") + " ";
        if (results_.until && *results_.until >= results_.period.first) {
            const survey::Date until = std::min(*results_.until, results_.period.last);
            days += messages_.format("period.until", {{"date", date(until)}});
        } else {
            days += said("verdict.pending") + ".";
        }
        table_.notes.push_back(days);
        table_.notes.push_back(said("export.note.withheld"));
        table_.notes.push_back(said("export.note.empty"));
    }

    void columns() {
        const auto add = [&](std::string_view key, ColumnKind kind, int width) {
            table_.columns.push_back({said("export.column." + std::string(key)), kind, width});
        };
        add("part", ColumnKind::text, 26);
        add("question", ColumnKind::text, 48);
        add("form", ColumnKind::text, 34);
        add("id", ColumnKind::identifier, 20);
        add("name", ColumnKind::text, 48);
        add("count", ColumnKind::count, 11);
        add("flagged", ColumnKind::count, 18);
        add("satisfied", ColumnKind::count, 12);
        add("total", ColumnKind::count, 13);
        add("share", ColumnKind::share, 10);
        add("low", ColumnKind::share, 15);
        add("high", ColumnKind::share, 15);
        add("verdict", ColumnKind::text, 30);
    }

    static ShareCell rounded(double share) { return {share, std::int64_t{std::llround(share * 1000)}}; }

    /// Satisfied, total, share, low, high, verdict.
    void figure(std::vector<Cell>& row, const std::optional<Satisfaction>& figure) const {
        if (!figure) {
            for (int i = 0; i < 5; ++i)
                row.emplace_back(WithheldCell{});
            row.emplace_back(EmptyCell{});
            return;
        }
        const std::string verdict = said("verdict." + std::string(name(figure->verdict)));
        row.emplace_back(figure->satisfied);
        row.emplace_back(figure->total);
        row.emplace_back(ShareCell{figure->share, figure->share_tenths});
        row.emplace_back(rounded(figure->interval.low));
        row.emplace_back(rounded(figure->interval.high));
        row.emplace_back(results_.is_over ? verdict : messages_.format("verdict.so_far", {{"verdict", verdict}}));
    }

    /// "WARD5, phiên bản 1, 2", and from when to when where the question stands in two rows.
    std::string form(const ItemResult& item) const {
        std::string versions;
        for (const survey::QuestionnaireRef& ref : item.versions)
            versions += (versions.empty() ? "" : ", ") + std::to_string(ref.version);
        std::string text = messages_.format("headline.version",
                                            {{"questionnaire", item.versions.back().id.text}, {"versions", versions}});
        if (!item.stands_twice || (item.to && *item.to < item.from)) return text;
        return text + "; " +
               (item.to ? messages_.format("version.days", {{"first", date(item.from)}, {"last", date(*item.to)}})
                        : messages_.format("version.since", {{"first", date(item.from)}}));
    }

    std::vector<Cell> start(const std::string& part, const ItemResult& item) const {
        return {said("export.part." + part), item.item.text.in(language_), form(item)};
    }

    void item(const std::string& kind, const ItemResult& result) {
        const bool has_counts = result.counts.valid + result.counts.excluded > 0;
        const bool has_flagged = result.all.valid + result.all.excluded > result.counts.valid + result.counts.excluded;
        const auto total = [&](const std::string& part, const std::optional<Satisfaction>& figure_of_it) {
            std::vector<Cell> row = start(part, result);
            row.insert(row.end(), {result.item.id.text, EmptyCell{}, EmptyCell{}, EmptyCell{}});
            figure(row, figure_of_it);
            table_.rows.push_back(std::move(row));
        };
        if (result.has_share) {
            total(kind, result.figure);
            if (has_flagged && result.figure_of_all) total("with_flagged", result.figure_of_all);
        } else {
            std::vector<Cell> row = start(kind, result);
            row.emplace_back(result.item.id.text);
            row.resize(table_.columns.size());
            row[kTotalColumn] = has_counts ? Cell(result.counts.valid) : Cell(WithheldCell{});
            table_.rows.push_back(std::move(row));
        }
        const bool is_multi = result.item.type == survey::ItemType::multi;
        for (const OptionResult& one : result.options) {
            std::vector<Cell> row = start(one.option.excluded ? "option_excluded" : "option", result);
            row.emplace_back(one.option.value);
            row.emplace_back(one.option.label.in(language_));
            row.push_back(has_counts ? Cell(one.count) : Cell(WithheldCell{}));
            row.push_back(has_flagged ? Cell(one.flagged) : Cell(WithheldCell{}));
            row.insert(row.end(), {EmptyCell{}, EmptyCell{}});
            const bool has_share = has_counts && !is_multi && !one.option.excluded && result.counts.valid > 0;
            row.push_back(
                has_share ? Cell(ShareCell{static_cast<double>(one.count) / static_cast<double>(result.counts.valid),
                                           survey::share_tenths(one.count, result.counts.valid)})
                          : Cell(EmptyCell{}));
            row.insert(row.end(), {EmptyCell{}, EmptyCell{}, EmptyCell{}});
            table_.rows.push_back(std::move(row));
        }
    }

    /// Beside the figure, in none.
    void quarantined(const Headline& headline) {
        if (headline.quarantined.valid == 0) return;
        std::vector<Cell> row = start("quarantined", headline.item);
        row.insert(row.end(), {headline.item.item.id.text, EmptyCell{}, EmptyCell{}, EmptyCell{}});
        row.emplace_back(headline.quarantined.satisfied);
        row.emplace_back(headline.quarantined.valid);
        row.resize(table_.columns.size());
        table_.rows.push_back(std::move(row));
    }

    void part(const std::string& kind, const ItemResult& of, const PartResult& one) {
        std::vector<Cell> row = start(kind, of);
        row.emplace_back(one.id);
        const std::string number = one.number.empty() ? std::string() : one.number + ". ";
        row.emplace_back(kind == "counter" ? number + one.name.in(language_) : one.name.in(language_));
        row.insert(row.end(), {EmptyCell{}, EmptyCell{}});
        figure(row, one.figure);
        table_.rows.push_back(std::move(row));
    }

    void integrity() {
        const auto add = [&](std::string_view key, std::int64_t count) {
            std::vector<Cell> row = {said("integrity.title"),
                                     EmptyCell{},
                                     EmptyCell{},
                                     EmptyCell{},
                                     said("export.total." + std::string(key)),
                                     count};
            row.resize(table_.columns.size());
            table_.rows.push_back(std::move(row));
        };
        add("responses", results_.responses);
        add("flagged", results_.flagged);
        add("received_today", results_.received_today);
        add("collected", results_.integrity.collected);
        add("stored", results_.integrity.stored);
        add("counted", results_.integrity.counted);
        add("quarantined", results_.integrity.quarantined);
        add("missing", results_.integrity.missing);
        add("lost", results_.integrity.lost);
        add("skipped", results_.integrity.skipped);
        add("times_trusted", results_.times.trusted);
        add("times_corrected", results_.times.corrected);
        add("times_doubtful", results_.times.doubtful);
    }

    const Results& results_;
    const survey::Messages& messages_;
    const survey::Language language_;
    ResultsTable table_;
};

}  // namespace

ResultsTable results_table(const Results& results, const survey::Messages& messages, survey::Language language) {
    return TableOfResults(results, messages, language).run();
}

}  // namespace hailong::sync
