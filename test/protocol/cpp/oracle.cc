#include "oracle.h"

#include <cstdint>

namespace mosis::protocol {
namespace {

// Numbers of STANDARD.md, written out again on purpose.
constexpr size_t kLargestMessage = 1048576;
constexpr int kDeepest = 16;
constexpr int kMostValues = 65536;
constexpr uint64_t kLargestInteger = 9007199254740991;

/** msgpack-c allocates by claimed length; 16-bit counts are bearable, large 32-bit ones are not. */
bool may_hold_bomb(const std::string& bytes) {
  for (size_t i = 0; i < bytes.size(); i++) {
    const uint8_t head = static_cast<uint8_t>(bytes[i]);
    if (head != 0xdd && head != 0xdf) continue;
    if (i + 2 < bytes.size() && (bytes[i + 1] != 0 || bytes[i + 2] != 0)) return true;
  }
  return false;
}

/** UTF-8 by decoding each character, then asking whether it could have been written shorter. */
bool good_text(const char* data, uint32_t size) {
  for (uint32_t i = 0; i < size;) {
    const uint32_t first = static_cast<uint8_t>(data[i]);
    const uint32_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > size - i) return false;
    uint32_t point = length == 1 ? first : first & (0xffu >> (length + 1));
    for (uint32_t k = 1; k < length; k++) {
      const uint32_t tail = static_cast<uint8_t>(data[i + k]);
      if (tail >> 6 != 2) return false;
      point = point << 6 | (tail & 0x3f);
    }
    const uint32_t shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point == 0 || point > 0x10ffff || point >> 11 == 0x1b || shortest != length) return false;
    i += length;
  }
  return true;
}

struct Check {
  int values = 0;

  bool good(const msgpack_object& value, int depth) {
    if (++values > kMostValues) return false;
    switch (value.type) {
      case MSGPACK_OBJECT_NIL:
      case MSGPACK_OBJECT_BOOLEAN:
      case MSGPACK_OBJECT_BIN:
        return true;
      case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return value.via.u64 <= kLargestInteger;
      case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return value.via.i64 >= -static_cast<int64_t>(kLargestInteger);
      case MSGPACK_OBJECT_STR:
        return good_text(value.via.str.ptr, value.via.str.size);
      case MSGPACK_OBJECT_ARRAY:
        return good_array(value.via.array, depth + 1);
      case MSGPACK_OBJECT_MAP:
        return good_map(value.via.map, depth + 1);
      default:
        return false;
    }
  }

 private:
  bool good_array(const msgpack_object_array& array, int depth) {
    if (depth > kDeepest) return false;
    for (uint32_t i = 0; i < array.size; i++) {
      if (!good(array.ptr[i], depth)) return false;
    }
    return true;
  }
  bool good_map(const msgpack_object_map& map, int depth) {
    if (depth > kDeepest) return false;
    for (uint32_t i = 0; i < map.size; i++) {
      const msgpack_object& key = map.ptr[i].key;
      if (key.type != MSGPACK_OBJECT_POSITIVE_INTEGER || !good(key, depth) || !good(map.ptr[i].val, depth)) return false;
      if (i > 0 && map.ptr[i - 1].key.via.u64 >= key.via.u64) return false;
    }
    return true;
  }
};

bool is_part_map(const msgpack_object_map& part, const msgpack_object_map& whole) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < part.size; i++) {
    while (at < whole.size && whole.ptr[at].key.via.u64 < part.ptr[i].key.via.u64) at++;
    if (at == whole.size || whole.ptr[at].key.via.u64 != part.ptr[i].key.via.u64) return false;
    if (!is_part(part.ptr[i].val, whole.ptr[at].val)) return false;
  }
  return true;
}

}  // namespace

Oracle::Oracle(const std::string& bytes, bool bounded) {
  msgpack_unpacked_init(&unpacked_);
  if (!bounded && may_hold_bomb(bytes)) return;
  asked_ = true;
  size_t offset = 0;
  const auto result = msgpack_unpack_next(&unpacked_, bytes.data(), bytes.size(), &offset);
  if (result != MSGPACK_UNPACK_SUCCESS || offset != bytes.size() || bytes.size() > kLargestMessage) return;
  accepts_ = Check().good(unpacked_.data, 0);
}

Oracle::~Oracle() { msgpack_unpacked_destroy(&unpacked_); }

bool is_part(const msgpack_object& part, const msgpack_object& whole) {
  if (part.type == MSGPACK_OBJECT_MAP && whole.type == MSGPACK_OBJECT_MAP) return is_part_map(part.via.map, whole.via.map);
  if (part.type != MSGPACK_OBJECT_ARRAY || whole.type != MSGPACK_OBJECT_ARRAY) return msgpack_object_equal(part, whole);
  if (part.via.array.size != whole.via.array.size) return false;
  for (uint32_t i = 0; i < part.via.array.size; i++) {
    if (!is_part(part.via.array.ptr[i], whole.via.array.ptr[i])) return false;
  }
  return true;
}

}  // namespace mosis::protocol
