// Every vector through the C++ codec, and through msgpack-c.
#include <gtest/gtest.h>
#include <msgpack.h>

#include "wire_message.h"

namespace mosis::protocol {
namespace {

const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all = read_vectors(MOSIS_PROTO_FOLDER);
  return all;
}

TEST(Vectors, Good_Decoded_MeanWhatTheySay) {
  int count = 0;
  for (const Vector& vector : vectors()) {
    if (!vector.refused.empty()) continue;
    const Decoded decoded = decode(vector.wire, vector.bytes, vector.answers);
    EXPECT_EQ(decoded.error, nullptr) << vector.name << ": " << decoded.error;
    EXPECT_TRUE(decoded.message == vector.message)
        << vector.name << "\n  is     " << decoded.message.print() << "\n  should " << vector.message.print();
    count++;
  }
  EXPECT_GT(count, 300);
}

TEST(Vectors, Good_WrittenAgain_AreTheSameBytes) {
  for (const Vector& vector : vectors()) {
    if (!vector.refused.empty()) continue;
    const Decoded decoded = decode(vector.wire, vector.bytes, vector.answers);
    EXPECT_EQ(to_hex(decoded.again.data(), decoded.again.size()), to_hex(vector.canonical.data(), vector.canonical.size()))
        << vector.name;
  }
}

TEST(Vectors, Bad_Decoded_AreRefused) {
  int count = 0;
  for (const Vector& vector : vectors()) {
    if (vector.refused.empty()) continue;
    const Decoded decoded = decode(vector.wire, vector.bytes, vector.answers);
    const bool ignored = vector.refused == "notSupported" || vector.refused == "unknownMethod";
    EXPECT_EQ(decoded.unknown, ignored) << vector.name;
    EXPECT_EQ(decoded.error == nullptr, ignored) << vector.name << " should be " << vector.refused;
    count++;
  }
  EXPECT_GT(count, 300);
}

TEST(Vectors, Good_CutAnywhere_AreRefused) {
  for (const Vector& vector : vectors()) {
    if (!vector.refused.empty()) continue;
    for (size_t size = 0; size < vector.bytes.size(); size++) {
      const Decoded decoded = decode(vector.wire, vector.bytes.substr(0, size), vector.answers);
      ASSERT_NE(decoded.error, nullptr) << vector.name << " cut to " << size;
    }
  }
}

TEST(Vectors, Good_ReadAndWrittenByMsgpackC_MeanTheSame) {
  for (const Vector& vector : vectors()) {
    if (!vector.refused.empty()) continue;
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t offset = 0;
    const auto result = msgpack_unpack_next(&unpacked, vector.bytes.data(), vector.bytes.size(), &offset);
    ASSERT_EQ(result, MSGPACK_UNPACK_SUCCESS) << vector.name;
    EXPECT_EQ(offset, vector.bytes.size()) << vector.name;
    msgpack_sbuffer buffer;
    msgpack_sbuffer_init(&buffer);
    msgpack_packer packer;
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    msgpack_pack_object(&packer, unpacked.data);
    // msgpack-c prefers uint64 where the standard wants int64; readers take both.
    const Decoded decoded = decode(vector.wire, std::string(buffer.data, buffer.size), vector.answers);
    EXPECT_TRUE(decoded.message == vector.message) << vector.name;
    EXPECT_EQ(to_hex(decoded.again.data(), decoded.again.size()), to_hex(vector.canonical.data(), vector.canonical.size()))
        << vector.name;
    msgpack_sbuffer_destroy(&buffer);
    msgpack_unpacked_destroy(&unpacked);
  }
}

}  // namespace
}  // namespace mosis::protocol
