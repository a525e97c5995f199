#include "writer.h"

#include "limits.gen.h"
#include "text.h"

namespace mosis::protocol {

void Writer::big_endian(uint64_t value, uint32_t width) {
  for (uint32_t i = width; i-- > 0;) byte(static_cast<uint32_t>(value >> (8 * i) & 0xff));
}

void Writer::integer(uint64_t value) {
  if (value < 0x80) {
    byte(static_cast<uint32_t>(value));
  } else if (value <= 0xff) {
    byte(0xcc);
    big_endian(value, 1);
  } else if (value <= 0xffff) {
    byte(0xcd);
    big_endian(value, 2);
  } else if (value <= 0xffffffff) {
    byte(0xce);
    big_endian(value, 4);
  } else {
    byte(0xd3);  // int64: msgpackr, which the daemon uses, writes no uint64 below 2^63
    big_endian(value, 8);
  }
}

void Writer::integer(uint64_t value, uint64_t max, const char* what) {
  if (value > max) fail(what);
  integer(value);
}

void Writer::array(uint32_t count) {
  if (count < 16) {
    byte(0x90 | count);
  } else if (count <= 0xffff) {
    byte(0xdc);
    big_endian(count, 2);
  } else {
    byte(0xdd);
    big_endian(count, 4);
  }
}

void Writer::map(uint32_t pairs) {
  if (pairs < 16) {
    byte(0x80 | pairs);
  } else {
    byte(0xde);
    big_endian(pairs, 2);
  }
}

void Writer::text(mosis_string value, uint32_t max_bytes, const char* what) {
  if (value.size > max_bytes || (value.data == nullptr && value.size > 0) || !is_text(value.data, value.size)) {
    fail(what);
    return;
  }
  if (value.size < 32) {
    byte(0xa0 | value.size);
  } else if (value.size <= 0xff) {
    byte(0xd9);
    big_endian(value.size, 1);
  } else if (value.size <= 0xffff) {
    byte(0xda);
    big_endian(value.size, 2);
  } else {
    byte(0xdb);
    big_endian(value.size, 4);
  }
  if (value.size > 0) out_.append(value.data, value.size);
}

void Writer::bytes(mosis_bytes value, uint32_t min_bytes, uint32_t max_bytes, const char* what) {
  if (value.size < min_bytes || value.size > max_bytes || (value.data == nullptr && value.size > 0)) {
    fail(what);
    return;
  }
  if (value.size <= 0xff) {
    byte(0xc4);
    big_endian(value.size, 1);
  } else if (value.size <= 0xffff) {
    byte(0xc5);
    big_endian(value.size, 2);
  } else {
    byte(0xc6);
    big_endian(value.size, 4);
  }
  packed(value);
}

void Writer::packed(mosis_bytes value) {
  if (value.size > 0) out_.append(reinterpret_cast<const char*>(value.data), value.size);
}

}  // namespace mosis::protocol
