// A game that measures its phone. Each mode prints one line of JSON; profile and folders come from the environment.
//   bench-game ready                              create → ready
//   bench-game control SERVER ID COUNT WINDOW     round trips of peers.get, one at a time and WINDOW at once
//   bench-game thread SERVER ID                   cost of poll and message_send for the game thread; wakes while idle
//   bench-game listen SERVER ID COUNT             delay of COUNT messages from `send` (same machine, monotonic clock)
//   bench-game send SERVER ID PEER COUNT          one message after the other, each when the one before was delivered
#include <mosis/mosis.h>
#include <semaphore.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
const Clock::time_point started = Clock::now();
double since_us(Clock::time_point start) { return std::chrono::duration<double, std::micro>(Clock::now() - start).count(); }
uint64_t now_us() {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count());
}

sem_t something;
std::atomic<uint64_t> wakes{0};

void on_wake(void*) {
  ++wakes;
  sem_post(&something);
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "bench-game: %s\n", what);
  std::exit(1);
}

mosis_client* create(const char* server, const char* id) {
  sem_init(&something, 0, 0);
  mosis_client_options options;
  mosis_client_options_init(&options);
  options.app = "bench";
  options.server = server;
  options.phone_id = id;
  options.display_name = id;
  options.wake = on_wake;
  mosis_client* client = nullptr;
  if (mosis_client_create(&options, &client) != MOSIS_OK) fail("no client");
  return client;
}

/** The next event; waits up to 30 s. */
const mosis_event* next(mosis_client* client) {
  const mosis_event* event = nullptr;
  timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += 30;
  while (mosis_client_poll(client, &event) != 1) {
    if (sem_timedwait(&something, &limit) != 0) fail("nothing came for 30 s");
  }
  return event;
}

void until_ready(mosis_client* client) {
  for (;;) {
    const mosis_event* event = next(client);
    if (event->type != MOSIS_EVENT_CLIENT_STATE) continue;
    const auto* change = static_cast<const mosis_client_state_event*>(event->data);
    if (change->state == MOSIS_CLIENT_FAILED) fail(mosis_result_text(change->error));
    if (change->state == MOSIS_CLIENT_READY) return;
  }
}

void until_online(mosis_client* client) {
  for (;;) {
    const mosis_event* event = next(client);
    const mosis_line_info* line = nullptr;
    if (event->type == MOSIS_EVENT_SNAPSHOT) line = &static_cast<const mosis_snapshot*>(event->data)->line;
    if (event->type == MOSIS_EVENT_LINE_CHANGED) line = &static_cast<const mosis_line_changed*>(event->data)->line;
    if (line != nullptr && line->state == MOSIS_LINE_STATE_ONLINE) return;
  }
}

double at(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, static_cast<size_t>(static_cast<double>(sorted.size()) * share))];
}

uint64_t ask(mosis_client* client) {
  // params of peers.get: {1: "nobody"}
  static const unsigned char params[] = {0x81, 0x01, 0xa6, 'n', 'o', 'b', 'o', 'd', 'y'};
  uint64_t id = 0;
  if (mosis_client_request(client, MOSIS_METHOD_PEERS_GET, params, sizeof params, nullptr, &id) != MOSIS_OK) fail("request");
  return id;
}

void until_answer(mosis_client* client) {
  for (;;) {
    const mosis_event* event = next(client);
    if (event->type != MOSIS_EVENT_RESPONSE) continue;
    if (event->result != MOSIS_OK) fail("answer");
    return;
  }
}

void control(mosis_client* client, int count, int window) {
  until_online(client);
  for (int i = 0; i < 200; ++i) {
    ask(client);
    until_answer(client);
  }
  std::vector<double> round_trips;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    ask(client);
    until_answer(client);
    round_trips.push_back(since_us(start));
  }
  std::sort(round_trips.begin(), round_trips.end());
  const auto start = Clock::now();
  const int total = count * 4;
  for (int sent = 0, received = 0; received < total; ++received) {
    while (sent < total && sent - received < window) {
      ask(client);
      ++sent;
    }
    until_answer(client);
  }
  std::printf("{\"p50Us\":%.1f,\"p99Us\":%.1f,\"perSecond\":%.0f,\"requests\":%d}\n", at(round_trips, 0.5), at(round_trips, 0.99),
              total / since_us(start) * 1e6, 200 + count + total);
}

/** Polls `count` waiting events; the longest poll in µs. */
double longest_poll(mosis_client* client, int count) {
  for (int i = 0; i < count; ++i) ask(client);
  mosis_stats stats;
  mosis_stats_init(&stats);
  const auto start = Clock::now();
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    mosis_client_get_stats(client, &stats);
    if (since_us(start) > 10e6) fail("the answers do not queue up");
  } while (stats.events_queued < static_cast<uint32_t>(count));
  double longest = 0;
  const mosis_event* event = nullptr;
  for (int taken = 0; taken < count; ++taken) {
    const auto begin = Clock::now();
    if (mosis_client_poll(client, &event) != 1) fail("an event went missing");
    longest = std::max(longest, since_us(begin));
  }
  return longest;
}

void thread_cost(mosis_client* client) {
  until_online(client);
  std::vector<double> longest;
  for (int round = 0; round < 50; ++round) longest.push_back(longest_poll(client, 100));
  std::sort(longest.begin(), longest.end());
  std::vector<double> sends;
  for (int i = 0; i < 500; ++i) {
    const auto begin = Clock::now();
    if (mosis_message_send(client, "nobody", "a text of forty-one characters, as usual", MOSIS_NUL_TERMINATED, nullptr) != MOSIS_OK) {
      fail("message_send");
    }
    sends.push_back(since_us(begin));
    until_answer(client);
  }
  std::sort(sends.begin(), sends.end());
  // The line is quiet now but for the failures of those messages, which come within 20 s: they are no idle time.
  mosis_line_close(client, nullptr);
  until_answer(client);
  const mosis_event* event = nullptr;
  for (auto start = Clock::now(); since_us(start) < 1e6;) {
    while (mosis_client_poll(client, &event) == 1) start = Clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (since_us(started) > 60e6) fail("the line does not become quiet");
  }
  const uint64_t before = wakes;
  std::this_thread::sleep_for(std::chrono::seconds(3));
  std::printf("{\"pollLongestP50Us\":%.1f,\"pollLongestUs\":%.1f,\"sendP50Us\":%.2f,\"sendP99Us\":%.2f,\"sendLongestUs\":%.1f,\"idleWakes\":%" PRIu64 "}\n",
              at(longest, 0.5), longest.back(), at(sends, 0.5), at(sends, 0.99), sends.back(), wakes - before);
}

void listen(mosis_client* client, int count) {
  until_online(client);
  std::puts("{\"online\":true}");
  std::fflush(stdout);
  std::vector<double> delays;
  while (static_cast<int>(delays.size()) < count) {
    const mosis_event* event = next(client);
    if (event->type != MOSIS_EVENT_MESSAGE_RECEIVED) continue;
    const auto* message = static_cast<const mosis_message_received*>(event->data);
    const uint64_t sent = std::strtoull(std::string(message->text.data, message->text.size).c_str(), nullptr, 10);
    delays.push_back(static_cast<double>(now_us() - sent) / 1000);
  }
  const double first = delays.front();
  delays.erase(delays.begin());
  std::sort(delays.begin(), delays.end());
  std::printf("{\"firstMs\":%.2f,\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"maxMs\":%.2f,\"messages\":%zu}\n", first, at(delays, 0.5), at(delays, 0.99),
              delays.empty() ? 0 : delays.back(), delays.size());
}

void send(mosis_client* client, const char* peer, int count) {
  until_online(client);
  // The media child starts with the login; what that takes is measured by `start`, not here.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  for (int i = 0; i < count; ++i) {
    if (mosis_message_send(client, peer, std::to_string(now_us()).c_str(), MOSIS_NUL_TERMINATED, nullptr) != MOSIS_OK) fail("send");
    for (;;) {
      const mosis_event* event = next(client);
      if (event->type != MOSIS_EVENT_MESSAGE_CHANGED) continue;
      if (static_cast<const mosis_message_changed*>(event->data)->state != MOSIS_MESSAGE_STATE_DELIVERED) fail("not delivered");
      break;
    }
  }
  std::printf("{\"sent\":%d}\n", count);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  mosis_client* client = create(argc > 2 ? argv[2] : nullptr, argc > 3 ? argv[3] : nullptr);
  if (mode == "ready") {
    until_ready(client);
    std::printf("{\"readyMs\":%.1f}\n", since_us(started) / 1000);
  } else if (mode == "control" && argc == 6) {
    control(client, std::atoi(argv[4]), std::atoi(argv[5]));
  } else if (mode == "thread" && argc == 4) {
    thread_cost(client);
  } else if (mode == "listen" && argc == 5) {
    listen(client, std::atoi(argv[4]));
  } else if (mode == "send" && argc == 6) {
    send(client, argv[4], std::atoi(argv[5]));
  } else {
    fail("usage: see the head of bench_game.cc");
  }
  std::fflush(stdout);
  mosis_client_destroy(client);
  return 0;
}
