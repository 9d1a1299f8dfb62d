#include "survey/chain.h"

namespace hailong::survey {

Digest chain(const Digest& previous, std::string_view record_bytes) {
    const std::string_view before(reinterpret_cast<const char*>(previous.bytes.data()), previous.bytes.size());
    return sha256_of({before, record_bytes});
}

}  // namespace hailong::survey
