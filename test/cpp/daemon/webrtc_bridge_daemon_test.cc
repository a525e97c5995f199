// IWebRTCBridge with the real library, daemon and signalling server: two phones on this machine.
#include <gtest/gtest.h>
#include <mosis/webrtc_bridge.h>

#include <thread>

#include "support/journal.h"
#include "support/place.h"

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/** A game with a phone; writes down what its callbacks said. */
class Game {
 public:
  Game(std::string profile, const std::string& server, const std::string& id) : profile_(std::move(profile)) {
    Start();
    bridge->Connect(server);
    bridge->SetIdentity(id, "Phone of " + id);
  }

  explicit Game(std::string profile) : profile_(std::move(profile)) { Start(); }

  /** Something that the interface tells by no callback: asked every 20 ms, at most for `limit`. */
  template <typename Predicate>
  bool Eventually(Predicate predicate, milliseconds limit = seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!predicate()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
  }

  bool IsOnline() {
    return Eventually([this] { return bridge->IsConnected(); });
  }

  bool Sees(const std::string& peer_id, bool online = true) {
    return Eventually([&] {
      for (const mosis::PeerInfo& peer : bridge->GetOnlinePeers()) {
        if (peer.peer_id == peer_id) return online;
      }
      return !online;
    });
  }

  std::string Report() const {
    std::string text = "messages and errors of " + profile_ + ":\n";
    for (const std::string& entry : messages.Entries()) text += "  " + entry + "\n";
    for (const std::string& entry : errors.Entries()) text += "  ! " + entry + "\n";
    return text;
  }

  Journal messages;
  Journal errors;
  std::unique_ptr<mosis::WebRTCBridge> bridge;

 private:
  void Start() {
    mosis::BridgeOptions options;
    options.app = "cpp-test";
    options.profile = profile_;
    options.error_callback = [this](const mosis::BridgeError& error) {
      errors.Write(std::string(mosis::ErrorName(error.code)) + " " + error.operation + " " + error.peer_id + ": " + error.text);
    };
    bridge = mosis::CreateWebRTCBridge(std::move(options));
    bridge->SetMessageCallback([this](const std::string& from, const std::string& text) { messages.Write(from + ": " + text); });
  }

  std::string profile_;
};

bool Begins(const Journal& journal, const std::string& beginning) {
  for (const std::string& entry : journal.Entries()) {
    if (entry.rfind(beginning, 0) == 0) return true;
  }
  return false;
}

class WebRTCBridgeDaemonTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = WhatIsMissing();
    if (!missing.empty()) GTEST_SKIP() << missing;
    place = std::make_unique<Place>();
    server = std::make_unique<SignallingServer>();
  }
  void TearDown() override {
    if (HasFailure() && place) std::printf("%s%s", place->LogOf("ada").c_str(), place->LogOf("bob").c_str());
    server.reset();
    place.reset();
  }

  std::unique_ptr<Place> place;
  std::unique_ptr<SignallingServer> server;
};

TEST_F(WebRTCBridgeDaemonTest, TwoProfiles_SeeEachOtherAndChatBothWays) {
  Game ada("ada", server->url(), "phone-ada");
  Game bob("bob");
  bob.bridge->SetIdentity("phone-bob", "Bob ☎");  // the other order
  bob.bridge->Connect(server->url());
  ASSERT_TRUE(ada.IsOnline()) << ada.Report();
  ASSERT_TRUE(bob.IsOnline()) << bob.Report();
  ASSERT_TRUE(ada.Sees("phone-bob")) << ada.Report();
  ASSERT_TRUE(bob.Sees("phone-ada")) << bob.Report();
  const auto peers = ada.bridge->GetOnlinePeers();
  ASSERT_EQ(peers.size(), 1u);
  EXPECT_EQ(peers[0].display_name, "Bob ☎");

  ada.bridge->SendMessage("phone-bob", "Hello! ☎");
  ASSERT_TRUE(bob.messages.WaitFor("phone-ada: Hello! ☎", seconds(20))) << ada.Report() << bob.Report();
  bob.bridge->SendMessage("phone-ada", "Hi Ada");
  ASSERT_TRUE(ada.messages.WaitFor("phone-bob: Hi Ada", seconds(20))) << ada.Report() << bob.Report();
  EXPECT_TRUE(ada.errors.Entries().empty()) << ada.Report();
  EXPECT_TRUE(bob.errors.Entries().empty()) << bob.Report();
}

TEST_F(WebRTCBridgeDaemonTest, SendMessage_BeforeAnythingIsReady_ArrivesInOrder) {
  Game bob("bob", server->url(), "phone-bob");
  ASSERT_TRUE(bob.IsOnline()) << bob.Report();
  Game ada("ada", server->url(), "phone-ada");
  for (int i = 0; i < 20; ++i) ada.bridge->SendMessage("phone-bob", std::to_string(i));
  ASSERT_TRUE(bob.messages.WaitForCount(20, seconds(20))) << ada.Report() << bob.Report();
  const auto received = bob.messages.Entries();
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(received[i], "phone-ada: " + std::to_string(i));
}

TEST_F(WebRTCBridgeDaemonTest, Game_EndsAndStartsAgain_GetsWhatCameMeanwhileOnce) {
  auto ada = std::make_unique<Game>("ada", server->url(), "phone-ada");
  Game bob("bob", server->url(), "phone-bob");
  ASSERT_TRUE(ada->Sees("phone-bob") && bob.Sees("phone-ada")) << ada->Report() << bob.Report();
  bob.bridge->SendMessage("phone-ada", "before");
  ASSERT_TRUE(ada->messages.WaitFor("phone-bob: before", seconds(20))) << ada->Report() << bob.Report();
  ada.reset();
  bob.bridge->SendMessage("phone-ada", "meanwhile");

  ada = std::make_unique<Game>("ada", server->url(), "phone-ada");
  ASSERT_TRUE(ada->IsOnline()) << ada->Report();
  EXPECT_TRUE(ada->Sees("phone-bob")) << "who was there before it came is told too";
  bob.bridge->SendMessage("phone-ada", "after");
  ASSERT_TRUE(ada->messages.WaitFor("phone-bob: after", seconds(20))) << ada->Report() << bob.Report();
  EXPECT_EQ(ada->messages.Entries(), (std::vector<std::string>{"phone-bob: meanwhile", "phone-bob: after"}))
      << "what was taken does not come again";
}

TEST_F(WebRTCBridgeDaemonTest, Daemon_Killed_IsStartedAgainAndTheChatGoesOn) {
  Game ada("ada", server->url(), "phone-ada");
  Game bob("bob", server->url(), "phone-bob");
  ASSERT_TRUE(ada.Sees("phone-bob") && bob.Sees("phone-ada")) << ada.Report() << bob.Report();
  ada.bridge->SendMessage("phone-bob", "one");
  ASSERT_TRUE(bob.messages.WaitFor("phone-ada: one", seconds(20))) << ada.Report() << bob.Report();

  const int killed = place->DaemonOf("ada");
  place->KillDaemonOf("ada");
  ada.bridge->SendMessage("phone-bob", "two");
  ASSERT_TRUE(bob.messages.WaitFor("phone-ada: two", seconds(20))) << ada.Report() << bob.Report();
  ASSERT_TRUE(ada.IsOnline()) << ada.Report();
  EXPECT_NE(place->DaemonOf("ada"), killed);
  EXPECT_EQ(bob.messages.Entries().size(), 2u) << bob.Report();
  EXPECT_TRUE(ada.errors.Entries().empty()) << ada.Report();
}

TEST_F(WebRTCBridgeDaemonTest, Connect_WrongServer_ReportsWhatToCheck_AndARightOneHelps) {
  Game ada("ada", "ws://127.0.0.1:1", "phone-ada");
  ASSERT_TRUE(ada.errors.WaitForCount(1, seconds(20))) << ada.Report();
  EXPECT_TRUE(Begins(ada.errors, "serverUnreachable Connect ")) << ada.Report();
  EXPECT_NE(ada.errors.Entries()[0].find("127.0.0.1:1"), std::string::npos) << ada.Report();
  EXPECT_FALSE(ada.bridge->IsConnected());

  ada.bridge->Connect("this is no address");
  EXPECT_TRUE(ada.errors.WaitForCount(2, seconds(20))) << ada.Report();
  EXPECT_TRUE(Begins(ada.errors, "invalidArgument Connect ")) << ada.Report();

  ada.bridge->Connect(server->url());
  EXPECT_TRUE(ada.IsOnline()) << ada.Report();
}

TEST_F(WebRTCBridgeDaemonTest, Connect_ToAnotherServer_LeavesTheFirst) {
  SignallingServer other;
  Game ada("ada", server->url(), "phone-ada");
  Game bob("bob", server->url(), "phone-bob");
  ASSERT_TRUE(bob.Sees("phone-ada") && ada.Sees("phone-bob")) << ada.Report() << bob.Report();
  ada.bridge->Connect(other.url());
  EXPECT_TRUE(bob.Sees("phone-ada", false)) << bob.Report();
  EXPECT_TRUE(ada.IsOnline()) << ada.Report();
  EXPECT_TRUE(ada.Sees("phone-bob", false)) << ada.Report();
  bob.bridge->Connect(other.url());
  EXPECT_TRUE(bob.Sees("phone-ada")) << bob.Report();
}

TEST_F(WebRTCBridgeDaemonTest, Disconnect_PeersSeeThePhoneGo_AndConnectBringsItBack) {
  Game ada("ada", server->url(), "phone-ada");
  Game bob("bob", server->url(), "phone-bob");
  ASSERT_TRUE(bob.Sees("phone-ada")) << bob.Report();
  ada.bridge->Disconnect();
  EXPECT_FALSE(ada.bridge->IsConnected());
  EXPECT_TRUE(bob.Sees("phone-ada", false)) << bob.Report();
  EXPECT_TRUE(ada.Sees("phone-bob", false)) << ada.Report();
  ada.bridge->Connect(server->url());
  EXPECT_TRUE(ada.IsOnline()) << ada.Report();
  EXPECT_TRUE(ada.Sees("phone-bob")) << ada.Report();
  EXPECT_TRUE(bob.Sees("phone-ada")) << bob.Report();
  EXPECT_TRUE(ada.errors.Entries().empty()) << ada.Report();
}

TEST_F(WebRTCBridgeDaemonTest, SendMessage_ToNobody_IsReportedWithThePeerInBoundedTime) {
  Game ada("ada", server->url(), "phone-ada");
  ASSERT_TRUE(ada.IsOnline()) << ada.Report();
  ada.bridge->SendMessage("nobody-at-all", "hello?");
  ASSERT_TRUE(ada.errors.WaitForCount(1, seconds(40))) << ada.Report();
  EXPECT_TRUE(Begins(ada.errors, "peerOffline SendMessage nobody-at-all: ") ||
              Begins(ada.errors, "peerUnreachable SendMessage nobody-at-all: "))
      << ada.Report();
}

TEST(WebRTCBridgeWithoutDaemonTest, DaemonProgram_NotThere_IsReported) {
  const Place place;
  setenv("MOSIS_DAEMON", "/nowhere/mosisd", 1);
  Game ada("ada");
  ada.bridge->Connect("ws://127.0.0.1:1");
  const auto names_the_program = [](const std::vector<std::string>& errors) {
    for (const std::string& error : errors) {
      if (error.rfind("daemonNotFound ", 0) == 0 && error.find("/nowhere/mosisd") != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(ada.errors.WaitUntil(names_the_program, seconds(20))) << ada.Report();
}

}  // namespace
