// What vectors cannot show: limits of size, memory, and the writer's own checks.
#include <gtest/gtest.h>

#include "protocol/envelope.h"
#include "protocol/messages.gen.h"
#include "protocol/text.h"

namespace mosis::protocol {
namespace {

mosis_string text_of(const std::string& text) { return {text.data(), static_cast<uint32_t>(text.size())}; }
mosis_bytes bytes_of(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<uint32_t>(bytes.size())};
}

std::string packed_send(const std::string& text) {
  mosis_message_send_params params{};
  params.peer_id = {"bob", 3};
  params.text = text_of(text);
  std::string out;
  Writer writer(out);
  return write(writer, params) ? out : "";
}

/** `[6, {1: 42, 2: …}]` with `size` nils in an array32. */
std::string ping_with_nils(uint32_t size) {
  std::string out("\x92\x06\x82\x01\x2a\x02\xdd", 7);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
  return out + std::string(size, '\xc0');
}

bool accepts(const std::string& message) {
  Envelope envelope;
  const char* error = nullptr;
  return read_envelope(message.data(), message.size(), envelope, &error);
}

TEST(Text, LongestSize_WrittenAndRead_ComesBack) {
  for (const std::string character : {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
    std::string text;
    while (text.size() + character.size() <= 65536) text += character;
    text.resize(65536, 'b');
    const std::string packed = packed_send(text);
    ASSERT_FALSE(packed.empty());
    Reader reader(packed.data(), packed.size(), 1);
    Arena arena;
    mosis_message_send_params params;
    ASSERT_TRUE(read(reader, arena, params)) << reader.error();
    EXPECT_EQ(std::string(params.text.data, params.text.size), text);
  }
}

TEST(Text, OneByteMoreThanAllowed_Written_Fails) { EXPECT_EQ(packed_send(std::string(65537, 'a')), ""); }

TEST(Text, EachPlaceInEightBytes_BadByte_IsFound) {
  for (size_t size = 1; size <= 40; size++) {
    for (size_t place = 0; place < size; place++) {
      for (const char bad : {'\0', '\x80', '\xff'}) {
        std::string text(size, 'a');
        EXPECT_TRUE(is_text(text.data(), text.size()));
        text[place] = bad;
        EXPECT_FALSE(is_text(text.data(), text.size())) << size << " " << place;
      }
    }
  }
}

TEST(Text, EveryCodePoint_Checked_IsTextUnlessSurrogateOrNul) {
  for (uint32_t point = 0; point <= 0x110000; point++) {
    std::string text;
    if (point < 0x80) {
      text = {static_cast<char>(point)};
    } else if (point < 0x800) {
      text = {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 0x3f))};
    } else if (point < 0x10000) {
      text = {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3f)),
              static_cast<char>(0x80 | (point & 0x3f))};
    } else {
      text = {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3f)),
              static_cast<char>(0x80 | (point >> 6 & 0x3f)), static_cast<char>(0x80 | (point & 0x3f))};
    }
    const bool good = point != 0 && (point < 0xd800 || point > 0xdfff) && point <= 0x10ffff;
    ASSERT_EQ(is_text(text.data(), text.size()), good) << point;
  }
}

TEST(Limits, MoreThanOneMebibyte_Read_IsRefused) {
  const std::string message(kMaxMessageBytes + 1, '\xc0');
  EXPECT_FALSE(accepts(message));
}

TEST(Limits, MoreValuesThanAllowed_Read_AreRefused) {
  // The message, its kind, its map, two tags, the nonce and the array itself are seven.
  EXPECT_TRUE(accepts(ping_with_nils(kMaxValues - 7)));
  EXPECT_FALSE(accepts(ping_with_nils(kMaxValues - 6)));
}

TEST(Writer, ValuesBeyondTheirLimits_Written_FailAndNameTheField) {
  std::string out;
  Writer writer(out);
  Goodbye goodbye{};
  goodbye.reason = 7;
  EXPECT_FALSE(write(writer, goodbye));
  EXPECT_STREQ(writer.error(), "goodbye.reason");

  Writer second(out);
  Taken taken{};
  taken.sequence = kMaxInteger + 1;
  EXPECT_FALSE(write(second, taken));
  EXPECT_STREQ(second.error(), "taken.sequence");

  Writer third(out);
  Refused refused{};
  refused.code = MOSIS_OK;
  EXPECT_FALSE(write(third, refused));

  Writer fourth(out);
  Hello hello{};
  EXPECT_FALSE(write(fourth, hello));
  EXPECT_STREQ(fourth.error(), "hello.sessionKey");
}

TEST(Writer, NullPointersOfRequiredTexts_Written_AreEmpty) {
  mosis_peer_info peer{};
  std::string out;
  Writer writer(out);
  ASSERT_TRUE(write(writer, peer));
  EXPECT_EQ(out, std::string("\x83\x01\xa0\x02\xa0\x03\xc2", 7));
}

TEST(Reader, TextsAndLists_Read_TellAbsentFromEmpty) {
  const std::string body("\x81\x02\xa0", 3);
  Reader reader(body.data(), body.size(), 1);
  Arena arena;
  mosis_line_settings settings;
  ASSERT_TRUE(read(reader, arena, settings));
  EXPECT_EQ(settings.server.data, nullptr);
  EXPECT_NE(settings.phone_id.data, nullptr);
  EXPECT_EQ(settings.phone_id.size, 0u);

  const std::string empty("\x81\x01\x90", 3);
  Reader second(empty.data(), empty.size(), 1);
  mosis_peers_list_result result;
  ASSERT_TRUE(read(second, arena, result));
  EXPECT_NE(result.peers, nullptr);
  EXPECT_EQ(result.peers_count, 0u);
}

TEST(Reader, FirstFailure_LaterCalls_DoNothing) {
  const std::string body("\x2a", 1);
  Reader reader(body.data(), body.size());
  reader.boolean("first");
  reader.text(10, "second");
  reader.skip();
  EXPECT_STREQ(reader.error(), "first");
  EXPECT_FALSE(reader.finish());
}

TEST(Envelope, RequestWrittenWithKey_Read_IsTheSame) {
  const std::string key(kIdempotencyKeyBytes, 'k');
  std::string out;
  Writer writer(out);
  write_request(writer, kMaxInteger, MOSIS_METHOD_MESSAGE_SEND, bytes_of(packed_send("Hi")), 250, bytes_of(key).data);
  ASSERT_TRUE(writer.ok());
  Envelope envelope;
  const char* error = nullptr;
  ASSERT_TRUE(read_envelope(out.data(), out.size(), envelope, &error)) << error;
  EXPECT_EQ(envelope.request_id, kMaxInteger);
  EXPECT_EQ(envelope.id, uint32_t{MOSIS_METHOD_MESSAGE_SEND});
  EXPECT_EQ(envelope.deadline_ms, 250u);
  EXPECT_EQ(envelope.idempotency_key.size, kIdempotencyKeyBytes);
}

TEST(Tables, EveryMessage_LookedUp_IsFound) {
  for (size_t i = 0; i < kMethodsCount; i++) EXPECT_EQ(find_method(kMethods[i].id), &kMethods[i]);
  for (size_t i = 0; i < kEventsCount; i++) EXPECT_EQ(find_event(kEvents[i].id), &kEvents[i]);
  for (size_t i = 0; i < kLinksCount; i++) EXPECT_EQ(find_link(kLinks[i].kind), &kLinks[i]);
  EXPECT_EQ(find_method(0), nullptr);
  EXPECT_EQ(find_event(MOSIS_METHOD_MESSAGE_SEND), nullptr);
}

TEST(Arena, ManyItems_Made_AreZeroedAndApart) {
  Arena arena;
  uint64_t* small = arena.make<uint64_t>(3);
  uint64_t* large = arena.make<uint64_t>(10000);
  uint64_t* after = arena.make<uint64_t>(2);
  ASSERT_NE(large, nullptr);
  for (uint32_t i = 0; i < 10000; i++) EXPECT_EQ(large[i], 0u);
  large[0] = large[9999] = small[2] = 7;
  EXPECT_EQ(after[0], 0u);
  Arena moved = std::move(arena);
  EXPECT_EQ(small[2], 7u);
  EXPECT_NE(moved.make<uint64_t>(0), nullptr);
}

}  // namespace
}  // namespace mosis::protocol
