#include "kiosk/journal/tally_rows.h"

#include <algorithm>
#include <utility>

#include "kiosk/journal/database.h"
#include "survey/record.h"

namespace hailong::kiosk {
namespace {

using survey::SubjectKind;
using survey::Tally;

constexpr std::size_t kMonthLength = 7;  // "2026-11"
constexpr std::string_view kQuestionnairePrefix = "questionnaire/";

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

bool is_date(Grain grain, const std::string& text) {
    return survey::parse_date(grain == Grain::day ? text : text + "-01").has_value();
}

std::vector<Document> questionnaires_in(SQLite::Database& file) {
    std::vector<Document> documents;
    SQLite::Statement row(file, "SELECT name, body FROM inbox_documents");
    while (row.executeStep())
        documents.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), {}});
    return documents;
}

void insert(SQLite::Statement& row, const TallyKey& key, const Tally& tally) {
    row.bind(1, key.date);
    row.bind(2, key.questionnaire.id.text);
    row.bind(3, key.questionnaire.version);
    row.bind(4, key.flagged ? 1 : 0);
    row.bind(5, std::string(survey::name(key.subject.kind)));
    row.bind(6, key.subject.id);
    row.bind(7, survey::to_text(tally));
    row.exec();
    row.reset();
}

}  // namespace

OfficerItems officer_items(const std::vector<Document>& documents) {
    OfficerItems found;
    for (const Document& document : documents) {
        if (document.name.rfind(kQuestionnairePrefix, 0) != 0) continue;
        const auto form = survey::parse_questionnaire(document.body);
        if (!form) continue;
        std::set<survey::ItemId>& items = found[form->ref];
        for (const survey::Item& item : form->items) {
            if (item.about == survey::About::officer) items.insert(item.id);
        }
    }
    return found;
}

std::string month_of(std::string_view day) {
    return std::string(day.substr(0, kMonthLength));
}

TallyKey month_key(TallyKey day) {
    day.grain = Grain::month;
    day.date.resize(kMonthLength);
    return day;
}

std::string day_of(const survey::Response& response) {
    return survey::to_string(survey::local_date(response.finished.utc, response.finished.utc_offset));
}

ResponseGroup group_of(const survey::Response& response) {
    return {day_of(response), response.questionnaire, !response.flags.empty()};
}

TallyKey visit_row(const survey::Response& response) {
    return {Grain::day, day_of(response), response.questionnaire, !response.flags.empty(), {}};
}

std::vector<TallyKey> rows_of(const TallyKey& visit, const survey::Subject& subject) {
    std::vector<TallyKey> keys;
    if (!is_kept_by_day(subject.kind) && subject.kind != SubjectKind::officer) return keys;
    keys.reserve(2);
    TallyKey key = visit;
    key.subject = subject;
    if (is_kept_by_day(subject.kind)) keys.push_back(key);
    keys.push_back(month_key(std::move(key)));
    return keys;
}

Tallies tallies_of(const survey::Response& response, const OfficerItems& about_officers) {
    const auto known = about_officers.find(response.questionnaire);
    Tally all;
    Tally officer;
    all.responses = 1;
    officer.responses = 1;
    for (const survey::Answer& answer : response.answers) {
        for (const std::string& value : answer.values) {
            all.items[answer.item][value] += 1;
            if (known != about_officers.end() && known->second.count(answer.item) > 0)
                officer.items[answer.item][value] += 1;
        }
    }
    const TallyKey visit = visit_row(response);
    Tallies tallies;
    const auto add = [&](SubjectKind kind, const std::string& id, const Tally& tally) {
        if (kind != SubjectKind::visit && id.empty()) return;
        for (TallyKey& key : rows_of(visit, {kind, id}))
            tallies.emplace(std::move(key), tally);
    };
    const survey::Context& context = response.context;
    add(SubjectKind::visit, {}, all);
    add(SubjectKind::counter, context.counter.text, all);
    add(SubjectKind::field, context.field.text, all);
    if (context.began == survey::Began::scanned) add(SubjectKind::began, std::string(survey::kScannedId), all);
    if (!officer.items.empty()) add(SubjectKind::officer, context.officer.text, officer);
    return tallies;
}

Tally tally_of(std::string_view text) {
    auto tally = survey::parse_tally(text);
    if (!tally) throw Damage("a tally can't be read: " + survey::describe(tally.error()));
    return std::move(*tally);
}

std::optional<TallyKey> key_of(SQLite::Statement& row, Grain grain) {
    const auto kind = survey::parse_subject_kind(row.getColumn(4).getString());
    std::string date = row.getColumn(0).getString();
    if (!kind || !is_date(grain, date)) return std::nullopt;
    return TallyKey{grain,
                    std::move(date),
                    {survey::QuestionnaireId{row.getColumn(1).getString()}, row.getColumn(2).getInt64()},
                    row.getColumn(3).getInt() != 0,
                    {*kind, row.getColumn(5).getString()}};
}

std::string_view tally_text(SQLite::Statement& row) {
    const SQLite::Column text = row.getColumn(6);
    return {text.getText(), static_cast<std::size_t>(text.getBytes())};
}

void count_months(SQLite::Database& file) {
    Tallies counted;
    SQLite::Statement day(file, std::string("SELECT ") + kDayColumns + " FROM day_tallies");
    while (day.executeStep()) {
        auto key = key_of(day, Grain::day);
        if (!key) throw Damage("a day tally stands under no day or subject");
        counted[month_key(std::move(*key))] += tally_of(tally_text(day));
    }
    day.reset();
    const OfficerItems about_officers = officer_items(questionnaires_in(file));
    SQLite::Statement record(file, "SELECT seq, bytes FROM records");
    while (record.executeStep()) {
        const auto read = survey::decode(record.getColumn(1).getString());
        if (!read) throw Damage("seq " + std::to_string(record.getColumn(0).getInt64()) + ": can't be read");
        for (const auto& [key, tally] : tallies_of(read->response, about_officers)) {
            const SubjectKind kind = key.subject.kind;
            if (kind != SubjectKind::visit && kind != SubjectKind::counter) counted[key] += tally;
        }
    }
    record.reset();
    SQLite::Statement put_day(file, "INSERT INTO day_tallies VALUES (?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement put_month(file, "INSERT INTO month_tallies VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (const auto& [key, tally] : counted)
        insert(key.grain == Grain::day ? put_day : put_month, key, tally);
}

}  // namespace hailong::kiosk
