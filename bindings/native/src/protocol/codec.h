// How the generated tables describe messages.
#pragma once

#include <cstdint>

#include "reader.h"
#include "writer.h"

namespace mosis::protocol {

/** Reads and writes one struct through a plain pointer. */
struct Codec {
  /** sizeof of the C struct; 0 for a message without fields: its pointer is null. */
  uint32_t size;
  /** Reads the next value as this struct into `out` (ignored when size is 0); lists go into the arena. */
  bool (*read)(Reader& reader, Arena& arena, void* out);
  bool (*write)(Writer& writer, const void* in);
  /** A zeroed struct in the arena; null when memory is out. */
  void* (*make)(Arena& arena);
};

struct LinkInfo {
  uint32_t kind;
  const char* name;
  Codec fields;
};

struct MethodInfo {
  uint32_t id;
  const char* name;
  /** The request carries an idempotency key. */
  bool idempotent;
  Codec params;
  Codec result;
};

struct EventInfo {
  uint32_t id;
  const char* name;
  /** MOSIS_EVENTS_* bit. */
  uint32_t category;
  bool durable;
  Codec fields;
};

struct PeerMessageInfo {
  uint32_t id;
  const char* name;
  Codec fields;
};

/** A message without fields: whatever a later version put into it is passed over. */
inline bool read_nothing(Reader& reader, Arena&, void*) {
  Fields fields(reader, 0, "message is not a map");
  while (fields.next()) reader.skip();
  return fields.done();
}
inline bool write_nothing(Writer& writer, const void*) {
  writer.map(0);
  return writer.ok();
}
inline void* make_nothing(Arena&) { return nullptr; }

inline constexpr Codec kNothing{0, read_nothing, write_nothing, make_nothing};

/** Codec of `T` over its overloads of read and write. */
template <typename T>
struct CodecOf {
  static bool read_any(Reader& reader, Arena& arena, void* out) { return read(reader, arena, *static_cast<T*>(out)); }
  static bool write_any(Writer& writer, const void* in) { return write(writer, *static_cast<const T*>(in)); }
  static void* make_any(Arena& arena) { return arena.make<T>(1); }
  static constexpr Codec value{sizeof(T), read_any, write_any, make_any};
};

/** Reads the next value into a new struct in the arena: *out, null for a message without fields. False: reader.error() says why. */
inline bool read_into(Reader& reader, Arena& arena, const Codec& codec, const void** out) {
  *out = nullptr;
  void* made = codec.make(arena);
  if (made == nullptr && codec.size > 0) reader.fail("out of memory");
  if (!reader.ok() || !codec.read(reader, arena, made)) return false;
  *out = made;
  return true;
}

}  // namespace mosis::protocol
