#include "sync/backend/cli/erasure_list.h"

#include <algorithm>

#include "survey/base/host.h"
#include "sync/backend/store/until_not_busy.h"
#include "sync/backend/store/with_transaction.h"

namespace hailong::sync {

Expected<std::vector<ListedErasure>, std::string> read_erasure_list(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return std::vector<ListedErasure>();
    const auto text = survey::read_file(file);
    if (!text) return unexpected(text.error());
    auto list = decode_erasures(*text);
    if (!list) {
        return unexpected(file.string() + ": " + list.error() +
                          "; keep a copy of the file, and correct or remove that line");
    }
    return list;
}

Expected<void, std::string> add_to_erasure_list(const std::filesystem::path& file,
                                                const std::vector<ListedErasure>& more) {
    auto list = read_erasure_list(file);
    if (!list) return unexpected(list.error());
    const std::size_t before = list->size();
    for (const ListedErasure& one : more) {
        const bool is_listed = std::any_of(list->begin(), list->end(),
                                           [&](const ListedErasure& listed) { return is_same_text(listed, one); });
        if (!is_listed) list->push_back(one);
    }
    if (list->size() == before) return {};
    return survey::write_file(file, encode_erasures(*list), survey::Readers::owner);
}

StoreResult<std::size_t> erase_again(const std::vector<ListedErasure>& list, Store& store) {
    std::size_t missing = 0;
    {
        const auto reader = store.read();
        if (!reader) return unexpected(reader.error());
        const auto not_stored = erasures_not_stored(list, **reader);
        if (!not_stored) return unexpected(not_stored.error());
        missing = not_stored->size();
    }
    if (missing == 0) return std::size_t{0};
    const auto erased = until_not_busy([&] {
        return with_transaction(store, [&](Transaction& transaction) { return erase_listed(list, transaction); });
    });
    if (!erased) return unexpected(erased.error());
    return missing;
}

}  // namespace hailong::sync
