// Reads foreign MessagePack: one forward pass, no exceptions, no allocation but the arena's. What it accepts is the grammar of
// proto/STANDARD.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arena.h"
#include "limits.gen.h"
#include "mosis/mosis_types.h"

namespace mosis::protocol {

/**
 * Cursor over one message. The first failure sticks: every later call does nothing, so callers check ok() once at the end. Texts
 * and binaries that it hands out point into the message.
 */
class Reader {
 public:
  /** `depth` = arrays and maps that already enclose these bytes. `data` must outlive everything that is read. */
  Reader(const void* data, size_t size, uint32_t depth = 0);

  bool ok() const { return error_ == nullptr; }
  /** What was wrong, e.g. "hello.token: too long"; null while ok. Static memory. */
  const char* error() const { return error_; }
  void fail(const char* error) {
    if (error_ == nullptr) error_ = error;
  }
  /** Bytes not read yet. */
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  const uint8_t* position() const { return at_; }
  /** Fails when bytes are left over. */
  bool finish();

  /** Begins an array and returns its count; leave() ends it after exactly that many values. */
  uint32_t enter_array(const char* what);
  /** Begins a map and returns its number of pairs; leave() ends it. */
  uint32_t enter_map(const char* what);
  void leave() { depth_--; }
  /** Key of a struct: an integer above `previous` (−1 for the first). */
  int64_t tag(int64_t previous);

  bool boolean(const char* what);
  /** An integer in 0 … max, in whatever width it came. */
  uint64_t integer(uint64_t max, const char* what);
  mosis_string text(uint32_t max_bytes, const char* what);
  mosis_bytes bytes(uint32_t min_bytes, uint32_t max_bytes, const char* what);
  /** True, and taken, when nil comes next. */
  bool take_nil();
  /** Passes over one value of any kind, checking its grammar. */
  void skip();

  /** A list of at most `max_items`, each read by `read_item(T&)`, into the arena. */
  template <typename T, typename ReadItem>
  void list(Arena& arena, const T*& items, uint32_t& count, uint32_t max_items, const char* what, ReadItem read_item) {
    const uint32_t size = enter_array(what);
    if (size > max_items) fail(what);
    T* made = ok() ? arena.make<T>(size) : nullptr;
    if (made == nullptr) {
      fail("out of memory");
      return;
    }
    for (uint32_t i = 0; i < size && ok(); i++) read_item(made[i]);
    leave();
    items = made;
    count = size;
  }

 private:
  enum class Type : uint8_t { kFailed, kNil, kBoolean, kInteger, kNegative, kText, kBytes, kArray, kMap };
  struct Head {
    Type type = Type::kFailed;
    /** The integer or boolean; bytes of a text or binary; items of an array; pairs of a map. */
    uint64_t number = 0;
  };

  Head head();
  Head wide_head(uint8_t first);
  Head signed_integer(uint32_t width);
  Head unsigned_integer(uint32_t width);
  uint64_t big_endian(uint32_t width);
  Head sized(Type type, uint64_t size);
  bool enter(uint64_t values);
  mosis_string take_text(uint64_t size, const char* what);
  void skip_map(uint64_t pairs);
  void skip_array(uint64_t items);

  const uint8_t* at_;
  const uint8_t* end_;
  uint32_t depth_;
  uint32_t values_ = 0;
  const char* error_ = nullptr;
};

/** Walks the fields of a struct: `while (fields.next()) switch (fields.tag()) { …; default: reader.skip(); }`, then done(). */
class Fields {
 public:
  /** `required`: bit n is set when the field with tag n must be there. */
  Fields(Reader& reader, uint64_t required, const char* name)
      : reader_(reader), required_(required), name_(name), left_(reader.enter_map(name)) {}

  bool next() {
    if (left_ == 0 || !reader_.ok()) return false;
    left_--;
    tag_ = reader_.tag(tag_);
    if (tag_ >= 0 && tag_ < 64) seen_ |= uint64_t{1} << tag_;
    return reader_.ok();
  }
  int64_t tag() const { return tag_; }
  bool done() {
    if ((seen_ & required_) != required_) reader_.fail(name_);
    reader_.leave();
    return reader_.ok();
  }

 private:
  Reader& reader_;
  uint64_t required_;
  uint64_t seen_ = 0;
  const char* name_;
  uint32_t left_;
  int64_t tag_ = -1;
};

}  // namespace mosis::protocol
