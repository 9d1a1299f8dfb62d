#include "sync/backend/http/places.h"

namespace hailong::sync {

Places::Holder Places::least_needed() const {
    Holder found = nullptr;
    const Place* least = nullptr;
    std::size_t most_at = 0;
    for (const auto& [holder, place] : all_) {
        if (place.is_known) continue;
        const std::size_t at = strangers_at_.at(place.address);
        if (at < most_at || (at == most_at && place.moved > least->moved)) continue;
        found = holder;
        least = &place;
        most_at = at;
    }
    if (least != nullptr) return found;
    for (const auto& [holder, place] : all_) {
        if (!place.rests || (least != nullptr && place.moved > least->moved)) continue;
        found = holder;
        least = &place;
    }
    return found;
}

void Places::enter(Holder holder, const std::string& address) {
    all_[holder] = {address, false, true, ++moves_};
    ++strangers_at_[address];
    ++strangers_;
}

void Places::make_known(Holder holder) {
    const auto found = all_.find(holder);
    if (found == all_.end() || found->second.is_known) return;
    found->second.is_known = true;
    forget_stranger(found->second.address);
}

void Places::begin(Holder holder) {
    move(holder, false);
}

void Places::rest(Holder holder) {
    move(holder, true);
}

void Places::leave(Holder holder) {
    const auto found = all_.find(holder);
    if (found == all_.end()) return;
    if (!found->second.is_known) forget_stranger(found->second.address);
    all_.erase(found);
}

void Places::move(Holder holder, bool rests) {
    const auto found = all_.find(holder);
    if (found == all_.end()) return;
    found->second.rests = rests;
    found->second.moved = ++moves_;
}

void Places::forget_stranger(const std::string& address) {
    --strangers_;
    const auto at = strangers_at_.find(address);
    if (--at->second == 0) strangers_at_.erase(at);
}

}  // namespace hailong::sync
