#include "support/game.h"

#include <stdexcept>

#include "support/fake_daemon.h"

namespace mosis_test {
namespace {

using SteadyClock = std::chrono::steady_clock;

/** For counters that no event announces. */
constexpr std::chrono::milliseconds kLookAgain{2};

Seen copied(const mosis_event& event) {
  Seen seen;
  seen.type = event.type;
  seen.sequence = event.sequence;
  seen.request_id = event.request_id;
  seen.result = event.result;
  seen.method = event.method;
  seen.text = copy(event.text);
  seen.has_data = event.data != nullptr;
  if (event.payload.data != nullptr) seen.payload.assign(reinterpret_cast<const char*>(event.payload.data), event.payload.size);
  if (event.type == MOSIS_EVENT_CLIENT_STATE) {
    const auto& change = *static_cast<const mosis_client_state_event*>(event.data);
    seen.state = change.state;
    seen.error = change.error;
    seen.text = copy(change.text);
    seen.daemon_pid = change.daemon_pid;
  }
  if (event.type == MOSIS_EVENT_MESSAGE_RECEIVED) {
    const auto& message = *static_cast<const mosis_message_received*>(event.data);
    seen.message_id = message.message_id;
    seen.text = copy(message.text);
  }
  if (event.type == MOSIS_EVENT_RESPONSE && event.method == MOSIS_METHOD_MESSAGE_SEND && event.data != nullptr) {
    seen.message_id = static_cast<const mosis_message_send_result*>(event.data)->message_id;
  }
  return seen;
}

}  // namespace

Game::Game(const std::function<void(mosis_client_options&)>& change) {
  mosis_client_options options;
  mosis_client_options_init(&options);
  options.app = "test";
  options.wake = on_wake;
  options.wake_user = this;
  if (change) change(options);
  if (mosis_client_create(&options, &client_) != MOSIS_OK) throw std::runtime_error("mosis_client_create failed");
}

void Game::close() {
  mosis_client_destroy(client_);
  client_ = nullptr;
}

void Game::on_wake(void* self) {
  Game& game = *static_cast<Game*>(self);
  game.wakes_.fetch_add(1);
  const std::lock_guard<std::mutex> guard(game.mutex_);
  game.wake_waits_ = true;
  game.woken_.notify_one();
}

bool Game::poll_one() {
  const mosis_event* event = nullptr;
  if (mosis_client_poll(client_, &event) != 1) return false;
  seen_.push_back(copied(*event));
  return true;
}

size_t Game::poll_all() {
  const size_t before = seen_.size();
  while (poll_one()) {
  }
  return seen_.size() - before;
}

Seen Game::wait_for(const std::function<bool(const Seen&)>& wanted, Limit limit) {
  const auto until = SteadyClock::now() + limit;
  while (true) {
    while (poll_one()) {
      if (wanted(seen_.back())) return seen_.back();
    }
    std::unique_lock<std::mutex> guard(mutex_);
    if (!woken_.wait_until(guard, until, [this] { return wake_waits_; })) return Seen();
    wake_waits_ = false;
  }
}

Seen Game::wait_for_state(mosis_client_state state, Limit limit) {
  return wait_for([state](const Seen& seen) { return seen.type == MOSIS_EVENT_CLIENT_STATE && seen.state == state; }, limit);
}

Seen Game::wait_for_response(uint64_t request_id, Limit limit) {
  return wait_for([request_id](const Seen& seen) { return seen.type == MOSIS_EVENT_RESPONSE && seen.request_id == request_id; },
                  limit);
}

Seen Game::wait_for_type(uint32_t type, Limit limit) {
  return wait_for([type](const Seen& seen) { return seen.type == type; }, limit);
}

bool Game::wait_for_queued(uint32_t count, Limit limit) {
  const auto until = SteadyClock::now() + limit;
  std::unique_lock<std::mutex> guard(mutex_);
  while (stats().events_queued < count) {
    if (SteadyClock::now() >= until) return false;
    woken_.wait_for(guard, kLookAgain);
  }
  return true;
}

mosis_stats Game::stats() const {
  mosis_stats stats;
  mosis_stats_init(&stats);
  mosis_client_get_stats(client_, &stats);
  return stats;
}

std::vector<std::string> Game::peers() {
  const mosis_peer_info* peers = nullptr;
  uint32_t count = 0;
  mosis_client_peers(client_, &peers, &count);
  std::vector<std::string> ids;
  for (uint32_t i = 0; i < count; ++i) ids.push_back(copy(peers[i].peer_id));
  return ids;
}

}  // namespace mosis_test
