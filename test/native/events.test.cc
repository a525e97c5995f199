// Rules of events on their way to the game: bounds and what happens beyond them, bad bytes, the wake, the threads.
#include <gtest/gtest.h>

#include <iterator>

#include "link_fixture.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file

class EventsTest : public LinkFixture {};

std::vector<uint64_t> sequences_of(const Game& game) {
  std::vector<uint64_t> sequences;
  for (const Seen& seen : game.seen()) {
    if (seen.sequence > 0) sequences.push_back(seen.sequence);
  }
  return sequences;
}

TEST_F(EventsTest, MoreThanTheQueueTakes_AreHeldAndComeLaterInOrder) {
  constexpr uint64_t kEvents = 500;
  start_daemon();
  Game game([](mosis_client_options& options) { options.event_queue_limit = 20; });
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (uint64_t sequence = 1; sequence <= kEvents; ++sequence) daemon().send_message_event(sequence, "m");
  ASSERT_TRUE(game.wait_for_queued(20));
  daemon().wait_for(wire::kKindPing, 2);
  EXPECT_EQ(game.stats().events_queued, 20u);
  EXPECT_EQ(game.stats().events_held, 1u);
  EXPECT_EQ(mosis_client_get_state(game.client()), MOSIS_CLIENT_READY) << "a game that does not poll is no dead daemon";

  game.wait_for([](const Seen& seen) { return seen.sequence == kEvents; });
  const std::vector<uint64_t> sequences = sequences_of(game);
  ASSERT_EQ(sequences.size(), kEvents);
  for (uint64_t i = 0; i < kEvents; ++i) EXPECT_EQ(sequences[i], i + 1);
  EXPECT_EQ(game.stats().events_queued_max, 20u);
}

TEST_F(EventsTest, DaemonThatIgnoresItsCredit_IsNoLongerReadAndStaysAlive) {
  constexpr uint64_t kEvents = 6000;
  start_daemon();
  Game game([](mosis_client_options& options) { options.event_queue_limit = 10; });
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (uint64_t sequence = 1; sequence <= kEvents; ++sequence) daemon().send_message_event(sequence, "m");
  ASSERT_TRUE(game.wait_for_queued(10));
  EXPECT_LT(game.stats().events_received, kEvents) << "the rest stays in ZeroMQ's bounded queues";
  game.wait_for([](const Seen& seen) { return seen.sequence == kEvents; });
  EXPECT_EQ(sequences_of(game).size(), kEvents);
  EXPECT_EQ(game.stats().reconnects, 0u);
}

TEST_F(EventsTest, IdentifiedInTheMiddle_IsANewSnapshotAndCountsAsHeld) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().set_peers({"carl"});
  daemon().send_identified();
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  EXPECT_EQ(game.peers(), std::vector<std::string>{"carl"});
  EXPECT_EQ(game.stats().events_held, 1u);
  EXPECT_EQ(game.seen().size(), 3u) << "no second READY: the session stood all the time";
}

TEST_F(EventsTest, Peers_FollowTheChanges) {
  start_daemon().set_peers({"bob"});
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send_peer_changed(1, "ada", "Ada", true);
  daemon().send_peer_changed(2, "bob", "", false);
  ASSERT_TRUE(game.wait_for_queued(2));
  EXPECT_EQ(game.peers(), std::vector<std::string>{"bob"}) << "as of the last polled event";
  game.poll_one();
  EXPECT_EQ(game.peers(), (std::vector<std::string>{"ada", "bob"}));
  game.poll_one();
  EXPECT_EQ(game.peers(), std::vector<std::string>{"ada"});
}

TEST_F(EventsTest, MalformedMessages_AreCountedAndTheLinkStands) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  const std::string bad[] = {
      "",
      "\xc1",
      "garbage",
      std::string("\x92\x12", 2),
      std::string("\x94\x12\x01\xcd\x04\x81\xa1x", 8),  // an event whose fields are a text
      std::string("\x94\x12\x01\xcd\x04\x81\x80", 7),   // message.received without its fields
      std::string("\x94\x11\x01\xcd\xff\xff\xa1x", 8),  // a response with an unknown error code
      std::string("\x94\x11\x00\x00\x80", 5),           // a response to request 0
      std::string("\x92\x06\x81\x01\xa1x", 6),          // a ping with a text as nonce
      std::string("\x92\x02\x80", 3),                   // identified without its fields
      std::string("\x92\x01\x80", 3),                   // hello, which goes the other way
      std::string("\xdd\xff\xff\xff\xff", 5),           // four thousand million values
      std::string("\x92\x06\x81\x01\x01\x00", 6),       // something behind the message
      std::string(300, '\x91'),                         // too deep
  };
  for (const std::string& message : bad) daemon().send(message);
  daemon().send_message_event(1, "after");
  EXPECT_EQ(game.wait_for([](const Seen& seen) { return seen.sequence == 1; }).text, "after");
  EXPECT_EQ(game.stats().malformed, std::size(bad));
  EXPECT_EQ(game.stats().reconnects, 0u);
}

TEST_F(EventsTest, EventOfALaterVersion_ComesWithoutAStruct) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  std::string message;
  wire::Writer writer(message);
  wire::write_event(writer, 4, 0x7001, bytes(std::string("\x81\x01\x05", 3)));
  daemon().send(message);
  const Seen seen = game.wait_for_type(0x7001);
  EXPECT_EQ(seen.sequence, 4u);
  EXPECT_FALSE(seen.has_data);
  EXPECT_EQ(seen.payload, std::string("\x81\x01\x05", 3));
}

TEST_F(EventsTest, LinkMessageOfALaterVersion_IsIgnored) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send(std::string("\x92\x20\x80", 3));
  daemon().send_message_event(1, "after");
  game.wait_for([](const Seen& seen) { return seen.sequence == 1; });
  EXPECT_EQ(game.stats().malformed, 0u);
}

TEST_F(EventsTest, IdleGame_IsNeverWoken) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  game.poll_all();
  const uint32_t before = game.wakes();
  ASSERT_EQ(daemon().wait_for(wire::kKindPing, 3).kind, wire::kKindPing) << "the link is kept alive meanwhile";
  daemon().send_link(wire::Ping{1});
  daemon().wait_for(wire::kKindPong);
  EXPECT_EQ(game.wakes(), before);
  daemon().send_message_event(1, "m");
  game.wait_for([](const Seen& seen) { return seen.sequence == 1; });
  EXPECT_EQ(game.wakes(), before + 1);
}

struct InsideWake {
  mosis_client* client = nullptr;
  std::atomic<bool> called{false};
  mosis_result poll = MOSIS_OK;
  mosis_result send = MOSIS_OK;
  mosis_result peers = MOSIS_OK;
};

void call_everything(void* user) {
  auto& inside = *static_cast<InsideWake*>(user);
  if (inside.client == nullptr || inside.called.load()) return;
  const mosis_event* event = nullptr;
  const mosis_peer_info* peers = nullptr;
  uint32_t count = 0;
  inside.poll = mosis_client_poll(inside.client, &event);
  inside.send = mosis_message_send(inside.client, "bob", "hi", MOSIS_NUL_TERMINATED, nullptr);
  inside.peers = mosis_client_peers(inside.client, &peers, &count);
  mosis_client_destroy(inside.client);
  inside.called.store(true);
}

TEST_F(EventsTest, CallsInsideTheWakeCallback_AreRefused) {
  InsideWake inside;
  mosis_client_options options;
  mosis_client_options_init(&options);
  options.app = "test";
  options.do_not_start_daemon = 1;
  options.wake = call_everything;
  options.wake_user = &inside;
  ASSERT_EQ(mosis_client_create(&options, &inside.client), MOSIS_OK);
  start_daemon();
  daemon().wait_for(wire::kKindPing);
  daemon().wait_until([&](const std::vector<Heard>&) { return inside.called.load(); });
  EXPECT_EQ(inside.poll, MOSIS_ERR_WRONG_THREAD);
  EXPECT_EQ(inside.send, MOSIS_ERR_WRONG_THREAD);
  EXPECT_EQ(inside.peers, MOSIS_ERR_WRONG_THREAD);
  mosis_client_destroy(inside.client);
}

}  // namespace
