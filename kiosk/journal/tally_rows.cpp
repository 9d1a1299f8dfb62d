#include "kiosk/journal/tally_rows.h"

#include <utility>

namespace hailong::kiosk {
namespace {

using survey::Grain;
using survey::SubjectKind;
using survey::Tally;
using survey::TallyKey;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;
using survey::sqlite::Sql;

constexpr std::size_t kMonthLength = 7;  // "2026-11"

bool is_kept_by_day(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::visit:
        case SubjectKind::counter:
        case SubjectKind::field:
        case SubjectKind::began:
            return true;
        case SubjectKind::officer:
        case SubjectKind::respondent:
            return false;
    }
    return false;
}

std::string date_text(const TallyKey& key) {
    return key.grain == Grain::day ? survey::to_string(key.date) : month_text(key.date);
}

void bind_key(Query& row, const TallyKey& key) {
    row.copied(date_text(key))
        .text(key.questionnaire.id.text)
        .integer(key.questionnaire.version)
        .flag(key.flagged)
        .text(survey::name(key.subject.kind))
        .text(key.subject.id);
}

}  // namespace

std::string month_text(survey::Date month) {
    return survey::to_string(month).substr(0, kMonthLength);
}

std::optional<survey::Date> parse_month(std::string_view text) {
    if (text.size() != kMonthLength) return std::nullopt;
    return survey::parse_date(std::string(text) + "-01");
}

survey::TallySheet kept_rows(const survey::TallySheet& rows) {
    survey::TallySheet kept;
    for (const auto& [key, tally] : rows) {
        if (is_kept_by_day(key.subject.kind)) {
            kept.emplace(key, tally);
            kept.emplace(survey::month_key(key), tally);
        } else if (key.subject.kind == SubjectKind::officer && key.grain == Grain::month) {
            kept.emplace(key, tally);
        }
    }
    return kept;
}

bool is_sum_of_days(const TallyKey& key) {
    return key.grain == Grain::month && key.subject.kind != SubjectKind::officer;
}

std::optional<TallyKey> maybe_key_at(const Query& row, Grain grain) {
    const auto kind = survey::parse_subject_kind(row.view_at(4));
    const std::string_view text = row.view_at(0);
    const auto date = grain == Grain::day ? survey::parse_date(text) : parse_month(text);
    if (!kind || !date) return std::nullopt;
    return TallyKey{grain,
                    *date,
                    {survey::QuestionnaireId{row.text_at(1)}, row.integer_at(2)},
                    {*kind, row.text_at(5)},
                    row.flag_at(3)};
}

TallyKey key_at(const Query& row, Grain grain) {
    auto key = maybe_key_at(row, grain);
    if (!key) throw Damage("a tally stands under no date or subject");
    return std::move(*key);
}

Tally tally_at(const Query& row, int column) {
    auto tally = survey::parse_tally(row.view_at(column));
    if (!tally) throw Damage("a tally can't be read: " + survey::describe(tally.error()));
    return std::move(*tally);
}

Tally read_tally(Connection& file, const TallyKey& key) {
    Query row(file, key.grain == Grain::day
                        ? Sql("SELECT tally FROM day_tallies WHERE day = ? AND questionnaire = ? AND version = ? "
                              "AND flagged = ? AND subject_kind = ? AND subject_id = ?")
                        : Sql("SELECT tally FROM month_tallies WHERE month = ? AND questionnaire = ? AND version = ? "
                              "AND flagged = ? AND subject_kind = ? AND subject_id = ?"));
    bind_key(row, key);
    return row.step() ? tally_at(row, 0) : Tally{};
}

void put_tally(Connection& file, const TallyKey& key, const Tally& tally) {
    const std::string text = survey::to_text(tally);
    Query row(file, key.grain == Grain::day
                        ? Sql("INSERT INTO day_tallies (day, questionnaire, version, flagged, subject_kind, "
                              "subject_id, tally) VALUES (?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT DO UPDATE SET tally = excluded.tally")
                        : Sql("INSERT INTO month_tallies (month, questionnaire, version, flagged, subject_kind, "
                              "subject_id, tally) VALUES (?, ?, ?, ?, ?, ?, ?) "
                              "ON CONFLICT DO UPDATE SET tally = excluded.tally"));
    bind_key(row, key);
    row.text(text).run();
}

void add_without_record(Connection& file, const ResponseGroup& group, std::int64_t responses) {
    Query(file,
          "INSERT INTO responses_without_record (day, questionnaire, version, flagged, responses) "
          "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET responses = responses + excluded.responses")
        .date(group.date)
        .text(group.questionnaire.id.text)
        .integer(group.questionnaire.version)
        .flag(group.flagged)
        .integer(responses)
        .run();
}

ResponseCounts read_without_record(Connection& file) {
    ResponseCounts counts;
    Query row(file, "SELECT day, questionnaire, version, flagged, responses FROM responses_without_record");
    while (row.step()) {
        const survey::QuestionnaireRef questionnaire{survey::QuestionnaireId{row.text_at(1)}, row.integer_at(2)};
        counts[{Grain::day, row.date_at(0), questionnaire, row.flag_at(3)}] = row.integer_at(4);
    }
    return counts;
}

void TallyCache::count(Connection& file, const TallyKey& key, const Tally& added) {
    auto row = rows_.find(key);
    if (row == rows_.end()) {
        if (rows_.size() >= kTallyCacheRowsMax) rows_.clear();
        row = rows_.emplace(key, read_tally(file, key)).first;
    }
    row->second += added;
    put_tally(file, key, row->second);
}

}  // namespace hailong::kiosk
