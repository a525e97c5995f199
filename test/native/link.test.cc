// Rules of the session with the daemon: hello, refusals, loss and return, what goodbye says. A fake daemon answers.
#include <gtest/gtest.h>

#include "link_fixture.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file

class LinkTest : public LinkFixture {};

TEST_F(LinkTest, Hello_SaysWhoTheGameIs) {
  start_daemon();
  Game game([](mosis_client_options& options) {
    options.app = "demo";
    options.app_version = "1.2";
    options.engine = "Unity 6000.1";
    options.server = "ws://127.0.0.1:1";
    options.display_name = "Ada";
    options.events = MOSIS_EVENTS_MESSAGES;
  });
  const Heard heard = daemon().wait_for(wire::kKindHello);
  const auto hello = body_of<wire::Hello>(heard);
  EXPECT_EQ(copy(hello.app), "demo");
  EXPECT_EQ(copy(hello.app_version), "1.2");
  EXPECT_EQ(copy(hello.engine), "Unity 6000.1");
  EXPECT_EQ(copy(hello.token), "secret");
  EXPECT_EQ(hello.session_key.size, 16u);
  EXPECT_EQ(hello.pid, static_cast<uint32_t>(getpid()));
  EXPECT_EQ(hello.events, static_cast<uint32_t>(MOSIS_EVENTS_MESSAGES));
  EXPECT_EQ(hello.protocol_min, 1u);
  EXPECT_EQ(hello.protocol_max, 1u);
  EXPECT_FALSE(hello.has_since) << "the daemon begins at what was taken last";
  ASSERT_TRUE(hello.has_line);
  EXPECT_EQ(copy(hello.line.server), "ws://127.0.0.1:1");
  EXPECT_EQ(hello.line.phone_id.data, nullptr) << "not given, so it stays as it was";
}

TEST_F(LinkTest, Identified_GivesReadyThenTheSnapshot) {
  start_daemon().set_peers({"bob", "ada"});
  Game game;
  EXPECT_EQ(mosis_client_get_state(game.client()), MOSIS_CLIENT_CONNECTING);
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  ASSERT_EQ(game.seen().size(), 2u);
  EXPECT_EQ(game.seen()[0].state, MOSIS_CLIENT_READY);
  EXPECT_EQ(game.seen()[0].daemon_pid, static_cast<uint32_t>(getpid()));
  EXPECT_FALSE(game.seen()[1].payload.empty());
  EXPECT_EQ(game.peers(), (std::vector<std::string>{"ada", "bob"}));
  EXPECT_EQ(mosis_client_get_state(game.client()), MOSIS_CLIENT_READY);
}

TEST_F(LinkTest, Refused_FailsWithTheDaemonsWords) {
  start_daemon().set_handler([](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindHello) return false;
    daemon.send_link(wire::Refused{MOSIS_ERR_PROTOCOL_MISMATCH, text("Update the daemon.")});
    return true;
  });
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_PROTOCOL_MISMATCH);
  EXPECT_EQ(failed.text, "Update the daemon.");
  EXPECT_EQ(mosis_message_send(game.client(), "bob", "hi", MOSIS_NUL_TERMINATED, nullptr), MOSIS_ERR_SHUTTING_DOWN);
}

TEST_F(LinkTest, RefusedWhileStopping_IsTriedAgain) {
  std::atomic<int> hellos{0};
  start_daemon().set_handler([&hellos](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindHello || ++hellos > 2) return false;
    daemon.send_link(wire::Refused{MOSIS_ERR_SHUTTING_DOWN, text("Stopping.")});
    return true;
  });
  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).type, static_cast<uint32_t>(MOSIS_EVENT_CLIENT_STATE));
  EXPECT_EQ(hellos.load(), 3);
}

TEST_F(LinkTest, TokenRefused_IsReadAnewAndGivenUpAfterThree) {
  std::atomic<int> hellos{0};
  start_daemon().set_handler([&hellos](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindHello) return false;
    ++hellos;
    daemon.send_link(wire::Refused{MOSIS_ERR_TOKEN_WRONG, text("Wrong token.")});
    return true;
  });
  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_FAILED).error, MOSIS_ERR_TOKEN_WRONG);
  EXPECT_EQ(hellos.load(), 3);
}

TEST_F(LinkTest, FailedClient_AnswersWhatItAcceptedBefore) {
  Game game;  // There is no daemon, and none can be started.
  uint64_t request = 0;
  const mosis_result accepted = mosis_message_send(game.client(), "bob", "hi", MOSIS_NUL_TERMINATED, &request);
  if (accepted == MOSIS_OK) {
    EXPECT_EQ(game.wait_for_response(request).result, MOSIS_ERR_DAEMON_NOT_FOUND);
  } else {
    EXPECT_EQ(accepted, MOSIS_ERR_SHUTTING_DOWN);
    EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_FAILED).error, MOSIS_ERR_DAEMON_NOT_FOUND);
  }
}

TEST_F(LinkTest, DaemonThatDies_MeansReconnectingThenReadyWithTheSameSession) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send_message_event(41, "one");
  game.wait_for_type(MOSIS_EVENT_MESSAGE_RECEIVED);
  const std::string key = session_key(daemon().wait_for(wire::kKindHello));

  restart_daemon();
  const Seen gone = game.wait_for_state(MOSIS_CLIENT_RECONNECTING);
  EXPECT_EQ(gone.error, MOSIS_ERR_CONNECTION_LOST);
  EXPECT_FALSE(gone.text.empty());
  game.wait_for_state(MOSIS_CLIENT_READY);
  EXPECT_EQ(game.wait_for_type(MOSIS_EVENT_SNAPSHOT).type, static_cast<uint32_t>(MOSIS_EVENT_SNAPSHOT));

  const Heard heard = daemon().wait_for(wire::kKindHello);
  const auto hello = body_of<wire::Hello>(heard);
  EXPECT_EQ(session_key(heard), key);
  EXPECT_TRUE(hello.has_since);
  EXPECT_EQ(hello.since, 41u);
  EXPECT_EQ(game.stats().reconnects, 1u);
}

TEST_F(LinkTest, Since_IsWhatReachedTheQueueAndNotWhatWasPolled) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (uint64_t sequence = 1; sequence <= 5; ++sequence) daemon().send_message_event(sequence, "m");
  ASSERT_TRUE(game.wait_for_queued(5));
  restart_daemon();
  const Heard heard = daemon().wait_for(wire::kKindHello);
  EXPECT_EQ(body_of<wire::Hello>(heard).since, 5u);
  EXPECT_TRUE(daemon().heard_of(wire::kKindTaken).empty());
}

TEST_F(LinkTest, EventThatWasSeenBefore_IsDropped) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (const uint64_t sequence : {7, 7, 6, 8, 8, 9}) daemon().send_message_event(sequence, std::to_string(sequence));
  game.wait_for([](const Seen& seen) { return seen.sequence == 9; });
  std::vector<uint64_t> sequences;
  for (const Seen& seen : game.seen()) {
    if (seen.sequence > 0) sequences.push_back(seen.sequence);
  }
  EXPECT_EQ(sequences, (std::vector<uint64_t>{7, 8, 9}));
}

TEST_F(LinkTest, SessionThatCannotBeResumed_BeginsAtTheSnapshot) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send_message_event(1000, "old store");
  game.wait_for([](const Seen& seen) { return seen.sequence == 1000; });
  restart_daemon([](FakeDaemon& daemon) { daemon.set_resumed(false); });
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().send_message_event(3, "new store");
  EXPECT_EQ(game.wait_for([](const Seen& seen) { return seen.sequence == 3; }).text, "new store");
}

TEST_F(LinkTest, EachLine_HasNumbersOfItsOwn) {
  start_daemon().set_line(1);
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send_message_event(50, "line 1");
  game.wait_for([](const Seen& seen) { return seen.sequence == 50; });

  daemon().set_line(2);
  daemon().send_identified();
  daemon().send_message_event(7, "line 2, from before");
  EXPECT_EQ(game.wait_for([](const Seen& seen) { return seen.sequence == 7; }).text, "line 2, from before");

  daemon().set_line(1);
  daemon().send_identified();
  daemon().send_message_event(50, "line 1, once more");
  daemon().send_message_event(51, "line 1, new");
  EXPECT_EQ(game.wait_for([](const Seen& seen) { return seen.sequence >= 50; }).text, "line 1, new");

  restart_daemon([](FakeDaemon& daemon) { daemon.set_line(1); });
  EXPECT_EQ(body_of<wire::Hello>(daemon().wait_for(wire::kKindHello)).since, 51u);
}

TEST_F(LinkTest, Who_MakesTheGameSayHelloAgain) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().send_link(wire::Who{});
  game.wait_for_state(MOSIS_CLIENT_RECONNECTING);
  game.wait_for_state(MOSIS_CLIENT_READY);
  EXPECT_EQ(daemon().heard_of(wire::kKindHello).size(), 2u);
}

TEST_F(LinkTest, GoodbyeOfTheDaemon_MeansReconnecting) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().send_link(wire::Goodbye{wire::kGoodbyeReasonDaemonStops});
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_RECONNECTING).error, MOSIS_ERR_CONNECTION_LOST);
  game.wait_for_state(MOSIS_CLIENT_READY);
}

TEST_F(LinkTest, PingOfTheDaemon_IsAnsweredWithItsNonce) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().send_link(wire::Ping{77});
  EXPECT_EQ(body_of<wire::Pong>(daemon().wait_for(wire::kKindPong)).nonce, 77u);
}

TEST_F(LinkTest, DaemonThatAnswersNoPing_IsTakenForDead) {
  start_daemon().set_handler([](FakeDaemon&, const Heard& heard) { return heard.kind == wire::kKindPing; });
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  const auto begin = std::chrono::steady_clock::now();
  const Seen gone = game.wait_for_state(MOSIS_CLIENT_RECONNECTING);
  EXPECT_NE(gone.text.find("did not answer"), std::string::npos) << gone.text;
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(2500));
}

TEST_F(LinkTest, RoundTrip_IsMeasured) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().wait_for(wire::kKindPing, 2);
  EXPECT_GT(game.stats().round_trip_us, 0u);
}

TEST_F(LinkTest, Destroy_SaysGoodbyeAndWhatWasTaken) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  daemon().send_message_event(5, "m");
  game.wait_for([](const Seen& seen) { return seen.sequence == 5; });
  game.close();
  EXPECT_EQ(body_of<wire::Goodbye>(daemon().wait_for(wire::kKindGoodbye)).reason, wire::kGoodbyeReasonGameEnds);
  const std::vector<Heard> taken = daemon().heard_of(wire::kKindTaken);
  ASSERT_FALSE(taken.empty());
  EXPECT_EQ(body_of<wire::Taken>(taken.back()).sequence, 5u) << "the game had the event in its hands";
}

TEST_F(LinkTest, Taken_FollowsThePollingWithinItsInterval) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (uint64_t sequence = 1; sequence <= 100; ++sequence) daemon().send_message_event(sequence, "m");
  game.wait_for([](const Seen& seen) { return seen.sequence == 100; });
  game.poll_all();
  const bool reported = daemon().wait_until([](const std::vector<Heard>& heard) {
    return !heard.empty() && heard.back().kind == wire::kKindTaken && body_of<wire::Taken>(heard.back()).sequence == 100;
  });
  EXPECT_TRUE(reported);
  EXPECT_LT(daemon().heard_of(wire::kKindTaken).size(), 50u) << "reports are put together";
}

TEST_F(LinkTest, Taken_IsSaidAgainAfterAReconnect) {
  start_daemon();
  Game game;
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  daemon().send_message_event(9, "m");
  game.wait_for([](const Seen& seen) { return seen.sequence == 9; });
  game.poll_all();
  daemon().wait_for(wire::kKindTaken);
  restart_daemon();
  EXPECT_EQ(body_of<wire::Taken>(daemon().wait_for(wire::kKindTaken)).sequence, 9u);
}

TEST_F(LinkTest, DaemonByTcp_IsReachedWithCurveAlone) {
  start_daemon(true);
  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).state, MOSIS_CLIENT_READY);
  game.close();

  // The same daemon, but the file names no key: the token must not go out in the clear.
  std::string file = read_file(folders().runtime() + "/endpoint.json");
  const size_t key = file.find(",\"curveServerKey\"");
  file.erase(key, file.find(",\"token\"") - key);
  write_file(folders().runtime() + "/endpoint.json", file);
  Game refused;
  EXPECT_EQ(refused.wait_for_state(MOSIS_CLIENT_FAILED).error, MOSIS_ERR_NOT_SUPPORTED);
}

TEST_F(LinkTest, EndpointOnAnotherMachine_IsRefused) {
  start_daemon(true);
  std::string file = read_file(folders().runtime() + "/endpoint.json");
  file.replace(file.find("127.0.0.1"), 9, "192.0.2.1");
  write_file(folders().runtime() + "/endpoint.json", file);
  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_FAILED).error, MOSIS_ERR_NOT_SUPPORTED);
}

TEST_F(LinkTest, DeadSocketOfALivingDaemon_IsTriedAgainUntilItAnswers) {
  start_daemon();
  const std::string file = folders().runtime() + "/endpoint.json";
  const std::string good = read_file(file);
  std::string bad = good;
  bad.replace(bad.find("control.sock"), 12, "nothing.sock");
  write_file(file, bad);
  Game game([](mosis_client_options& options) { options.do_not_start_daemon = 1; });
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY, std::chrono::milliseconds(300)).type, 0u);
  write_file(file, good);
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).state, MOSIS_CLIENT_READY);
}

TEST_F(LinkTest, GameThatMustNotStartADaemon_WaitsForOne) {
  Game game([](mosis_client_options& options) { options.do_not_start_daemon = 1; });
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_FAILED, std::chrono::milliseconds(300)).type, 0u);
  EXPECT_EQ(mosis_client_get_state(game.client()), MOSIS_CLIENT_CONNECTING);
  start_daemon();
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).state, MOSIS_CLIENT_READY);
  EXPECT_EQ(game.stats().daemons_started, 0u);
}

}  // namespace
