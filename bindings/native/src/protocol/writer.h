// Writes canonical MessagePack: every integer, text and count in its shortest form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "mosis/mosis_types.h"

namespace mosis::protocol {

/**
 * Appends to a string that the caller owns. A value that breaks its limit fails the writer: the first failure sticks, ok() tells it
 * at the end, and what was appended is then worthless. Allocation failure throws std::bad_alloc, as std::string does.
 */
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  bool ok() const { return error_ == nullptr; }
  /** Which value broke its limit, e.g. "message.send params.text"; null while ok. Static memory. */
  const char* error() const { return error_; }
  void fail(const char* error) {
    if (error_ == nullptr) error_ = error;
  }

  void nil() { byte(0xc0); }
  void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }
  void array(uint32_t count);
  void map(uint32_t pairs);
  /** Without a check, for ids and counts of our own. */
  void integer(uint64_t value);
  void integer(uint64_t value, uint64_t max, const char* what);
  void text(mosis_string value, uint32_t max_bytes, const char* what);
  void bytes(mosis_bytes value, uint32_t min_bytes, uint32_t max_bytes, const char* what);
  /** MessagePack that is known to be good. */
  void packed(mosis_bytes value);

  /** A list, each item written by `write_item(const T&)`. */
  template <typename T, typename WriteItem>
  void list(const T* items, uint32_t count, uint32_t max_items, const char* what, WriteItem write_item) {
    if (count > max_items || (items == nullptr && count > 0)) {
      fail(what);
      return;
    }
    array(count);
    for (uint32_t i = 0; i < count && ok(); i++) write_item(items[i]);
  }

 private:
  void byte(uint32_t value) { out_.push_back(static_cast<char>(value)); }
  void big_endian(uint64_t value, uint32_t width);

  std::string& out_;
  const char* error_ = nullptr;
};

}  // namespace mosis::protocol
