// Rules of requests: what is checked before sending, exactly one answer for each, deadlines, repeats, bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "link_fixture.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file

class RequestsTest : public LinkFixture {
 protected:
  /** A daemon that answers no request. */
  FakeDaemon& start_silent_daemon() {
    FakeDaemon& made = start_daemon();
    made.set_handler(ignore_requests);
    return made;
  }
  static bool ignore_requests(FakeDaemon&, const Heard& heard) { return heard.kind == wire::kKindRequest; }
  static uint64_t say(Game& game, const std::string& words = "hi") {
    uint64_t request = 0;
    EXPECT_EQ(mosis_message_send(game.client(), "bob", words.data(), static_cast<uint32_t>(words.size()), &request), MOSIS_OK);
    return request;
  }
};

TEST_F(RequestsTest, Answer_CarriesTheStructOfItsMethod) {
  start_daemon();
  Game game;
  const uint64_t request = say(game, "Grüße ☎");
  const Seen answer = game.wait_for_response(request);
  EXPECT_EQ(answer.result, MOSIS_OK);
  EXPECT_EQ(answer.method, static_cast<uint32_t>(MOSIS_METHOD_MESSAGE_SEND));
  EXPECT_GT(answer.message_id, 0u);
  EXPECT_FALSE(answer.payload.empty());

  const Heard heard = daemon().wait_for(wire::kKindRequest);
  const auto params = body_of<mosis_message_send_params>(heard);
  EXPECT_EQ(copy(params.peer_id), "bob");
  EXPECT_EQ(copy(params.text), "Grüße ☎");
  EXPECT_EQ(heard.key.size(), 16u) << "sent exactly once, also when the daemon dies meanwhile";
  EXPECT_GT(heard.deadline_ms, 0u);
  EXPECT_LE(heard.deadline_ms, 10000u);
}

TEST_F(RequestsTest, MethodWithoutFields_HasAnAnswerWithoutData) {
  start_daemon();
  Game game;
  uint64_t request = 0;
  ASSERT_EQ(mosis_peers_trust(game.client(), "bob", &request), MOSIS_OK);
  const Seen answer = game.wait_for_response(request);
  EXPECT_EQ(answer.result, MOSIS_OK);
  EXPECT_FALSE(answer.has_data);
}

TEST_F(RequestsTest, Refusal_CarriesTheDaemonsCodeAndWords) {
  start_daemon().set_handler([](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindRequest) return false;
    daemon.refuse(heard, MOSIS_ERR_LINE_NOT_CONFIGURED, "Configure the line first.");
    return true;
  });
  Game game;
  const Seen answer = game.wait_for_response(say(game));
  EXPECT_EQ(answer.result, MOSIS_ERR_LINE_NOT_CONFIGURED);
  EXPECT_EQ(answer.text, "Configure the line first.");
  EXPECT_FALSE(answer.has_data);
}

TEST_F(RequestsTest, AnswerThatDoesNotFit_IsMalformed) {
  start_daemon().set_handler([](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindRequest) return false;
    daemon.answer(heard, std::string("\x81\x01\xa1x", 4));  // messageId as a text
    return true;
  });
  Game game;
  EXPECT_EQ(game.wait_for_response(say(game)).result, MOSIS_ERR_MALFORMED);
  EXPECT_EQ(game.stats().malformed, 1u);
}

TEST_F(RequestsTest, NoAnswer_MeansDeadlineExceededOnce) {
  start_silent_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  mosis_request_options options;
  mosis_request_options_init(&options);
  options.deadline_ms = 100;
  uint64_t request = 0;
  const std::string params(1, '\x80');
  ASSERT_EQ(mosis_client_request(game.client(), MOSIS_METHOD_DAEMON_STATUS, params.data(), 1, &options, &request), MOSIS_OK);
  EXPECT_EQ(game.wait_for_response(request).result, MOSIS_ERR_DEADLINE_EXCEEDED);
  const Heard heard = daemon().wait_for(wire::kKindRequest);
  EXPECT_LE(heard.deadline_ms, 100u);

  daemon().refuse(heard, MOSIS_ERR_INTERNAL, "late");
  daemon().send_message_event(1, "after");
  game.wait_for([](const Seen& seen) { return seen.sequence == 1; });
  EXPECT_EQ(std::count_if(game.seen().begin(), game.seen().end(), [&](const Seen& seen) { return seen.request_id == request; }), 1);
}

TEST_F(RequestsTest, DeadlinePasses_AlsoWithoutADaemon) {
  Game game([](mosis_client_options& options) { options.do_not_start_daemon = 1; });
  mosis_request_options options;
  mosis_request_options_init(&options);
  options.deadline_ms = 50;
  uint64_t request = 0;
  ASSERT_EQ(mosis_client_request(game.client(), MOSIS_METHOD_DAEMON_STATUS, "\x80", 1, &options, &request), MOSIS_OK);
  EXPECT_EQ(game.wait_for_response(request).result, MOSIS_ERR_DEADLINE_EXCEEDED);
}

TEST_F(RequestsTest, RequestsBeforeReady_AreSentWhenTheSessionStands) {
  Game game([](mosis_client_options& options) { options.do_not_start_daemon = 1; });
  const uint64_t request = say(game);
  start_daemon();
  EXPECT_EQ(game.wait_for_response(request).result, MOSIS_OK);
}

TEST_F(RequestsTest, LostLink_RepeatsWithTheSameKeyAndAnswersTheOthers) {
  start_silent_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  const uint64_t message = say(game);
  uint64_t status = 0;
  uint64_t configure = 0;
  mosis_daemon_status(game.client(), &status);
  mosis_line_configure(game.client(), "ws://a", nullptr, nullptr, &configure);
  daemon().wait_for(wire::kKindRequest, 3);
  const Heard first = daemon().wait_for(wire::kKindRequest, 1);

  restart_daemon();
  EXPECT_EQ(game.wait_for_response(status).result, MOSIS_ERR_CONNECTION_LOST) << "it may or may not have run";
  EXPECT_EQ(game.wait_for_response(message).result, MOSIS_OK);
  EXPECT_EQ(game.wait_for_response(configure).result, MOSIS_OK) << "a setting is repeated without harm";
  const Heard again = daemon().wait_for(wire::kKindRequest, 1);
  EXPECT_EQ(again.request_id, first.request_id);
  EXPECT_EQ(again.key, first.key);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(daemon().heard_of(wire::kKindRequest).size(), 2u);
}

TEST_F(RequestsTest, OrderOfMessages_SurvivesALostLink) {
  start_silent_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  for (int i = 0; i < 50; ++i) say(game, std::to_string(i));
  daemon().wait_for(wire::kKindRequest, 50);
  kill_daemon();
  game.wait_for_state(MOSIS_CLIENT_RECONNECTING);
  for (int i = 50; i < 100; ++i) say(game, std::to_string(i));
  start_daemon();
  let_games_search();
  ASSERT_EQ(daemon().wait_for(wire::kKindRequest, 100).kind, wire::kKindRequest);
  const std::vector<Heard> heard = daemon().heard_of(wire::kKindRequest);
  for (size_t i = 0; i < heard.size(); ++i) EXPECT_EQ(copy(body_of<mosis_message_send_params>(heard[i]).text), std::to_string(i));
}

TEST_F(RequestsTest, LineSettings_ThatWereAccepted_AreSaidAgainInHello) {
  start_daemon();
  Game game([](mosis_client_options& options) { options.server = "ws://first"; });
  uint64_t request = 0;
  mosis_line_configure(game.client(), nullptr, "ada", nullptr, nullptr);
  mosis_line_configure(game.client(), "ws://second", nullptr, "Ada", &request);
  game.wait_for_response(request);
  restart_daemon();
  const Heard heard = daemon().wait_for(wire::kKindHello);
  const auto hello = body_of<wire::Hello>(heard);
  EXPECT_EQ(copy(hello.line.server), "ws://second");
  EXPECT_EQ(copy(hello.line.phone_id), "ada");
  EXPECT_EQ(copy(hello.line.display_name), "Ada");
}

TEST_F(RequestsTest, LineSettings_ThatWereRefused_AreNotSaidAgain) {
  start_daemon().set_handler([](FakeDaemon& daemon, const Heard& heard) {
    if (heard.kind != wire::kKindRequest) return false;
    daemon.refuse(heard, MOSIS_ERR_INVALID_ARGUMENT, "No URL.");
    return true;
  });
  Game game;
  uint64_t request = 0;
  mosis_line_configure(game.client(), "nonsense", nullptr, nullptr, &request);
  game.wait_for_response(request);
  restart_daemon();
  EXPECT_FALSE(body_of<wire::Hello>(daemon().wait_for(wire::kKindHello)).has_line);
}

TEST_F(RequestsTest, ClosedLine_StaysClosedAfterAReconnect_AndConfigureBringsItBackWhole) {
  start_daemon();
  Game game([](mosis_client_options& options) {
    options.server = "ws://a";
    options.phone_id = "ada";
  });
  uint64_t request = 0;
  mosis_line_close(game.client(), &request);
  game.wait_for_response(request);
  restart_daemon();
  EXPECT_FALSE(body_of<wire::Hello>(daemon().wait_for(wire::kKindHello)).has_line);
  mosis_line_configure(game.client(), nullptr, nullptr, "Ada", &request);
  game.wait_for_response(request);
  const Heard heard = daemon().wait_for(wire::kKindRequest);
  const auto params = body_of<mosis_line_configure_params>(heard);
  EXPECT_EQ(copy(params.server), "ws://a") << "the new daemon never heard of it";
  EXPECT_EQ(copy(params.phone_id), "ada");
  EXPECT_EQ(copy(params.display_name), "Ada");
}

TEST_F(RequestsTest, FullQueue_RefusesUntilAnswersArePolled) {
  start_silent_daemon();
  Game game([](mosis_client_options& options) { options.request_queue_limit = 10; });
  game.wait_for_type(MOSIS_EVENT_SNAPSHOT);
  for (int i = 0; i < 10; ++i) say(game);
  EXPECT_EQ(mosis_message_send(game.client(), "bob", "one more", MOSIS_NUL_TERMINATED, nullptr), MOSIS_ERR_QUEUE_FULL);
  EXPECT_EQ(game.stats().requests_pending, 10u);

  daemon().answer(daemon().wait_for(wire::kKindRequest, 10), packed(mosis_message_send_result{1}));
  ASSERT_TRUE(game.wait_for_queued(1));
  EXPECT_EQ(mosis_message_send(game.client(), "bob", "one more", MOSIS_NUL_TERMINATED, nullptr), MOSIS_ERR_QUEUE_FULL)
      << "the answer waits in the event queue";
  game.poll_all();
  EXPECT_EQ(mosis_message_send(game.client(), "bob", "one more", MOSIS_NUL_TERMINATED, nullptr), MOSIS_OK);
}

TEST_F(RequestsTest, ManyThreads_GetOneAnswerForEachRequest) {
  start_daemon();
  Game game;
  constexpr int kThreads = 4;
  constexpr int kEach = 100;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&game] {
      for (int n = 0; n < kEach; ++n)
        EXPECT_EQ(mosis_message_send(game.client(), "bob", "hi", MOSIS_NUL_TERMINATED, nullptr), MOSIS_OK);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<uint64_t> answered;
  game.wait_for([&answered](const Seen& seen) {
    if (seen.type == MOSIS_EVENT_RESPONSE) answered.insert(seen.request_id);
    return answered.size() == kThreads * kEach;
  });
  EXPECT_EQ(answered.size(), static_cast<size_t>(kThreads * kEach));
  EXPECT_EQ(game.stats().requests_pending, 0u);
}

TEST_F(RequestsTest, WrongArguments_AreRefusedBeforeAnythingIsSent) {
  start_daemon();
  Game game;
  game.wait_for_state(MOSIS_CLIENT_READY);
  mosis_client* client = game.client();
  const std::string long_id(129, 'x');
  const std::string long_text(65537, 'x');
  EXPECT_EQ(mosis_message_send(nullptr, "bob", "hi", 2, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, nullptr, "hi", 2, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "", "hi", 2, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, long_id.c_str(), "hi", 2, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", nullptr, 2, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", "hi", 0, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", "a\0b", 3, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", "\xc3", 1, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", long_text.data(), 65537, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_message_send(client, "bob", long_text.c_str(), MOSIS_NUL_TERMINATED, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_line_configure(client, nullptr, "", nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_request(client, 0x7777, "\x80", 1, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT) << "unknown method";
  EXPECT_EQ(mosis_client_request(client, MOSIS_METHOD_PEERS_GET, "\x80", 1, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT)
      << "peerId missing";
  EXPECT_EQ(mosis_client_request(client, MOSIS_METHOD_PEERS_GET, "\x81\x01\x05", 3, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_request(client, MOSIS_METHOD_DAEMON_STATUS, "\x80\x80", 2, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_request(client, MOSIS_METHOD_DAEMON_STATUS, "", 0, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_request(client, MOSIS_METHOD_DAEMON_STATUS, nullptr, 0, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  game.wait_for_response(say(game));
  EXPECT_EQ(daemon().heard_of(wire::kKindRequest).size(), 1u);
}

TEST_F(RequestsTest, LargestText_ArrivesWhole) {
  start_daemon();
  Game game;
  std::string largest(65536, 'a');
  largest.replace(65533, 3, "€");
  EXPECT_EQ(game.wait_for_response(say(game, largest)).result, MOSIS_OK);
  const Heard heard = daemon().wait_for(wire::kKindRequest);
  EXPECT_EQ(copy(body_of<mosis_message_send_params>(heard).text), largest);
}

}  // namespace
