// A game for tests: a client of the C ABI whose events are copied as they are polled. Waits for events, never for time.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "mosis/mosis.h"

namespace mosis_test {

/** A polled event, copied out. */
struct Seen {
  uint32_t type = 0;
  uint64_t sequence = 0;
  uint64_t request_id = 0;
  mosis_result result = MOSIS_OK;
  uint32_t method = 0;
  /** Of the state or of a failed response; the text of a received message. */
  std::string text;
  /** MOSIS_EVENT_CLIENT_STATE. */
  mosis_client_state state = MOSIS_CLIENT_CONNECTING;
  mosis_result error = MOSIS_OK;
  uint32_t daemon_pid = 0;
  /** message.received and the answer of message.send. */
  uint64_t message_id = 0;
  bool has_data = false;
  std::string payload;
};

class Game {
 public:
  using Limit = std::chrono::milliseconds;
  static constexpr Limit kLimit{20000};

  /** `change` may set options before the client is made. */
  explicit Game(const std::function<void(mosis_client_options&)>& change = nullptr);
  ~Game() { close(); }
  Game(const Game&) = delete;
  Game& operator=(const Game&) = delete;

  mosis_client* client() { return client_; }
  /** mosis_client_destroy now. */
  void close();

  /** Polls everything that waits; returns how many events that were. */
  size_t poll_all();
  /** Polls one event at most. */
  bool poll_one();
  /** Polls until `wanted` is true of an event, which it returns; an event of type 0 after the limit. */
  Seen wait_for(const std::function<bool(const Seen&)>& wanted, Limit limit = kLimit);
  Seen wait_for_state(mosis_client_state state, Limit limit = kLimit);
  Seen wait_for_response(uint64_t request_id, Limit limit = kLimit);
  Seen wait_for_type(uint32_t type, Limit limit = kLimit);
  /** Waits, without polling, until so many events are queued. */
  bool wait_for_queued(uint32_t count, Limit limit = kLimit);

  const std::vector<Seen>& seen() const { return seen_; }
  mosis_stats stats() const;
  std::vector<std::string> peers();
  uint32_t wakes() const { return wakes_.load(); }

 private:
  static void on_wake(void* self);

  mosis_client* client_ = nullptr;
  std::vector<Seen> seen_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_waits_ = false;
  std::atomic<uint32_t> wakes_{0};
};

}  // namespace mosis_test
