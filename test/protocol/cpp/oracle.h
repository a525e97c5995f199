// msgpack-c as a second opinion, with the grammar of STANDARD.md checked on its trees by code that shares nothing with ours.
#pragma once

#include <msgpack.h>

#include <string>

namespace mosis::protocol {

/** A message as msgpack-c reads it. */
class Oracle {
 public:
  /** `bounded`: every count in `bytes` is known to be true. */
  Oracle(const std::string& bytes, bool bounded);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /** False where msgpack-c would reserve gigabytes for a length bomb: it must not be asked then. */
  bool asked() const { return asked_; }
  /** One value, nothing behind it, within the grammar. */
  bool accepts() const { return accepts_; }
  const msgpack_object& value() const { return unpacked_.data; }

 private:
  msgpack_unpacked unpacked_;
  bool asked_ = false;
  bool accepts_ = false;
};

/** True when `part` holds nothing that `whole` does not: maps may have fewer pairs, all else is equal. */
bool is_part(const msgpack_object& part, const msgpack_object& whole);

}  // namespace mosis::protocol
