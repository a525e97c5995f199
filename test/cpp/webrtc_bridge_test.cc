// mosis::WebRTCBridge against the stand-in library: lines, messages, errors.
#include <gtest/gtest.h>
#include <mosis/webrtc_bridge.h>

#include "fake/fake_mosis.h"
#include "support/journal.h"

namespace {

std::string Describe(const mosis::BridgeError& error) {
  return std::to_string(error.code) + " " + error.operation + " " + error.peer_id + ": " + error.text;
}

/** A bridge whose callbacks run in Poll, so that each test decides when. */
class WebRTCBridgeTest : public testing::Test {
 protected:
  void SetUp() override {
    fake::Reset();
    mosis::BridgeOptions options;
    options.app = "bridge-test";
    options.profile = "ada";
    options.daemon_path = "/opt/mosisd";
    options.dispatch = mosis::BridgeDispatch::kPoll;
    options.error_callback = [this](const mosis::BridgeError& error) { errors.push_back(error); };
    bridge = mosis::CreateWebRTCBridge(std::move(options));
  }
  void TearDown() override {
    bridge.reset();
    EXPECT_EQ(fake::ClientsAlive(), 0);
  }

  void GoOnline() {
    bridge->Connect("ws://a");
    fake::AnswerLine(fake::LastRequest().request_id, MOSIS_LINE_STATE_UNCONFIGURED);
    bridge->SetIdentity("ada", "Ada");
    fake::AnswerLine(fake::LastRequest().request_id, MOSIS_LINE_STATE_CONNECTING);
    fake::PushLine(MOSIS_LINE_STATE_ONLINE);
    bridge->Poll();
    ASSERT_TRUE(bridge->IsConnected());
  }

  std::vector<mosis::BridgeError> errors;
  std::unique_ptr<mosis::WebRTCBridge> bridge;
};

TEST_F(WebRTCBridgeTest, Options_ReachTheLibrary) {
  EXPECT_EQ(fake::LastOption("app"), "bridge-test");
  EXPECT_EQ(fake::LastOption("profile"), "ada");
  EXPECT_EQ(fake::LastOption("daemon_path"), "/opt/mosisd");
}

TEST_F(WebRTCBridgeTest, ConnectAndSetIdentity_InEitherOrder_SetOnlyTheirOwnPart) {
  bridge->Connect("ws://a");
  bridge->SetIdentity("ada", "Ada");
  bridge->Connect("ws://b");
  const auto requests = fake::Requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].arguments, (std::vector<std::string>{"ws://a", "(none)", "(none)"}));
  EXPECT_EQ(requests[1].arguments, (std::vector<std::string>{"(none)", "ada", "Ada"}));
  EXPECT_EQ(requests[2].arguments, (std::vector<std::string>{"ws://b", "(none)", "(none)"}));
  EXPECT_EQ(bridge->GetPhoneId(), "ada");
}

TEST_F(WebRTCBridgeTest, GetPhoneId_BeforeSetIdentity_IsEmpty) { EXPECT_EQ(bridge->GetPhoneId(), ""); }

TEST_F(WebRTCBridgeTest, IsConnected_FollowsTheLine) {
  EXPECT_FALSE(bridge->IsConnected());
  GoOnline();
  fake::PushLine(MOSIS_LINE_STATE_CONNECTING, MOSIS_ERR_SERVER_UNREACHABLE, "gone");
  bridge->Poll();
  EXPECT_FALSE(bridge->IsConnected());
  fake::PushLine(MOSIS_LINE_STATE_ONLINE);
  bridge->Poll();
  EXPECT_TRUE(bridge->IsConnected());
}

TEST_F(WebRTCBridgeTest, IsConnected_DaemonLost_IsFalseUntilTheSnapshotSaysOtherwise) {
  GoOnline();
  fake::PushState(MOSIS_CLIENT_RECONNECTING, MOSIS_ERR_CONNECTION_LOST, "the daemon went");
  bridge->Poll();
  EXPECT_FALSE(bridge->IsConnected());
  fake::PushState(MOSIS_CLIENT_READY);
  fake::PushSnapshot(MOSIS_LINE_STATE_ONLINE);
  bridge->Poll();
  EXPECT_TRUE(bridge->IsConnected());
  EXPECT_TRUE(errors.empty()) << "a link that heals by itself is no error";
}

TEST_F(WebRTCBridgeTest, Connect_ToAnotherServer_IsNotConnectedFromThatMomentOn) {
  GoOnline();
  bridge->Connect("ws://b");
  EXPECT_FALSE(bridge->IsConnected());
  fake::PushLine(MOSIS_LINE_STATE_ONLINE);  // still about the old one: the request is not answered
  bridge->Poll();
  EXPECT_FALSE(bridge->IsConnected());
  fake::AnswerLine(fake::LastRequest().request_id, MOSIS_LINE_STATE_CONNECTING);
  bridge->Poll();
  EXPECT_FALSE(bridge->IsConnected());
  fake::PushLine(MOSIS_LINE_STATE_ONLINE);
  bridge->Poll();
  EXPECT_TRUE(bridge->IsConnected());
}

TEST_F(WebRTCBridgeTest, Disconnect_ClosesTheLineOnce_AndConnectOpensItAgain) {
  bridge->Disconnect();
  EXPECT_TRUE(fake::Requests().empty()) << "there was nothing to leave";
  GoOnline();
  bridge->Disconnect();
  EXPECT_EQ(fake::LastRequest().method, static_cast<uint32_t>(MOSIS_METHOD_LINE_CLOSE));
  EXPECT_FALSE(bridge->IsConnected());
  const size_t asked = fake::Requests().size();
  bridge->Disconnect();
  EXPECT_EQ(fake::Requests().size(), asked);
  bridge->Connect("ws://a");
  EXPECT_EQ(fake::LastRequest().method, static_cast<uint32_t>(MOSIS_METHOD_LINE_CONFIGURE));
  bridge->Poll();
  EXPECT_TRUE(errors.empty());
}

TEST_F(WebRTCBridgeTest, GetOnlinePeers_AreTheSnapshotAndItsChanges) {
  EXPECT_TRUE(bridge->GetOnlinePeers().empty());
  fake::PushSnapshot(MOSIS_LINE_STATE_ONLINE, {{"bob", "Bob"}, {"eve", "Eve"}});
  fake::PushPeer({"eve", "Eve", false});
  fake::PushPeer({"dan", "", true});
  fake::PushPeer({"bob", "Robert", true});
  bridge->Poll();
  const auto peers = bridge->GetOnlinePeers();
  ASSERT_EQ(peers.size(), 2u);
  EXPECT_EQ(peers[0].peer_id, "dan");
  EXPECT_EQ(peers[0].display_name, "");
  EXPECT_EQ(peers[1].peer_id, "bob");
  EXPECT_EQ(peers[1].display_name, "Robert");
  EXPECT_TRUE(peers[0].is_online && peers[1].is_online);
}

TEST_F(WebRTCBridgeTest, MessageCallback_GetsSenderAndText) {
  std::vector<std::string> seen;
  bridge->SetMessageCallback([&](const std::string& from, const std::string& message) { seen.push_back(from + ": " + message); });
  fake::PushMessage("bob", "hi ☎");
  bridge->Poll();
  EXPECT_EQ(seen, (std::vector<std::string>{"bob: hi ☎"}));
}

TEST_F(WebRTCBridgeTest, Messages_WithoutCallback_WaitForOneInTheirOrder) {
  std::vector<std::string> seen;
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  bridge->Poll();
  bridge->SetMessageCallback([&](const std::string&, const std::string& message) { seen.push_back(message); });
  EXPECT_TRUE(seen.empty()) << "callbacks run in Poll only";
  fake::PushMessage("bob", "3");
  bridge->Poll();
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(WebRTCBridgeTest, Messages_MoreThan1024WithoutCallback_PushOutTheOldestWithAnError) {
  for (int i = 0; i <= 1024; ++i) fake::PushMessage("bob", std::to_string(i));
  bridge->Poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, MOSIS_ERR_QUEUE_FULL);
  EXPECT_EQ(errors[0].peer_id, "bob");
  std::vector<std::string> seen;
  bridge->SetMessageCallback([&](const std::string&, const std::string& message) { seen.push_back(message); });
  bridge->Poll();
  ASSERT_EQ(seen.size(), 1024u);
  EXPECT_EQ(seen.front(), "1");
}

TEST_F(WebRTCBridgeTest, SendMessage_ToAnIdThatIsNotListed_IsSent) {
  bridge->SendMessage("nobody-listed", "hello");
  EXPECT_EQ(fake::LastRequest().arguments, (std::vector<std::string>{"nobody-listed", "hello"}));
  bridge->Poll();
  EXPECT_TRUE(errors.empty());
}

TEST_F(WebRTCBridgeTest, SendMessage_RefusedAtOnceByDaemonOrPeer_IsReportedWithThePeer) {
  bridge->SendMessage("bob", "");
  bridge->Poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, MOSIS_ERR_INVALID_ARGUMENT);

  bridge->SendMessage("bob", "two");
  fake::AnswerError(fake::LastRequest().request_id, MOSIS_METHOD_MESSAGE_SEND, MOSIS_ERR_LINE_NOT_CONFIGURED, "set the line first");
  bridge->Poll();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(Describe(errors[1]), "-12 SendMessage bob: set the line first");

  bridge->SendMessage("bob", "three");
  fake::AnswerMessage(fake::LastRequest().request_id, 17);
  fake::PushMessageChange(17, "bob", MOSIS_ERR_PEER_OFFLINE, "bob is offline");
  bridge->Poll();
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_EQ(Describe(errors[2]), "-13 SendMessage bob: bob is offline");
}

TEST_F(WebRTCBridgeTest, LineErrors_OfOneReason_AreReportedOnce_AndAgainAfterConnectOrAfterBeingOnline) {
  bridge->Connect("ws://wrong");
  fake::AnswerLine(fake::LastRequest().request_id, MOSIS_LINE_STATE_CONNECTING);
  for (int attempt = 0; attempt < 3; ++attempt) {
    fake::PushLine(MOSIS_LINE_STATE_CONNECTING);
    fake::PushLine(MOSIS_LINE_STATE_CONNECTING, MOSIS_ERR_SERVER_UNREACHABLE, "nobody at ws://wrong");
  }
  bridge->Poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(Describe(errors[0]), "-21 Connect : nobody at ws://wrong");

  bridge->Connect("ws://wrong-too");
  fake::AnswerLine(fake::LastRequest().request_id, MOSIS_LINE_STATE_CONNECTING);
  fake::PushLine(MOSIS_LINE_STATE_CONNECTING, MOSIS_ERR_SERVER_UNREACHABLE, "nobody at ws://wrong-too");
  bridge->Poll();
  EXPECT_EQ(errors.size(), 2u);

  fake::PushLine(MOSIS_LINE_STATE_ONLINE);
  fake::PushLine(MOSIS_LINE_STATE_CONNECTING, MOSIS_ERR_SERVER_UNREACHABLE, "nobody any more");
  bridge->Poll();
  EXPECT_EQ(errors.size(), 3u);
}

TEST_F(WebRTCBridgeTest, IdentityChange_IsReportedWithPeerAndFingerprint) {
  fake::PushIdentityChange("bob", "9f86 d081");
  bridge->Poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].code, MOSIS_ERR_IDENTITY_CHANGED);
  EXPECT_EQ(errors[0].peer_id, "bob");
  EXPECT_NE(errors[0].text.find("9f86 d081"), std::string::npos);
}

TEST_F(WebRTCBridgeTest, CallsAndFiles_EachUse_ReportsNotSupportedAndNothingElse) {
  int called = 0;
  bridge->SetCallCallback([&](const mosis::CallState&) { ++called; });
  bridge->StartCall("bob", true);
  bridge->AnswerCall("bob");
  bridge->EndCall("bob");
  bridge->MuteCall(true);
  bridge->SetFileTransferCallback([&](const std::string&, const std::string&, const std::vector<uint8_t>&) { ++called; });
  bridge->SendFile("bob", "photo.jpg", {1, 2, 3});
  bridge->Poll();

  const std::vector<std::string> operations = {"SetCallCallback",         "StartCall", "AnswerCall", "EndCall", "MuteCall",
                                               "SetFileTransferCallback", "SendFile"};
  ASSERT_EQ(errors.size(), operations.size());
  for (size_t i = 0; i < operations.size(); ++i) {
    EXPECT_EQ(errors[i].operation, operations[i]);
    EXPECT_EQ(errors[i].code, MOSIS_ERR_NOT_SUPPORTED);
    EXPECT_NE(errors[i].text.find("later version"), std::string::npos);
  }
  EXPECT_EQ(errors[1].peer_id, "bob");
  EXPECT_EQ(called, 0);
  EXPECT_TRUE(fake::Requests().empty());
}

TEST_F(WebRTCBridgeTest, Errors_MoreThan256AtOnce_AreCountedInTheLastOne) {
  for (int i = 0; i < 300; ++i) bridge->MuteCall(true);
  bridge->Poll();
  ASSERT_EQ(errors.size(), 257u);
  EXPECT_EQ(errors.back().text, "44 more errors came at once and were left out.");
}

TEST_F(WebRTCBridgeTest, ErrorCallback_NoneSet_PrintsOneLine) {
  bridge->SetErrorCallback({});
  bridge->StartCall("bob", false);
  testing::internal::CaptureStderr();
  bridge->Poll();
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "mosis: StartCall (bob): StartCall did nothing: calls come with a later version of Mosis Bridge. [notSupported]\n");
}

TEST_F(WebRTCBridgeTest, Callbacks_ThatThrow_AreReportedAndTheNextMessageStillComes) {
  int seen = 0;
  bridge->SetMessageCallback([&](const std::string&, const std::string&) {
    if (++seen == 1) throw std::runtime_error("the game's own fault");
  });
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  EXPECT_NO_THROW(bridge->Poll());
  EXPECT_EQ(seen, 2);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].text.find("the game's own fault"), std::string::npos);

  bridge->SetErrorCallback([](const mosis::BridgeError&) { throw 7; });
  bridge->MuteCall(true);
  testing::internal::CaptureStderr();
  EXPECT_NO_THROW(bridge->Poll());
  EXPECT_NE(testing::internal::GetCapturedStderr().find("The error callback threw"), std::string::npos);
}

TEST_F(WebRTCBridgeTest, Daemon_GivenUp_IsReported) {
  fake::PushState(MOSIS_CLIENT_FAILED, MOSIS_ERR_DAEMON_NOT_FOUND, "no daemon program");
  bridge->Poll();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(Describe(errors[0]), "-26 CreateWebRTCBridge : no daemon program");
}

TEST_F(WebRTCBridgeTest, Create_Refused_GivesABridgeThatReportsEachUse) {
  bridge.reset();
  fake::FailCreation(MOSIS_ERR_INVALID_ARGUMENT);
  mosis::BridgeOptions options;
  options.profile = "NOT A PROFILE";
  options.dispatch = mosis::BridgeDispatch::kPoll;
  options.error_callback = [this](const mosis::BridgeError& error) { errors.push_back(error); };
  bridge = mosis::CreateWebRTCBridge(std::move(options));
  bridge->Connect("ws://a");
  bridge->SetIdentity("ada", "Ada");
  bridge->SendMessage("bob", "hi");
  bridge->Disconnect();
  EXPECT_FALSE(bridge->IsConnected());
  EXPECT_TRUE(bridge->GetOnlinePeers().empty());
  bridge->Poll();
  std::vector<std::string> operations;
  for (const auto& error : errors) operations.push_back(error.operation);
  EXPECT_EQ(operations, (std::vector<std::string>{"CreateWebRTCBridge", "Connect", "SetIdentity", "SendMessage", "Disconnect"}));
}

}  // namespace
