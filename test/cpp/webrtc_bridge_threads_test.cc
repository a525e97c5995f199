// mosis::WebRTCBridge with its own thread: where callbacks run, what they may do, and when none comes any more.
#include <gtest/gtest.h>
#include <mosis/webrtc_bridge.h>

#include <atomic>
#include <thread>

#include "fake/fake_mosis.h"
#include "support/journal.h"

namespace {

using std::chrono::milliseconds;

std::string ThreadId() {
  std::stringstream text;
  text << std::this_thread::get_id();
  return text.str();
}

class WebRTCBridgeThreadsTest : public testing::Test {
 protected:
  void SetUp() override {
    fake::Reset();
    mosis::BridgeOptions options;
    options.error_callback = [this](const mosis::BridgeError& error) { errors.Write(error.operation); };
    bridge = mosis::CreateWebRTCBridge(std::move(options));
  }
  void TearDown() override {
    bridge.reset();
    EXPECT_EQ(fake::ClientsAlive(), 0);
  }

  Journal errors;
  Journal log;
  std::unique_ptr<mosis::WebRTCBridge> bridge;
};

TEST_F(WebRTCBridgeThreadsTest, Callbacks_AllComeFromOneThreadThatIsNotTheCallers) {
  bridge->SetMessageCallback([&](const std::string&, const std::string&) { log.Write(ThreadId()); });
  bridge->SetErrorCallback([&](const mosis::BridgeError&) { log.Write(ThreadId()); });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 25; ++n) {
        fake::PushMessage("bob", "x");
        bridge->MuteCall(true);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(log.WaitForCount(200));
  const auto ids = log.Entries();
  EXPECT_EQ(static_cast<size_t>(std::count(ids.begin(), ids.end(), ids.front())), ids.size());
  EXPECT_NE(ids.front(), ThreadId());
}

TEST_F(WebRTCBridgeThreadsTest, Errors_AreNeverDeliveredInsideTheCallThatCausedThem) {
  std::mutex held_by_the_game;
  bridge->SetErrorCallback([&](const mosis::BridgeError& error) {
    const std::lock_guard<std::mutex> lock(held_by_the_game);
    log.Write(error.operation);
  });
  {
    const std::lock_guard<std::mutex> lock(held_by_the_game);
    bridge->StartCall("bob", false);  // would never return
  }
  EXPECT_TRUE(log.WaitFor("StartCall"));
  bridge.reset();  // before the mutex goes
}

TEST_F(WebRTCBridgeThreadsTest, Callbacks_MayUseEveryMethodOfTheBridge) {
  bridge->SetMessageCallback([&](const std::string& from, const std::string& message) {
    bridge->SetMessageCallback([&](const std::string&, const std::string& later) { log.Write(later); });
    bridge->Connect("ws://b");
    bridge->SetIdentity("ada", "Ada");
    bridge->SendMessage(from, message);
    bridge->GetOnlinePeers();
    bridge->GetPhoneId();
    bridge->Disconnect();
    bridge->EndCall(from);
    bridge->Poll();
  });
  fake::PushMessage("bob", "first");
  fake::PushMessage("bob", "second");
  EXPECT_TRUE(log.WaitFor("second"));
  EXPECT_TRUE(errors.WaitFor("Poll")) << "Poll is for bridges without a thread";
}

TEST_F(WebRTCBridgeThreadsTest, SetMessageCallback_WaitsForTheRunningOne_AndItNeverRunsAgain) {
  Gate entered, leave;
  std::atomic<bool> replaced{false};
  bridge->SetMessageCallback([&](const std::string&, const std::string&) {
    EXPECT_FALSE(replaced) << "the old callback began after SetMessageCallback had returned";
    entered.Open();
    leave.Wait();
    log.Write("old ended");
  });
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  ASSERT_TRUE(entered.Wait());
  std::thread setter([&] {
    bridge->SetMessageCallback([&](const std::string&, const std::string& message) { log.Write("new " + message); });
    replaced = true;
    log.Write("replaced");
  });
  EXPECT_FALSE(log.WaitFor("replaced", milliseconds(50)));
  leave.Open();
  EXPECT_TRUE(log.WaitFor("replaced"));
  setter.join();
}

TEST_F(WebRTCBridgeThreadsTest, Destroyed_WaitsForTheRunningCallback_AndNoneComesAfter) {
  Gate entered, leave;
  std::atomic<bool> destroyed{false};
  bridge->SetMessageCallback([&](const std::string&, const std::string&) {
    EXPECT_FALSE(destroyed);
    entered.Open();
    leave.Wait();
    log.Write("ended");
  });
  for (int i = 0; i < 100; ++i) fake::PushMessage("bob", "x");
  ASSERT_TRUE(entered.Wait());
  std::thread opener([&] { leave.Open(); });
  bridge.reset();
  destroyed = true;
  EXPECT_GE(log.Entries().size(), 1u);
  EXPECT_EQ(fake::ClientsAlive(), 0);
  opener.join();
}

TEST_F(WebRTCBridgeThreadsTest, Destroyed_FromItsOwnCallback_EndsAfterThatCallback) {
  Gate gone;
  auto kept = std::shared_ptr<void>(nullptr, [&](void*) { gone.Open(); });
  bridge->SetMessageCallback([this, kept](const std::string&, const std::string&) {
    log.Write("called");
    bridge.reset();
  });
  kept.reset();
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  ASSERT_TRUE(gone.Wait()) << "the core goes with its last callback";
  EXPECT_EQ(log.Entries().size(), 1u);
}

TEST_F(WebRTCBridgeThreadsTest, Methods_FromManyThreadsAtOnce_AreSafe) {
  bridge->SetMessageCallback([&](const std::string&, const std::string&) { log.Write("x"); });
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 100; ++n) {
        fake::PushMessage("bob", "x");
        fake::PushPeer({"peer" + std::to_string(i), "", n % 2 == 0});
        bridge->SendMessage("bob", "y");
        bridge->SetIdentity("ada" + std::to_string(i), "Ada");
        bridge->GetOnlinePeers();
        bridge->GetPhoneId();
        bridge->IsConnected();
        bridge->SetMessageCallback([&](const std::string&, const std::string&) { log.Write("x"); });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(log.WaitForCount(400)) << "no message is lost while callbacks change";
}

TEST(WebRTCBridgePollTest, Destroyed_InsidePoll_EndsThePollAndLeavesTheRest) {
  fake::Reset();
  mosis::BridgeOptions options;
  options.dispatch = mosis::BridgeDispatch::kPoll;
  auto bridge = mosis::CreateWebRTCBridge(std::move(options));
  int called = 0;
  bridge->SetMessageCallback([&](const std::string&, const std::string&) {
    ++called;
    bridge.reset();
  });
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  bridge->Poll();
  EXPECT_EQ(called, 1);
  EXPECT_EQ(fake::ClientsAlive(), 0);
}

}  // namespace
