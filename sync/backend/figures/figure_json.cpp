#include "sync/backend/figures/figure_json.h"

#include <charconv>

#include <boost/json.hpp>

namespace hailong::sync {
namespace {

namespace json = boost::json;

void write(std::string& out, const json::value& value) {
    if (const json::object* object = value.if_object()) {
        out += '{';
        bool first = true;
        for (const auto& member : *object) {
            if (!first) out += ',';
            first = false;
            out += json::serialize(json::value(member.key()));
            out += ':';
            write(out, member.value());
        }
        out += '}';
    } else if (const json::array* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0) out += ',';
            write(out, (*array)[i]);
        }
        out += ']';
    } else if (const double* fraction = value.if_double()) {
        out += number_text(*fraction);
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

std::string number_text(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

std::string json_text(const json::value& value) {
    std::string out;
    write(out, value);
    return out;
}

json::object figure_object(std::int64_t satisfied, std::int64_t total,
                           const std::optional<survey::Satisfaction>& figure) {
    json::object object{{"satisfied", satisfied}, {"total", total}};
    object["share"] = figure ? json::value(figure->share) : json::value();
    object["low"] = figure ? json::value(figure->interval.low) : json::value();
    object["high"] = figure ? json::value(figure->interval.high) : json::value();
    object["verdict"] = figure ? json::value(name(figure->verdict)) : json::value();
    return object;
}

std::string figure_json(std::int64_t satisfied, std::int64_t total, survey::Objective objective) {
    return json_text(figure_object(satisfied, total, survey::satisfaction(satisfied, total, objective)));
}

}  // namespace hailong::sync
