// What a mosis_client is. The C functions are in client.cc and requests.cc; each goes through `guarded`.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "link/counters.h"
#include "link/event_queue.h"
#include "link/link.h"
#include "link/outbox.h"
#include "link/peer_table.h"
#include "link/wake_pipe.h"
#include "mosis/mosis.h"
#include "protocol/codec.h"

/** The members in the order of their making; the event queue outlives the peer table, which holds events. */
struct mosis_client {
  mosis_client(mosis::LinkSettings settings, uint32_t event_limit, uint32_t request_limit, mosis_wake_callback wake_callback,
               void* wake_user);
  ~mosis_client();

  /** Starts the I/O thread. False: no descriptors for the wake pipe. */
  bool start();
  /** Checked params go to the I/O thread. */
  mosis_result request(const mosis::protocol::MethodInfo& method, std::string params, uint32_t deadline_ms, uint64_t* request_id);
  /** True inside the wake callback. */
  bool on_io_thread() const;

  mosis::Counters counters;
  mosis::WakePipe wake;
  mosis::Outbox outbox;
  mosis::EventQueue events;
  mosis::PeerTable peers;
  mosis::Link link;
  const uint32_t request_limit;
  /** Requests accepted whose answer was not polled yet: bounds outbox, table and answers in the queue together. */
  std::atomic<uint32_t> requests_pending{0};
  std::atomic<uint64_t> last_request_id{0};
  /** Set while a thread is inside a function that belongs to the polling thread. */
  std::atomic<bool> polling{false};

 private:
  std::thread io_thread_;
};

namespace mosis {

/** The boundary: no exception crosses it. The only ones that our code meets are those of a machine without memory or threads. */
template <typename Body>
int32_t guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return MOSIS_ERR_INTERNAL;
  }
}

/** For functions of the polling thread: false when another thread is inside one. */
class PollingTurn {
 public:
  explicit PollingTurn(std::atomic<bool>& polling)
      : polling_(polling), taken_(!polling.exchange(true, std::memory_order_acquire)) {}
  ~PollingTurn() {
    if (taken_) polling_.store(false, std::memory_order_release);
  }
  PollingTurn(const PollingTurn&) = delete;
  PollingTurn& operator=(const PollingTurn&) = delete;
  explicit operator bool() const { return taken_; }

 private:
  std::atomic<bool>& polling_;
  const bool taken_;
};

}  // namespace mosis
