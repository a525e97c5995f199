// The I/O thread: finds the daemon, keeps the session with it, carries requests out and events in. Owns everything ZeroMQ; the
// game's threads meet it only in the outbox, the event queue and the wake pipe.
//
//   pausing ──time──► searching ──found──► opening ──identified──► ready
//      ▲                  │ failed            │ refused              │ lost, goodbye, who
//      │                  ▼                   ▼                      │
//      │               failed ◄───────────────┤                      │
//      └──────────── attempt failed ──────────┴──────────────────────┘
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "launch/finder.h"
#include "link/counters.h"
#include "link/dealer.h"
#include "link/event_queue.h"
#include "link/outbox.h"
#include "link/request_table.h"
#include "link/session.h"
#include "link/wake_pipe.h"
#include "protocol/envelope.h"

namespace mosis {

struct LinkSettings {
  FinderSettings finder;
  SessionSettings session;
  std::chrono::milliseconds goodbye_limit{200};
};

class Link {
 public:
  using Time = Clock::time_point;

  Link(LinkSettings settings, Outbox& outbox, EventQueue& events, WakePipe& wake, Counters& counters);

  /** The I/O thread's whole life. */
  void run() noexcept;
  /** Any thread: lets run() say goodbye and return. */
  void stop();
  /** Any thread. */
  mosis_client_state state() const { return state_.load(); }

 private:
  enum class Phase { pausing, searching, opening, ready, failed };

  void live();
  void step(Time now);
  void search(Time now);
  void open(Time now);
  void attend(Time now);
  void keep_alive(Time now);
  void wait(Time now);
  Time next_due() const;

  void receive(Time now);
  // An envelope points into its message: the message is moved from only when nothing of the envelope is needed any more.
  void on_message(std::string& message, Time now);
  void on_link(const protocol::Envelope& envelope, std::string& message, Time now);
  void on_identified(std::string& message);
  void on_refused(const protocol::Refused& refused, Time now);
  void on_pong(uint32_t nonce, Time now);
  void on_response(const protocol::Envelope& envelope, std::string& message);
  void on_event(const protocol::Envelope& envelope, std::string& message);

  void lost(Failure why, Time now);
  void attempt_failed(Time now);
  void fail(Failure why);
  void change_state(mosis_client_state state, const Failure& why, uint32_t daemon_pid);

  void accept_requests();
  void answer_expired(Time now);
  void answer_failed(std::vector<std::unique_ptr<Request>> requests, const Failure& why);
  void flush(Time now);
  bool flush_link_messages(Time now);
  bool flush_requests(Time now);
  bool send(const std::string& message);
  template <typename T>
  bool send_link(const T& value);
  void push(std::unique_ptr<Event> event);
  void say_goodbye();
  bool reading() const;

  Outbox& outbox_;
  EventQueue& events_;
  WakePipe& wake_;
  Counters& counters_;
  const std::chrono::milliseconds goodbye_limit_;
  const bool may_start_;

  Finder finder_;
  Session session_;
  Dealer dealer_;
  RequestTable requests_;

  std::atomic<bool> stopping_{false};
  std::atomic<mosis_client_state> state_{MOSIS_CLIENT_CONNECTING};
  Phase phase_ = Phase::pausing;
  /** Why the client failed; answers requests that come later. */
  Failure failure_;

  Time resume_at_;
  std::chrono::milliseconds pause_{0};
  Time open_limit_;
  Time first_attempt_;
  Time ready_since_;
  uint32_t starts_that_crashed_ = 0;
  uint32_t tokens_refused_ = 0;

  // ---- what is due to be sent
  bool hello_due_ = false;
  bool ping_due_ = false;
  std::optional<uint32_t> pong_due_;
  bool blocked_ = false;
  Time ping_at_;
  Time ping_sent_at_;
  uint32_t ping_nonce_ = 0;
  uint32_t unanswered_pings_ = 0;
  Time taken_sent_at_;
  bool taken_due_ = false;
};

/** MOSIS_ERR_CONNECTION_LOST with the cause in words. */
inline Failure connection_lost(const std::string& how) {
  return {MOSIS_ERR_CONNECTION_LOST, "The link to the daemon was lost: " + how + '.'};
}

}  // namespace mosis
