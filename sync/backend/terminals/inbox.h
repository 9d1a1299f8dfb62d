// What goes down to a terminal, the same over the network and in an offline bundle. Nearly all of it is the same for
// every terminal of a center and changes once a day: it is made once and shared; a terminal that has it is answered
// from memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "survey/base/time.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Most erased texts that an inbox names, the newest: a terminal lets go of its own copies in time anyway.
inline constexpr std::size_t kErasedNamedMax = 1'000;

/// Of a center: its document, every version of its questionnaires in effect on a day or to come, those of the
/// questionnaires that their options open, its results up to the day before.
struct CenterInbox {
    std::string documents;  // {"documents":[{"name":...,"body":{...}} ... without the closing "]}"
    std::string hash;       // of them: 32 hexadecimal digits
    std::string packed;     // the whole of it, closed, as one gzip member; empty: not packed yet, or it gets no smaller
    bool operator==(const CenterInbox&) const = default;
};

/// Makes it anew, not packed. `corrupt` when the center is not known.
[[nodiscard]] StoreResult<CenterInbox> center_inbox(const survey::CenterId& center, Snapshot& snapshot,
                                                    const Reference& reference, survey::Date today);

/// What one terminal gets.
struct Inbox {
    std::shared_ptr<const CenterInbox> center;
    std::string etag;  // as in the header, with its quotation marks
};

/// Safe to use from any thread. Holds one CenterInbox a center, packed once: the newest that was asked for.
class InboxCache {
  public:
    /// `references` outlives it.
    explicit InboxCache(ReferenceCache& references) : references_(references) {}

    /// Costs two calls of the store (the revisions of the documents and of the center) while nothing changed; where
    /// something did, one caller makes it anew and the others wait for it.
    [[nodiscard]] StoreResult<Inbox> find(const Terminal& terminal, Snapshot& snapshot, survey::Date today);

  private:
    /// What a CenterInbox was made from.
    struct Made {
        std::int64_t documents = -1;
        std::int64_t release = -1;
        survey::Date day{};
        bool operator==(const Made&) const = default;
    };
    struct Entry {
        std::mutex mutex;
        Made made;
        std::shared_ptr<const CenterInbox> inbox;  // null before the first
    };

    [[nodiscard]] std::shared_ptr<Entry> entry_of(const survey::CenterId& center);

    ReferenceCache& references_;
    std::mutex mutex_;
    std::map<survey::CenterId, std::shared_ptr<Entry>> entries_;  // of centers that have a terminal
};

/// The whole of it: {"documents":[...]}, with the terminal's texts that were erased, when there are any.
[[nodiscard]] StoreResult<std::string> body_of(const Inbox& inbox, const Terminal& terminal, TextReader& reader);
/// The same as one gzip member, for who takes that; empty where it is not kept so: the few terminals whose texts were
/// erased have an inbox of their own. It holds as long as `inbox`.
[[nodiscard]] std::string_view packed_body_of(const Inbox& inbox, const Terminal& terminal);

}  // namespace hailong::sync
