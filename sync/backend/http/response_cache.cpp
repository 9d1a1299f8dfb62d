#include "sync/backend/http/response_cache.h"

#include <utility>

#include "sync/backend/http/conditional.h"

namespace hailong::sync {
namespace {

std::size_t bytes_of(const HttpResponse& response) {
    std::size_t bytes = response.body.size();
    for (const auto& [name, value] : response.headers)
        bytes += name.size() + value.size() + 2 * sizeof(std::string);
    return bytes;
}

}  // namespace

class ResponseCache::Making {
  public:
    Making(ResponseCache& cache, std::string name) : cache_(cache), name_(std::move(name)) {
        std::unique_lock lock(cache_.mutex_);
        cache_.made_.wait(lock, [this] { return !cache_.making_.contains(name_); });
        cache_.making_.insert(name_);
    }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;
    ~Making() {
        const std::lock_guard lock(cache_.mutex_);
        cache_.making_.erase(name_);
        cache_.made_.notify_all();
    }

  private:
    ResponseCache& cache_;
    const std::string name_;
};

std::size_t ResponseCache::Kept::bytes() const {
    return sizeof(Kept) + sizeof(Place) + etag.size() + bytes_of(plain) + bytes_of(packed);
}

HttpResponse ResponseCache::answer(const HttpRequest& request, const Versioned& wanted, const Make& make) {
    // Weak: the packed and the plain form are one answer (RFC 9110, section 8.8.3.3).
    const std::string etag = "W/\"" + wanted.version + "\"";
    if (is_named_in(request.header("if-none-match"), etag)) {
        return {304, {{"ETag", etag}, {"Cache-Control", wanted.cache_control}, {"Vary", "Accept-Encoding"}}, {}};
    }
    std::shared_ptr<const Kept> kept = find(wanted.key, etag);
    if (!kept) {
        const Making making(*this, wanted.key + ' ' + etag);
        kept = find(wanted.key, etag);
        if (!kept) {
            HttpResponse response = make();
            if (response.status != 200) return response;
            set_header(response, "Cache-Control", wanted.cache_control);
            kept = made(std::move(response), etag);
            keep(wanted.key, kept);
        }
    }
    const bool is_packed = kept->packed.status != 0 && takes_gzip(request.header("accept-encoding"));
    return is_packed ? kept->packed : kept->plain;
}

std::size_t ResponseCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::shared_ptr<const ResponseCache::Kept> ResponseCache::find(const std::string& key, std::string_view etag) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found == kept_.end() || found->second.kept->etag != etag) return nullptr;
    order_.splice(order_.begin(), order_, found->second.order);
    return found->second.kept;
}

std::shared_ptr<const ResponseCache::Kept> ResponseCache::made(HttpResponse response, std::string etag) const {
    auto kept = std::make_shared<Kept>();
    set_header(response, "ETag", etag);
    set_header(response, "Vary", "Accept-Encoding");
    kept->packed.status = 0;
    if (is_worth_compressing(response)) {
        kept->packed = {response.status, response.headers, compress_(response.body)};
        set_header(kept->packed, "Content-Encoding", "gzip");
    }
    kept->etag = std::move(etag);
    kept->plain = std::move(response);
    return kept;
}

void ResponseCache::keep(const std::string& key, std::shared_ptr<const Kept> kept) {
    const std::size_t bytes = kept->bytes() + 2 * key.size();
    if (bytes > kResponseBytesMax || bytes > bytes_max_) return;
    const std::lock_guard lock(mutex_);
    const auto before = kept_.find(key);
    if (before != kept_.end()) forget(before);
    while (bytes_ + bytes > bytes_max_)
        forget(kept_.find(order_.back()));
    order_.push_front(key);
    kept_.emplace(key, Place{std::move(kept), bytes, order_.begin()});
    bytes_ += bytes;
}

void ResponseCache::forget(std::map<std::string, Place>::iterator found) {
    bytes_ -= found->second.bytes;
    order_.erase(found->second.order);
    kept_.erase(found);
}

}  // namespace hailong::sync
