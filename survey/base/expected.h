// The result type of everything that the world can refuse. Becomes std::expected with C++23.
#pragma once

#include <tl/expected.hpp>

namespace hailong {

template <class Value, class Error>
using Expected = tl::expected<Value, Error>;

using tl::unexpected;

}  // namespace hailong
