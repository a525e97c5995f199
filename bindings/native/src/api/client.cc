// C entry points of a client's life: create, poll, peers, statistics, destroy.
#include "api/client.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "api/options.h"

namespace {

/** Set on an I/O thread to its client. */
thread_local const mosis_client* io_thread_of = nullptr;

/** The game's signal handlers must not run on our thread. */
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

void name_thread() {
#if defined(__APPLE__)
  pthread_setname_np("mosis");
#else
  pthread_setname_np(pthread_self(), "mosis");
#endif
}

}  // namespace

mosis_client::mosis_client(mosis::LinkSettings settings, uint32_t event_limit, uint32_t request_limit_,
                           mosis_wake_callback wake_callback, void* wake_user)
    : events(event_limit, wake_callback, wake_user, wake),
      link(std::move(settings), outbox, events, wake, counters),
      request_limit(request_limit_) {}

bool mosis_client::start() {
  if (!wake.open()) return false;
  const SignalsBlocked signals_blocked;
  io_thread_ = std::thread([this] {
    name_thread();
    io_thread_of = this;
    link.run();
  });
  return true;
}

bool mosis_client::on_io_thread() const { return io_thread_of == this; }

mosis_client::~mosis_client() {
  if (!io_thread_.joinable()) return;
  events.leave_current();
  link.stop();
  io_thread_.join();
}

mosis_result mosis_client::request(const mosis::protocol::MethodInfo& method, std::string params, uint32_t deadline_ms,
                                   uint64_t* request_id) {
  if (on_io_thread()) return MOSIS_ERR_WRONG_THREAD;
  if (link.state() == MOSIS_CLIENT_FAILED) return MOSIS_ERR_SHUTTING_DOWN;
  auto made = std::make_unique<mosis::Request>();
  made->method = method.id;
  made->params = std::move(params);
  made->deadline =
      mosis::Clock::now() + std::chrono::milliseconds(deadline_ms == 0 ? mosis::protocol::kDefaultDeadlineMs : deadline_ms);
  made->keyed = method.idempotent;
  // The settings of a line are said again in hello anyway: a repeat changes nothing.
  made->repeatable = method.idempotent || method.id == MOSIS_METHOD_LINE_CONFIGURE;
  if (requests_pending.fetch_add(1) >= request_limit) {
    requests_pending.fetch_sub(1);
    return MOSIS_ERR_QUEUE_FULL;
  }
  made->id = last_request_id.fetch_add(1) + 1;
  if (request_id != nullptr) *request_id = made->id;
  outbox.push(std::move(made));
  wake.signal();
  return MOSIS_OK;
}

extern "C" {

void mosis_client_options_init(mosis_client_options* options) {
  if (options == nullptr) return;
  *options = mosis_client_options{};
  options->struct_size = sizeof *options;
}

mosis_result mosis_client_create(const mosis_client_options* options, mosis_client** client) {
  if (client == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  *client = nullptr;
  return mosis::guarded([&]() -> mosis_result {
    mosis_client_options given{};
    if (!mosis::read_options(options, given)) return MOSIS_ERR_INVALID_ARGUMENT;
    mosis::LinkSettings settings;
    if (!mosis::check_options(given, settings)) return MOSIS_ERR_INVALID_ARGUMENT;
    auto made = std::make_unique<mosis_client>(std::move(settings), given.event_queue_limit, given.request_queue_limit, given.wake,
                                               given.wake_user);
    if (!made->start()) return MOSIS_ERR_INTERNAL;
    *client = made.release();
    return MOSIS_OK;
  });
}

void mosis_client_destroy(mosis_client* client) {
  if (client == nullptr || client->on_io_thread()) return;
  delete client;
}

mosis_client_state mosis_client_get_state(const mosis_client* client) {
  return client == nullptr ? MOSIS_CLIENT_FAILED : client->link.state();
}

int32_t mosis_client_poll(mosis_client* client, const mosis_event** event) {
  if (event != nullptr) *event = nullptr;
  if (client == nullptr || event == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  if (client->on_io_thread()) return MOSIS_ERR_WRONG_THREAD;
  return mosis::guarded([&]() -> int32_t {
    const mosis::PollingTurn turn(client->polling);
    if (!turn) return MOSIS_ERR_WRONG_THREAD;
    mosis::Event* next = client->events.advance();
    if (next == nullptr) return 0;
    if (next->shown.type == MOSIS_EVENT_RESPONSE) client->requests_pending.fetch_sub(1);
    client->peers.apply(*next);
    *event = &next->shown;
    return 1;
  });
}

mosis_result mosis_client_peers(mosis_client* client, const mosis_peer_info** peers, uint32_t* count) {
  if (client == nullptr || peers == nullptr || count == nullptr) return MOSIS_ERR_INVALID_ARGUMENT;
  const mosis::PollingTurn turn(client->polling);
  if (!turn || client->on_io_thread()) return MOSIS_ERR_WRONG_THREAD;
  *peers = client->peers.peers().data();
  *count = static_cast<uint32_t>(client->peers.peers().size());
  return MOSIS_OK;
}

void mosis_stats_init(mosis_stats* stats) {
  if (stats == nullptr) return;
  *stats = mosis_stats{};
  stats->struct_size = sizeof *stats;
}

mosis_result mosis_client_get_stats(const mosis_client* client, mosis_stats* stats) {
  if (client == nullptr || stats == nullptr || stats->struct_size < sizeof stats->struct_size) return MOSIS_ERR_INVALID_ARGUMENT;
  const mosis::Counters& counters = client->counters;
  mosis_stats now{};
  now.struct_size = stats->struct_size;
  now.reconnects = counters.reconnects.get();
  now.daemons_started = counters.daemons_started.get();
  now.events_queued = client->events.queued();
  now.events_queued_max = client->events.most_queued();
  now.requests_pending = client->requests_pending.load();
  now.requests_sent = counters.requests_sent.get();
  now.responses_received = counters.responses_received.get();
  now.events_received = counters.events_received.get();
  now.events_held = counters.events_held.get();
  now.malformed = counters.malformed.get();
  now.bytes_sent = counters.bytes_sent.get();
  now.bytes_received = counters.bytes_received.get();
  now.round_trip_us = counters.round_trip_us.get();
  std::memcpy(stats, &now, std::min<size_t>(stats->struct_size, sizeof now));
  return MOSIS_OK;
}

}  // extern "C"
