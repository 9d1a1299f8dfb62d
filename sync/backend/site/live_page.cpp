#include "sync/backend/site/live_page.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hailong::sync {
namespace {

using kainjow::mustache::data;

// Most of each on one slide: rows that can be read from across a room.
constexpr std::size_t kRowsMax = 8;
constexpr std::size_t kCardsMax = 2;
constexpr std::size_t kActionsMax = 2;

class Slides {
  public:
    void add(const std::string& kind, const data& content) {
        data slide;
        // A name of its own: the page has lists called alike.
        slide.set("shows_" + kind, content);
        list_ << slide;
    }

    /// As many slides as the list fills, each with the list at `key` and what else `around` says.
    void add_parted(const std::string& kind, const data* list, std::size_t most, const data& around) {
        if (list == nullptr || !list->is_non_empty_list()) return;
        const auto& all = list->list_value();
        // As even as they can be: nine are five and four, not eight and one.
        const std::size_t slides = (all.size() + most - 1) / most;
        std::size_t at = 0;
        for (std::size_t i = 0; i < slides; ++i) {
            const std::size_t end = all.size() * (i + 1) / slides;
            data part{data::type::list};
            for (; at < end; ++at)
                part << all[at];
            data content = around;
            content.set("part", part);
            content.set("part_of",
                        slides > 1 ? data(std::to_string(i + 1) + "/" + std::to_string(slides)) : data(false));
            add(kind, content);
        }
    }

    data take() { return std::move(list_); }

  private:
    data list_{data::type::list};
};

bool is_true(const data& object, const std::string& key) {
    const data* value = object.get(key);
    return value != nullptr && value->is_true();
}

/// A wall has no room for what nobody answered.
data answered(const data& items) {
    data list{data::type::list};
    for (const data& item : items.list_value()) {
        if (is_true(item, "has_answers")) list << item;
    }
    return list;
}

}  // namespace

void add_slides(data& page) {
    Slides slides;
    if (const data* headlines = page.get("headlines"); headlines != nullptr && headlines->is_list()) {
        for (const data& one : headlines->list_value()) {
            slides.add("hero", one);
            if (is_true(one, "has_figure")) slides.add("distribution", one);
            data question;
            if (const data* text = one.get("question")) question.set("question", *text);
            slides.add_parted("counters", one.get("counters"), kRowsMax, question);
            slides.add_parted("fields", one.get("fields"), kRowsMax, question);
        }
    }
    if (is_true(page, "has_sections")) {
        const data answered_items = answered(*page.get("items"));
        slides.add_parted("cards", &answered_items, kCardsMax, data(data::type::object));
    }
    slides.add_parted("actions", page.get("actions"), kActionsMax, data(data::type::object));
    slides.add("about", data(true));
    page.set("slides", slides.take());
}

}  // namespace hailong::sync
