#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "survey/crypto/shares.h"
#include "sync/backend/cli/command_support.h"
#include "sync/backend/cli/erasure_list.h"
#include "sync/backend/comments/copies.h"
#include "sync/backend/comments/sealed_texts.h"
#include "sync/backend/comments/tried_texts.h"
#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

json::object place_of(const StoredText& sealed) {
    return {{"item", sealed.place.item.text}, {"kiosk", sealed.place.kiosk.text}, {"seq", sealed.place.seq}};
}

/// What is no UTF-8 could not stand in JSON as it is: beside what of it can be read stand its bytes.
void add_text(json::object& line, const std::string& text) {
    const std::string readable = survey::utf8_of(survey::characters_of(text));
    if (readable != text) line["bytes"] = survey::to_base64(text);
    line["text"] = readable;
}

std::string joined(const std::vector<survey::ItemId>& items) {
    std::string text;
    for (const survey::ItemId& item : items)
        text += (text.empty() ? "" : ", ") + item.text;
    return text;
}

/// All that is erased by now, what was erased before included. Its copies have the same id.
std::vector<ListedErasure> traces_of(const ErasedTexts& erased, const TextOptions& options, survey::UtcTime now) {
    std::vector<ListedErasure> traces;
    for (const auto* items : {&erased.erased, &erased.before}) {
        for (const survey::ItemId& item : *items)
            traces.push_back({erased.id, {{{options.kiosk}, options.seq.value_or(0), item}, now, options.reason}});
    }
    return traces;
}

/// Nobody reads what was erased, also where the store was put back and the service was not started since.
Expected<void, std::string> refuse_erased(const std::filesystem::path& data, Snapshot& reader) {
    const auto list = read_erasure_list(data / kErasuresFile);
    if (!list) return unexpected("nothing was opened: " + list.error());
    const auto missing = erasures_not_stored(*list, reader);
    if (!missing) return unexpected(describe(missing.error()));
    if (missing->empty()) return {};
    return unexpected("nothing was opened: " + (data / kErasuresFile).string() + " names " +
                      std::to_string(missing->size()) +
                      " erased texts that this store does not know of, as one that was put back from an older copy. "
                      "Start the service anew, which erases them again, then try again");
}

}  // namespace

Exit list_texts(const TextOptions& options, std::ostream& out, std::ostream& err) {
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    std::int64_t count = 0;
    std::int64_t copies = 0;
    TextPlace after;
    for (;;) {
        const auto page = texts_of({}, after, (*reader)->texts());
        if (!page) return refuse(err, page.error());
        if (page->empty()) break;
        after = page->back().place;
        const auto shown = without_copies(*page, {}, **reader);
        if (!shown) return refuse(err, shown.error());
        for (const StoredText& sealed : *shown) {
            json::object line = place_of(sealed);
            line["received"] = survey::to_string(survey::local_date(sealed.received));
            out << survey::canonical_json(line) << '\n';
        }
        count += static_cast<std::int64_t>(shown->size());
        copies += static_cast<std::int64_t>(page->size() - shown->size());
    }
    const auto counts = (*reader)->counts();
    if (!counts) return refuse(err, counts.error());
    const auto tried = tried_texts((*reader)->facts());
    if (!tried) return refuse(err, tried.error());
    err << "texts: " << count << " sealed, " << counts->erasures << " erased\n";
    if (copies > 0) err << copies << " came again under another number, and are shown once\n";
    if (count > 0) err << "They were " << sentence_of(*tried) << ".\n";
    return Exit::done;
}

Exit open_text(const TextOptions& options, std::ostream& out, std::ostream& err) {
    if (options.seq && options.kiosk.empty()) {
        return misused(err, "texts open: --seq needs --kiosk: every terminal has a record of that number");
    }
    const auto key = read_text_key(options.key);
    if (!key) return refuse(err, key.error());
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    auto reader = (*store)->read();
    if (!reader) return refuse(err, reader.error());
    if (const auto allowed = refuse_erased(options.data, **reader); !allowed) return refuse(err, allowed.error());
    TextFilter filter;
    if (!options.kiosk.empty()) filter.kiosk = survey::KioskId{options.kiosk};
    filter.seq = options.seq;
    std::int64_t unopened = 0;
    TextPlace after;
    for (;;) {
        auto page = texts_of(filter, after, (*reader)->texts());
        if (!page) return refuse(err, page.error());
        if (page->empty()) break;
        after = page->back().place;
        // Who names a number is shown what stands there.
        if (!filter.seq) page = without_copies(std::move(*page), filter, **reader);
        if (!page) return refuse(err, page.error());
        const auto opened = open_stored(*page, *key, (*reader)->records());
        if (!opened) return refuse(err, opened.error());
        for (std::size_t i = 0; i < page->size(); ++i) {
            json::object line = place_of((*page)[i]);
            const OpenedText& text = (*opened)[i];
            if (text) {
                add_text(line, *text);
                out << survey::canonical_json(line) << '\n';
            } else {
                err << survey::canonical_json(line) << ": " << text.error() << '\n';
                ++unopened;
            }
        }
    }
    if (unopened == 0) return Exit::done;
    return refuse(err, std::to_string(unopened) + " could not be opened; is " + options.key.string() +
                           " the key that `hailong-backend keys show` names?");
}

Exit erase_texts(const TextOptions& options, const survey::Clock& clock, std::ostream& out, std::ostream& err) {
    if (!is_reason(options.reason)) {
        return misused(err, "--reason: say why in a sentence of at most " + std::to_string(kReasonBytesMax) +
                                " bytes; it stays when the texts are gone");
    }
    std::optional<survey::ItemId> item;
    if (!options.item.empty()) item = survey::ItemId{options.item};
    auto store = open_store(options.data);
    if (!store) return refuse(err, store.error());
    Expected<void, std::string> noted;
    const auto erased = until_not_busy([&]() -> StoreResult<Expected<ErasedTexts, std::string>> {
        auto transaction = (*store)->write();
        if (!transaction) return unexpected(transaction.error());
        auto done =
            erase_texts({options.kiosk}, options.seq.value_or(0), item, options.reason, clock.now(), **transaction);
        if (!done || !*done) return done;
        // Before it is done: a list that says too much erases nothing that people did not want erased.
        noted = add_to_erasure_list(options.data / kErasuresFile, traces_of(**done, options, clock.now()));
        if (!noted) return done;
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        return done;
    });
    if (!erased) return refuse(err, erased.error());
    if (!*erased) return refuse(err, erased->error());
    if (!noted) return refuse(err, "nothing was erased: " + noted.error());
    const std::string place = " of record " + std::to_string(options.seq.value_or(0)) + " of " + options.kiosk + ": ";
    if (!(*erased)->erased.empty()) out << "erased the texts" << place << joined((*erased)->erased) << '\n';
    if (!(*erased)->before.empty()) out << "erased before, the texts" << place << joined((*erased)->before) << '\n';
    for (const TextPlace& copy : (*erased)->copies) {
        out << "erased with it, where the same answer came again: record " << copy.seq << " of " << copy.kiosk.text
            << ": " << copy.item.text << '\n';
    }
    for (const std::filesystem::path& saved : saved_stores_of(options.data / kStoreFile)) {
        out << "a copy that the service saved may still hold them: " << saved.string()
            << "; delete it when `verify` no longer names it\n";
    }
    return Exit::done;
}

}  // namespace hailong::sync
