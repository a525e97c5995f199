// UTF-8 as the wire allows it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mosis::protocol {

/** True when `size` bytes at `data` are well-formed UTF-8 (RFC 3629) without U+0000. `data` may be null when size is 0. */
bool is_text(const char* data, size_t size);

}  // namespace mosis::protocol
