// What must hold for any bytes: our grammar and msgpack-c's agree; what is decoded is written back as a part of what was read, and
// comes back the same. The entry point is libFuzzer's.
#include <cstdio>
#include <cstdlib>

#include "oracle.h"
#include "protocol/messages.gen.h"
#include "protocol/reader.h"
#include "wire_message.h"

namespace mosis::protocol {
namespace {

[[noreturn]] void disagree(const char* what, const std::string& bytes) {
  std::fprintf(stderr, "DISAGREEMENT: %s\n%s\n", what, to_hex(bytes.data(), bytes.size()).c_str());
  std::abort();
}

bool our_grammar(const std::string& bytes) {
  Reader reader(bytes.data(), bytes.size());
  reader.skip();
  return reader.finish();
}

/** Each element of the message written again is a part of the same element as it was read; later ones may be missing. */
bool is_part_of_message(const msgpack_object& again, const msgpack_object& read) {
  if (again.type != MSGPACK_OBJECT_ARRAY || read.type != MSGPACK_OBJECT_ARRAY) return false;
  if (again.via.array.size > read.via.array.size) return false;
  for (uint32_t i = 0; i < again.via.array.size; i++) {
    if (!is_part(again.via.array.ptr[i], read.via.array.ptr[i])) return false;
  }
  return true;
}

void check_decoded(Wire wire, const std::string& bytes, uint32_t answers, const Oracle& oracle) {
  const Decoded decoded = decode(wire, bytes, answers);
  if (decoded.error != nullptr) return;
  if (oracle.asked() && !oracle.accepts()) disagree("decoded, but the grammar refuses it", bytes);
  if (decoded.unknown) return;
  const Oracle again(decoded.again, our_grammar(decoded.again));
  if (!again.accepts()) disagree("what was written is not within the grammar", bytes);
  if (oracle.asked() && !is_part_of_message(again.value(), oracle.value())) disagree("written back as something else", bytes);
  const Decoded second = decode(wire, decoded.again, answers);
  if (second.error != nullptr || second.again != decoded.again) disagree("does not come back from its own bytes", bytes);
  if (!(second.message == decoded.message)) disagree("means something else when read again", bytes);
}

}  // namespace
}  // namespace mosis::protocol

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mosis::protocol;
  // On the heap and exactly as long: AddressSanitizer sees the first byte that is read beyond.
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  // What our grammar accepts has no false counts, so msgpack-c can be asked; it must come to the same verdict.
  const bool ours = our_grammar(bytes);
  const Oracle oracle(bytes, ours);
  if (oracle.asked() && oracle.accepts() != ours) disagree("our grammar and msgpack-c's differ", bytes);
  check_decoded(Wire::kPeer, bytes, 0, oracle);
  check_decoded(Wire::kShim, bytes, 0, oracle);
  // Only responses ask what they answer.
  if (size > 1 && data[1] == 0x11) {
    for (size_t i = 0; i < kMethodsCount; i++) check_decoded(Wire::kShim, bytes, kMethods[i].id, oracle);
  }
  return 0;
}
