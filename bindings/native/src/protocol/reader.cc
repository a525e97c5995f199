#include "reader.h"

#include "text.h"

namespace mosis::protocol {

Reader::Reader(const void* data, size_t size, uint32_t depth)
    : at_(static_cast<const uint8_t*>(data)), end_(at_ + size), depth_(depth) {
  if (size > kMaxMessageBytes) fail("message too large");
}

bool Reader::finish() {
  if (ok() && at_ != end_) fail("bytes follow the message");
  return ok();
}

uint64_t Reader::big_endian(uint32_t width) {
  if (left() < width) {
    fail("truncated");
    return 0;
  }
  uint64_t value = 0;
  for (uint32_t i = 0; i < width; i++) value = value << 8 | *at_++;
  return value;
}

Reader::Head Reader::sized(Type type, uint64_t size) {
  if (!ok()) return {};
  return {type, size};
}

Reader::Head Reader::unsigned_integer(uint32_t width) {
  const uint64_t value = big_endian(width);
  if (value > kMaxInteger) fail("integer above 2^53 - 1");
  return sized(Type::kInteger, value);
}

Reader::Head Reader::signed_integer(uint32_t width) {
  const uint64_t raw = big_endian(width);
  const uint64_t sign = uint64_t{1} << (8 * width - 1);
  if ((raw & sign) == 0) {
    if (raw > kMaxInteger) fail("integer above 2^53 - 1");
    return sized(Type::kInteger, raw);
  }
  const uint64_t magnitude = width == 8 ? 0 - raw : (sign << 1) - raw;
  if (magnitude > kMaxInteger) fail("integer below -(2^53 - 1)");
  return sized(Type::kNegative, 0);
}

Reader::Head Reader::head() {
  if (!ok()) return {};
  if (at_ == end_) {
    fail("truncated");
    return {};
  }
  if (++values_ > kMaxValues) {
    fail("too many values");
    return {};
  }
  const uint8_t first = *at_++;
  if (first < 0x80) return {Type::kInteger, first};
  if (first >= 0xe0) return {Type::kNegative, 0};
  if (first < 0x90) return {Type::kMap, first & 15u};
  if (first < 0xa0) return {Type::kArray, first & 15u};
  if (first < 0xc0) return {Type::kText, first & 31u};
  return wide_head(first);
}

Reader::Head Reader::wide_head(uint8_t first) {
  switch (first) {
    case 0xc0:
      return {Type::kNil, 0};
    case 0xc2:
    case 0xc3:
      return {Type::kBoolean, first & 1u};
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return sized(Type::kBytes, big_endian(1u << (first - 0xc4)));
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return unsigned_integer(1u << (first - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return signed_integer(1u << (first - 0xd0));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return sized(Type::kText, big_endian(1u << (first - 0xd9)));
    case 0xdc:
    case 0xdd:
      return sized(Type::kArray, big_endian(2u << (first - 0xdc)));
    case 0xde:
    case 0xdf:
      return sized(Type::kMap, big_endian(2u << (first - 0xde)));
    default:
      fail("floats and extensions are not used");
      return {};
  }
}

bool Reader::enter(uint64_t values) {
  if (ok() && depth_ >= kMaxDepth) fail("nested too deep");
  // Each value takes at least a byte: a larger count is a lie, and nobody shall allocate for it.
  if (ok() && values > left()) fail("more values announced than bytes left");
  depth_++;
  return ok();
}

uint32_t Reader::enter_array(const char* what) {
  const Head read = head();
  if (read.type != Type::kArray) fail(what);
  return enter(read.number) ? static_cast<uint32_t>(read.number) : 0;
}

uint32_t Reader::enter_map(const char* what) {
  const Head read = head();
  if (read.type != Type::kMap) fail(what);
  return enter(read.number * 2) ? static_cast<uint32_t>(read.number) : 0;
}

int64_t Reader::tag(int64_t previous) {
  const Head read = head();
  if (read.type != Type::kInteger) fail("a key is not a tag");
  const int64_t tag = static_cast<int64_t>(read.number);
  // Ascending order also refuses a tag that comes twice, without remembering any.
  if (tag <= previous) fail("tags do not ascend");
  return tag;
}

bool Reader::boolean(const char* what) {
  const Head read = head();
  if (read.type != Type::kBoolean) fail(what);
  return read.number != 0;
}

uint64_t Reader::integer(uint64_t max, const char* what) {
  const Head read = head();
  if (read.type != Type::kInteger || read.number > max) {
    fail(what);
    return 0;
  }
  return read.number;
}

mosis_string Reader::take_text(uint64_t size, const char* what) {
  const char* data = reinterpret_cast<const char*>(at_);
  if (size > left()) fail("truncated");
  if (ok() && !is_text(data, static_cast<size_t>(size))) fail(what);
  if (!ok()) return {};
  at_ += size;
  return {data, static_cast<uint32_t>(size)};
}

mosis_string Reader::text(uint32_t max_bytes, const char* what) {
  const Head read = head();
  if (read.type != Type::kText || read.number > max_bytes) {
    fail(what);
    return {};
  }
  return take_text(read.number, what);
}

mosis_bytes Reader::bytes(uint32_t min_bytes, uint32_t max_bytes, const char* what) {
  const Head read = head();
  if (read.type != Type::kBytes || read.number < min_bytes || read.number > max_bytes) fail(what);
  if (ok() && read.number > left()) fail("truncated");
  if (!ok()) return {};
  const mosis_bytes view{at_, static_cast<uint32_t>(read.number)};
  at_ += read.number;
  return view;
}

bool Reader::take_nil() {
  if (!ok() || at_ == end_ || *at_ != 0xc0) return false;
  return head().type == Type::kNil;
}

void Reader::skip() {
  const Head read = head();
  switch (read.type) {
    case Type::kText:
      take_text(read.number, "text is not UTF-8 or holds U+0000");
      break;
    case Type::kBytes:
      if (read.number > left()) {
        fail("truncated");
      } else {
        at_ += read.number;
      }
      break;
    case Type::kArray:
      skip_array(read.number);
      break;
    case Type::kMap:
      skip_map(read.number);
      break;
    case Type::kFailed:
    case Type::kNil:
    case Type::kBoolean:
    case Type::kInteger:
    case Type::kNegative:
      break;
  }
}

void Reader::skip_array(uint64_t items) {
  // enter() bounds the depth, and with it this recursion.
  if (enter(items)) {
    for (uint64_t i = 0; i < items && ok(); i++) skip();
  }
  leave();
}

void Reader::skip_map(uint64_t pairs) {
  if (enter(pairs * 2)) {
    int64_t previous = -1;
    for (uint64_t i = 0; i < pairs && ok(); i++) {
      previous = tag(previous);
      skip();
    }
  }
  leave();
}

}  // namespace mosis::protocol
