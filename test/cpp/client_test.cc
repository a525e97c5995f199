// mosis::Client against the stand-in library: what reaches which callback, when, and how often.
#include <gtest/gtest.h>
#include <mosis/client.hpp>

#include <atomic>
#include <thread>

#include "fake/fake_mosis.h"

namespace {

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    fake::Reset();
    mosis::ClientOptions options;
    options.app = "client-test";
    auto created = mosis::Client::Create(options);
    ASSERT_TRUE(created);
    phone = std::move(*created);
  }
  void TearDown() override {
    phone.reset();
    EXPECT_EQ(fake::ClientsAlive(), 0);
  }

  std::unique_ptr<mosis::Client> phone;
};

TEST_F(ClientTest, Create_RefusedByTheLibrary_GivesItsCodeAndText) {
  fake::FailCreation(MOSIS_ERR_INVALID_ARGUMENT);
  const auto refused = mosis::Client::Create({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_FALSE(refused.error().text.empty());
}

TEST_F(ClientTest, Create_EmptyOptions_MeanTheDefaults) {
  EXPECT_EQ(fake::LastOption("app"), "client-test");
  EXPECT_EQ(fake::LastOption("profile"), "(none)");
  EXPECT_EQ(fake::LastOption("daemon_path"), "(none)");
  EXPECT_EQ(fake::LastOption("do_not_start_daemon"), "0");
}

TEST_F(ClientTest, Create_InnerNul_IsRefusedRatherThanCutOff) {
  mosis::ClientOptions options;
  options.app = std::string("game\0two", 8);
  const auto refused = mosis::Client::Create(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MOSIS_ERR_INVALID_ARGUMENT);
}

TEST_F(ClientTest, Poll_EachEvent_ReachesItsCallbackWithItsFields) {
  std::vector<std::string> log;
  phone->OnStateChanged([&](const mosis::StateChange& c) {
    log.push_back("state " + std::to_string(c.state) + " " + std::to_string(c.daemon_pid) + " " + std::string(c.text));
  });
  phone->OnLineChanged([&](const mosis::Line& line) {
    log.push_back("line " + std::to_string(line.state) + " " + std::to_string(line.error) + " " + std::string(line.text));
  });
  phone->OnPeersReset([&] { log.push_back("peers " + std::to_string(phone->Peers().size())); });
  phone->OnPeerChanged([&](const mosis::Peer& peer) {
    log.push_back("peer " + std::string(peer.peer_id) + " " + std::string(peer.display_name) + (peer.online ? " here" : " gone"));
  });
  phone->OnIdentityChanged([&](const mosis::IdentityChange& c) { log.push_back("identity " + std::string(c.peer_id)); });
  phone->OnMessage([&](const mosis::Message& m) { log.push_back(std::string(m.peer_id) + ": " + std::string(m.text)); });
  phone->OnMessageChanged([&](const mosis::MessageChange& c) {
    log.push_back("message " + std::to_string(c.message_id) + " " + std::to_string(c.reason) + " " + std::string(c.text));
  });

  fake::PushState(MOSIS_CLIENT_READY, MOSIS_OK, "", 4711);
  fake::PushSnapshot(MOSIS_LINE_STATE_ONLINE, {{"bob", "Bob"}, {"eve", ""}});
  fake::PushLine(MOSIS_LINE_STATE_CONNECTING, MOSIS_ERR_SERVER_UNREACHABLE, "nobody there");
  fake::PushPeer({"bob", "Bob", false});
  fake::PushIdentityChange("bob", "9f86");
  fake::PushMessage("bob", "hi");
  fake::PushMessageChange(17, "bob", MOSIS_ERR_PEER_OFFLINE, "bob is offline");

  EXPECT_EQ(phone->Poll(), 7u);
  const std::vector<std::string> expected = {"state 1 4711 ",     "line 3 0 ",    "peers 2", "line 2 -21 nobody there",
                                             "peer bob Bob gone", "identity bob", "bob: hi", "message 17 -13 bob is offline"};
  EXPECT_EQ(log, expected);
  EXPECT_EQ(phone->Poll(), 0u);
}

TEST_F(ClientTest, Poll_TypesWithoutCallback_ReachTheHandlerOnly) {
  std::vector<uint32_t> types;
  fake::PushUnknown(0x7777);
  fake::PushMessage("bob", "hi");
  EXPECT_EQ(phone->Poll([&](const mosis_event& event) { types.push_back(event.type); }), 2u);
  EXPECT_EQ(types, (std::vector<uint32_t>{0x7777, MOSIS_EVENT_MESSAGE_RECEIVED}));
}

TEST_F(ClientTest, Poll_Limit_LeavesTheRestForTheNextCall) {
  for (int i = 0; i < 5; ++i) fake::PushMessage("bob", std::to_string(i));
  EXPECT_EQ(phone->Poll(2), 2u);
  EXPECT_EQ(phone->Poll(2), 2u);
  EXPECT_EQ(phone->Poll(2), 1u);
}

TEST_F(ClientTest, Poll_FromInsideACallback_HandlesNothing) {
  size_t inner = 99;
  phone->OnMessage([&](const mosis::Message& message) {
    inner = phone->Poll();
    EXPECT_EQ(message.text, "first");
    phone->OnMessage({});
  });
  fake::PushMessage("bob", "first");
  fake::PushMessage("bob", "second");
  EXPECT_EQ(phone->Poll(), 2u);
  EXPECT_EQ(inner, 0u);
}

TEST_F(ClientTest, Poll_CallbackThrows_PassesItOnAndGoesOnWithTheNextEvent) {
  int seen = 0;
  phone->OnMessage([&](const mosis::Message&) {
    if (++seen == 1) throw std::runtime_error("the game's own");
  });
  fake::PushMessage("bob", "first");
  fake::PushMessage("bob", "second");
  EXPECT_THROW(phone->Poll(), std::runtime_error);
  EXPECT_EQ(phone->Poll(), 1u);
  EXPECT_EQ(seen, 2);
}

TEST_F(ClientTest, Callback_ReplacingItself_RunsToItsEnd) {
  std::string seen;
  auto kept = std::make_shared<std::string>("alive");
  phone->OnMessage([&, kept](const mosis::Message&) {
    phone->OnMessage([&](const mosis::Message&) { seen += " new"; });
    seen += *kept;
  });
  kept.reset();
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  phone->Poll();
  EXPECT_EQ(seen, "alive new");
}

TEST_F(ClientTest, SendMessage_Answered_RunsItsCompletionOnceWithTheMessageId) {
  std::vector<uint64_t> ids;
  const auto first = phone->SendMessage("bob", "one", [&](mosis::Result<uint64_t> id) { ids.push_back(*id); });
  const auto second = phone->SendMessage("bob", "two", [&](mosis::Result<uint64_t> id) { ids.push_back(*id); });
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  fake::AnswerMessage(*second, 18);
  fake::AnswerMessage(*first, 17);
  fake::AnswerMessage(*first, 17);
  phone->Poll();
  EXPECT_EQ(ids, (std::vector<uint64_t>{18, 17}));
}

TEST_F(ClientTest, SendMessage_AnsweredBeforeItReturns_StillRunsItsCompletion) {
  fake::AnswerMessagesAtOnce();
  std::atomic<int> completed{0};
  std::atomic<bool> sent{false};
  std::thread sender([&] {
    for (int i = 0; i < 1000; ++i) phone->SendMessage("bob", "x", [&](const mosis::Result<uint64_t>&) { ++completed; });
    sent = true;
  });
  while (!sent || fake::EventsWaiting() > 0) phone->Poll();
  sender.join();
  phone->Poll();
  EXPECT_EQ(completed, 1000);
}

TEST_F(ClientTest, SendMessage_Refused_GivesTheErrorAndNoCompletion) {
  bool completed = false;
  fake::FailRequests(MOSIS_ERR_QUEUE_FULL);
  const auto refused = phone->SendMessage("bob", "x", [&](const mosis::Result<uint64_t>&) { completed = true; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MOSIS_ERR_QUEUE_FULL);
  phone->Poll();
  EXPECT_FALSE(completed);
}

TEST_F(ClientTest, SendMessage_InnerNulInPeer_IsRefusedRatherThanSentToAnother) {
  const auto refused = phone->SendMessage(std::string_view("bob\0eve", 7), "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_TRUE(fake::Requests().empty());
}

TEST_F(ClientTest, SendMessage_TextIsAView_SendsExactlyThatStretch) {
  const std::string_view line = "say hello there";
  phone->SendMessage(line.substr(0, 3), line.substr(4, 5));
  EXPECT_EQ(fake::LastRequest().arguments, (std::vector<std::string>{"say", "hello"}));
}

TEST_F(ClientTest, Request_Failed_CompletesWithTheDaemonsErrorAndText) {
  mosis::Error error;
  const auto sent =
      phone->ConfigureLine({"not a url", {}, {}}, [&](const mosis::Result<mosis::Line>& line) { error = line.error(); });
  fake::AnswerError(*sent, MOSIS_METHOD_LINE_CONFIGURE, MOSIS_ERR_INVALID_ARGUMENT, "not a url is no ws:// address");
  phone->Poll();
  EXPECT_EQ(error.code, MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(error.text, "not a url is no ws:// address");
}

TEST_F(ClientTest, ConfigureLine_LeftOutSettings_ArePassedAsUnchanged) {
  phone->ConfigureLine({"ws://a", std::nullopt, std::nullopt});
  EXPECT_EQ(fake::LastRequest().arguments, (std::vector<std::string>{"ws://a", "(none)", "(none)"}));
  phone->ConfigureLine({std::nullopt, "ada", ""});
  EXPECT_EQ(fake::LastRequest().arguments, (std::vector<std::string>{"(none)", "ada", ""}));
}

TEST_F(ClientTest, OtherRequests_Answered_GiveTheirResults) {
  std::string log;
  const auto trust = phone->Trust("bob", [&](const mosis::Result<mosis::Done>& done) { log += done ? "trusted " : "no "; });
  const auto statistics = phone->Statistics("bob", [&](const mosis::Result<mosis::PeerStatistics>& s) {
    log += std::string(s->local_candidate) + " " + std::to_string(s->round_trip_ms.value_or(0)) + (s->bytes_sent ? "!" : "");
  });
  fake::AnswerEmpty(*trust, MOSIS_METHOD_PEERS_TRUST);
  fake::AnswerStatistics(*statistics, static_cast<mosis_connection_state>(3), "127.0.0.1:5 host udp");
  phone->Poll();
  EXPECT_EQ(log, "trusted 127.0.0.1:5 host udp 7");
  EXPECT_EQ(phone->Statistics().reconnects, 3u);
}

TEST_F(ClientTest, Destroyed_WithOpenRequests_DropsTheirCompletions) {
  auto kept = std::make_shared<int>(0);
  phone->SendMessage("bob", "x", [kept](const mosis::Result<uint64_t>&) { ++*kept; });
  EXPECT_EQ(kept.use_count(), 2);
  phone.reset();
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(*kept, 0);
}

TEST_F(ClientTest, Wake_EventsBeginToWait_RunsTheCallback) {
  phone.reset();
  int woken = 0;
  mosis::ClientOptions options;
  options.app = "client-test";
  options.wake = [&] { ++woken; };
  phone = std::move(*mosis::Client::Create(options));
  fake::PushMessage("bob", "1");
  fake::PushMessage("bob", "2");
  EXPECT_EQ(woken, 1);
  phone->Poll();
  fake::PushMessage("bob", "3");
  EXPECT_EQ(woken, 2);
}

}  // namespace
