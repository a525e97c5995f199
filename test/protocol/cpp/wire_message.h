// One message of either wire, decoded to JSON and written again: what tests and the fuzzer do with bytes.
#pragma once

#include <string>
#include <vector>

#include "json.h"

namespace mosis::protocol {

enum class Wire { kShim, kPeer };

/** What became of some bytes. */
struct Decoded {
  /** Null, or why they were refused. */
  const char* error = nullptr;
  /** True for a kind, method, event or message of a later version: good, and to be ignored or answered. */
  bool unknown = false;
  /** In the form of the vectors. */
  Json message;
  /** Canonical bytes of the same message. */
  std::string again;
};

/** `answers`: method that a response belongs to; 0 when none is expected. */
Decoded decode(Wire wire, const std::string& bytes, uint32_t answers);

struct Vector {
  std::string name;
  Wire wire = Wire::kShim;
  uint32_t answers = 0;
  std::string bytes;
  /** Null when the bytes are to be refused. */
  Json message;
  std::string canonical;
  /** The error, or empty. */
  std::string refused;
};

/** Every MessagePack vector, generated and written by hand, of the proto folder. */
std::vector<Vector> read_vectors(const std::string& proto_folder);

}  // namespace mosis::protocol
