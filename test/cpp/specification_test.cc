// IWebRTCBridge, PeerInfo and CallState are the specification's to the letter. specification/webrtc_bridge.h is its text, verbatim.
#include <gtest/gtest.h>
#include <mosis/webrtc_bridge.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <sstream>
#include <type_traits>

namespace specification {
#include "specification/webrtc_bridge.h"
}  // namespace specification

namespace {

namespace spec = specification::mosis;

/** A method's signature without its class, with the specification's structs replaced by ours. */
template <typename T>
struct Ours {
  using Type = T;
};
template <>
struct Ours<spec::PeerInfo> {
  using Type = mosis::PeerInfo;
};
template <>
struct Ours<spec::CallState> {
  using Type = mosis::CallState;
};
template <typename T>
struct Ours<const T&> {
  using Type = const typename Ours<T>::Type&;
};
template <typename T>
struct Ours<std::vector<T>> {
  using Type = std::vector<typename Ours<T>::Type>;
};
template <typename R, typename... A>
struct Ours<std::function<R(A...)>> {
  using Type = std::function<typename Ours<R>::Type(typename Ours<A>::Type...)>;
};
template <typename R, typename... A>
struct Ours<R (spec::IWebRTCBridge::*)(A...)> {
  using Type = typename Ours<R>::Type (mosis::IWebRTCBridge::*)(typename Ours<A>::Type...);
};
template <typename R, typename... A>
struct Ours<R (spec::IWebRTCBridge::*)(A...) const> {
  using Type = typename Ours<R>::Type (mosis::IWebRTCBridge::*)(typename Ours<A>::Type...) const;
};

/** Where a virtual method stands in the table of its class, as its pointer says (Itanium ABI and MSVC alike: equal bytes = equal
 * place). */
template <typename Method>
std::string PlaceOf(Method method) {
  std::string bytes(sizeof(method), '\0');
  std::memcpy(&bytes[0], &method, sizeof(method));
  return bytes;
}

#define EXPECT_SAME_METHOD(name)                                                                                          \
  static_assert(std::is_same_v<Ours<decltype(&spec::IWebRTCBridge::name)>::Type, decltype(&mosis::IWebRTCBridge::name)>); \
  EXPECT_EQ(PlaceOf(&spec::IWebRTCBridge::name), PlaceOf(&mosis::IWebRTCBridge::name)) << #name " is at another place"

TEST(SpecificationTest, IWebRTCBridge_EveryMethod_HasItsSignatureAndPlace) {
  EXPECT_SAME_METHOD(Connect);
  EXPECT_SAME_METHOD(Disconnect);
  EXPECT_SAME_METHOD(IsConnected);
  EXPECT_SAME_METHOD(SetIdentity);
  EXPECT_SAME_METHOD(GetPhoneId);
  EXPECT_SAME_METHOD(GetOnlinePeers);
  EXPECT_SAME_METHOD(SetMessageCallback);
  EXPECT_SAME_METHOD(SendMessage);
  EXPECT_SAME_METHOD(SetCallCallback);
  EXPECT_SAME_METHOD(StartCall);
  EXPECT_SAME_METHOD(AnswerCall);
  EXPECT_SAME_METHOD(EndCall);
  EXPECT_SAME_METHOD(MuteCall);
  EXPECT_SAME_METHOD(SetFileTransferCallback);
  EXPECT_SAME_METHOD(SendFile);
  static_assert(std::is_abstract_v<mosis::IWebRTCBridge> && std::has_virtual_destructor_v<mosis::IWebRTCBridge>);
  static_assert(sizeof(mosis::IWebRTCBridge) == sizeof(spec::IWebRTCBridge));
}

TEST(SpecificationTest, CallbackTypes_AreTheSpecifications) {
  static_assert(std::is_same_v<spec::IWebRTCBridge::MessageCallback, mosis::IWebRTCBridge::MessageCallback>);
  static_assert(std::is_same_v<Ours<spec::IWebRTCBridge::CallCallback>::Type, mosis::IWebRTCBridge::CallCallback>);
  static_assert(std::is_same_v<spec::IWebRTCBridge::FileTransferCallback, mosis::IWebRTCBridge::FileTransferCallback>);
}

#define EXPECT_SAME_FIELD(type, field)                                                      \
  static_assert(std::is_same_v<decltype(spec::type::field), decltype(mosis::type::field)>); \
  EXPECT_EQ(offsetof(spec::type, field), offsetof(mosis::type, field))

TEST(SpecificationTest, Structs_HaveTheSameFieldsInTheSameOrder) {
  EXPECT_SAME_FIELD(PeerInfo, peer_id);
  EXPECT_SAME_FIELD(PeerInfo, display_name);
  EXPECT_SAME_FIELD(PeerInfo, is_online);
  EXPECT_SAME_FIELD(CallState, peer_id);
  EXPECT_SAME_FIELD(CallState, is_active);
  EXPECT_SAME_FIELD(CallState, is_video);
  EXPECT_SAME_FIELD(CallState, is_muted);
  EXPECT_SAME_FIELD(CallState, start_time);
  static_assert(sizeof(spec::PeerInfo) == sizeof(mosis::PeerInfo) && sizeof(spec::CallState) == sizeof(mosis::CallState));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(SpecificationTest, Header_HoldsTheSpecificationsText_LineForLine) {
  const std::string specified = ReadFile(MOSIS_TEST_SOURCE_FOLDER "/specification/webrtc_bridge.h");
  const std::string ours = ReadFile(MOSIS_TEST_SOURCE_FOLDER "/../../bindings/cpp/include/mosis/webrtc_bridge.h");
  const size_t begin = specified.find("struct PeerInfo");
  const size_t end = specified.find("} // namespace mosis");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  EXPECT_NE(ours.find(specified.substr(begin, end - begin)), std::string::npos);
}

TEST(SpecificationTest, Factory_GivesTheInterface) {
  static_assert(std::is_same_v<decltype(mosis::CreateWebRTCBridge()), std::unique_ptr<mosis::IWebRTCBridge>>);
}

}  // namespace
