#include "text.h"

#include <cstring>

namespace mosis::protocol {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;
constexpr uint64_t kLowBits = 0x0101010101010101u;

/** Eight bytes, none of them zero and none above 0x7f. With no high bit set, `w - low` borrows into a high bit only at a zero byte.
 */
bool is_plain(const uint8_t* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return (((word - kLowBits) | word) & kHighBits) == 0;
}

bool is_tail(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/** Bytes of the sequence at `at` (RFC 3629, table of section 4); 0 when it is not well-formed. */
size_t sequence_length(const uint8_t* at, size_t left) {
  const uint8_t first = at[0];
  if (first >= 0xc2 && first <= 0xdf) return left >= 2 && is_tail(at[1]) ? 2 : 0;
  if ((first & 0xf0) == 0xe0) {
    if (left < 3 || !is_tail(at[1]) || !is_tail(at[2])) return 0;
    if ((first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f)) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (left < 4 || !is_tail(at[1]) || !is_tail(at[2]) || !is_tail(at[3])) return 0;
    if ((first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] > 0x8f)) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

bool is_text(const char* data, size_t size) {
  const uint8_t* at = reinterpret_cast<const uint8_t*>(data);
  while (size > 0) {
    if (size >= 8 && is_plain(at)) {
      at += 8;
      size -= 8;
      continue;
    }
    const size_t step = *at < 0x80 ? (*at != 0 ? 1u : 0u) : sequence_length(at, size);
    if (step == 0) return false;
    at += step;
    size -= step;
  }
  return true;
}

}  // namespace mosis::protocol
