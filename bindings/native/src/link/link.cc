#include "link/link.h"

#include <zmq.h>

#include <algorithm>

namespace mosis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};
/** For one attempt, from connect to identified. */
constexpr milliseconds kOpenLimit{protocol::kDaemonTimeoutMs};
/** For the first session: a daemon that holds the lock but does not answer will not do so later. */
constexpr seconds kFirstSessionLimit{10};
constexpr seconds kStableSession{1};
constexpr milliseconds kPingInterval{protocol::kPingIntervalMs};
constexpr uint32_t kUnansweredPings = protocol::kDaemonTimeoutMs / protocol::kPingIntervalMs;
constexpr milliseconds kTakenInterval{50};
/** A daemon that is killed while it starts says nothing; one that says why is believed at once. */
constexpr uint32_t kStartsThatMayCrash = 3;
constexpr milliseconds kQueueFullPause{100};

/** poll() takes whole ms: rounded up, so that a timer that is due in 0.4 ms is not asked for again and again. */
long poll_timeout(Clock::time_point now, Clock::time_point due) {
  if (due == Clock::time_point::max()) return -1;
  if (due <= now) return 0;
  return static_cast<long>(std::chrono::duration_cast<milliseconds>(due - now).count()) + 1;
}

}  // namespace

Link::Link(LinkSettings settings, Outbox& outbox, EventQueue& events, WakePipe& wake, Counters& counters)
    : outbox_(outbox),
      events_(events),
      wake_(wake),
      counters_(counters),
      goodbye_limit_(settings.goodbye_limit),
      may_start_(settings.finder.may_start),
      finder_(std::move(settings.finder)),
      session_(std::move(settings.session)) {}

void Link::stop() {
  stopping_.store(true);
  wake_.signal();
}

void Link::run() noexcept {
  try {
    live();
  } catch (...) {
    // Out of memory: no event can be made, but whoever asks is told.
    state_.store(MOSIS_CLIENT_FAILED);
  }
}

void Link::live() {
  first_attempt_ = resume_at_ = Clock::now();
  while (!stopping_.load()) {
    const Time now = Clock::now();
    accept_requests();
    step(now);
    answer_expired(now);
    events_.release_held();
    events_.free_spent();
    flush(now);
    wait(now);
  }
  say_goodbye();
}

// ------------------------------------------------------------------------------------------------------- finding and opening

void Link::step(Time now) {
  if (phase_ == Phase::pausing && now >= resume_at_) {
    if (events_.is_full()) {
      // Each new session brings events; the game has to take the old ones first.
      resume_at_ = now + kQueueFullPause;
      return;
    }
    finder_.begin(now);
    phase_ = Phase::searching;
  }
  if (phase_ == Phase::searching) search(now);
  if (phase_ == Phase::opening || phase_ == Phase::ready) attend(now);
}

void Link::search(Time now) {
  const Finder::State found = finder_.step(now);
  counters_.daemons_started.set(finder_.daemons_started());
  if (found == Finder::State::found) {
    starts_that_crashed_ = 0;
    return open(now);
  }
  if (found != Finder::State::failed) return;
  if (finder_.start_crashed() && ++starts_that_crashed_ < kStartsThatMayCrash) return attempt_failed(now);
  fail(finder_.failure());
}

void Link::open(Time now) {
  if (Failure failure = dealer_.open(finder_.endpoint())) return fail(std::move(failure));
  phase_ = Phase::opening;
  open_limit_ = now + kOpenLimit;
}

void Link::attend(Time now) {
  const Dealer::Change change = dealer_.take_change();
  if (change == Dealer::Change::connected) hello_due_ = true;
  // Last words count: a goodbye is here already when its connection goes.
  receive(now);
  if (change == Dealer::Change::lost && dealer_.is_open()) return lost(connection_lost("the daemon ended"), now);
  if (phase_ == Phase::opening && now >= open_limit_) attempt_failed(now);
  if (phase_ == Phase::ready) keep_alive(now);
}

void Link::keep_alive(Time now) {
  if (!reading()) unanswered_pings_ = 0;
  if (now < ping_at_) return;
  // Pings are counted, not time: a game that was stopped itself must not take the daemon for dead when it goes on.
  if (unanswered_pings_ >= kUnansweredPings) return lost(connection_lost("the daemon did not answer for 3 s"), now);
  ++unanswered_pings_;
  ++ping_nonce_;
  ping_due_ = true;
  ping_at_ = now + kPingInterval;
}

void Link::lost(Failure why, Time now) {
  if (phase_ != Phase::ready) return attempt_failed(now);
  dealer_.close();
  change_state(MOSIS_CLIENT_RECONNECTING, why, 0);
  answer_failed(requests_.link_lost(), why);
  // A session that hardly stood is no reason to try at once: the daemon may be throwing us out again and again.
  if (now - ready_since_ > kStableSession) pause_ = milliseconds(0);
  attempt_failed(now);
}

void Link::attempt_failed(Time now) {
  dealer_.close();
  hello_due_ = ping_due_ = blocked_ = false;
  pong_due_.reset();
  if (may_start_ && state() == MOSIS_CLIENT_CONNECTING && now - first_attempt_ > kFirstSessionLimit) {
    return fail({MOSIS_ERR_DAEMON_START_FAILED, "The daemon (process " + std::to_string(finder_.endpoint().pid) +
                                                    ") runs but does not answer: look at its log, or stop it."});
  }
  phase_ = Phase::pausing;
  resume_at_ = now + pause_;
  pause_ = std::min(std::max(pause_ * 2, kFirstPause), kLongestPause);
}

void Link::fail(Failure why) {
  dealer_.close();
  phase_ = Phase::failed;
  failure_ = std::move(why);
  change_state(MOSIS_CLIENT_FAILED, failure_, 0);
  answer_failed(requests_.clear(), failure_);
}

void Link::change_state(mosis_client_state state, const Failure& why, uint32_t daemon_pid) {
  state_.store(state);
  push(client_state_event(state, why, daemon_pid));
}

// -------------------------------------------------------------------------------------------------------------------- sending

void Link::accept_requests() {
  while (std::unique_ptr<Request> request = outbox_.pop()) {
    if (phase_ == Phase::failed) {
      push(failed_response_event(request->id, request->method, failure_));
      continue;
    }
    if (request->keyed) random_bytes(request->key.data(), request->key.size());
    requests_.accept(std::move(request));
  }
}

void Link::answer_expired(Time now) {
  answer_failed(requests_.expired(now),
                {MOSIS_ERR_DEADLINE_EXCEEDED, "No answer within the deadline: is the daemon overloaded or stopped?"});
}

void Link::answer_failed(std::vector<std::unique_ptr<Request>> requests, const Failure& why) {
  for (const std::unique_ptr<Request>& request : requests) push(failed_response_event(request->id, request->method, why));
}

void Link::flush(Time now) {
  if (!dealer_.is_open()) return;
  blocked_ = !flush_link_messages(now) || (phase_ == Phase::ready && !flush_requests(now));
}

bool Link::flush_link_messages(Time now) {
  if (hello_due_) {
    if (!send(session_.hello(finder_.endpoint().token))) return false;
    hello_due_ = false;
  }
  if (phase_ != Phase::ready) return true;
  if (pong_due_) {
    if (!send_link(protocol::Pong{*pong_due_})) return false;
    pong_due_.reset();
  }
  if (ping_due_) {
    if (!send_link(protocol::Ping{ping_nonce_})) return false;
    ping_due_ = false;
    ping_sent_at_ = now;
  }
  taken_due_ = taken_due_ || events_.has_taken_news();
  if (taken_due_ && now >= taken_sent_at_ + kTakenInterval) {
    if (!send_link(protocol::Taken{events_.take_taken()})) return false;
    taken_due_ = false;
    taken_sent_at_ = now;
  }
  return true;
}

bool Link::flush_requests(Time now) {
  while (Request* request = requests_.next_unsent()) {
    const auto left = std::chrono::duration_cast<milliseconds>(request->deadline - now).count();
    const std::string params = session_.params_for(*request);
    std::string message;
    message.reserve(params.size() + 64);
    protocol::Writer writer(message);
    protocol::write_request(writer, request->id, request->method,
                            {reinterpret_cast<const uint8_t*>(params.data()), static_cast<uint32_t>(params.size())},
                            static_cast<uint32_t>(std::max<long long>(left, 1)), request->keyed ? request->key.data() : nullptr);
    if (!send(message)) return false;
    requests_.mark_sent(*request);
    counters_.requests_sent.add(1);
  }
  return true;
}

bool Link::send(const std::string& message) {
  if (!dealer_.send(message.data(), message.size())) return false;
  counters_.bytes_sent.add(message.size());
  return true;
}

template <typename T>
bool Link::send_link(const T& value) {
  std::string message;
  protocol::Writer writer(message);
  protocol::write_link(writer, value);
  return send(message);
}

void Link::say_goodbye() {
  if (phase_ != Phase::ready) return;
  accept_requests();
  flush_requests(Clock::now());
  if (events_.taken() > 0) send_link(protocol::Taken{events_.taken()});
  send_link(protocol::Goodbye{protocol::kGoodbyeReasonGameEnds});
  dealer_.close(goodbye_limit_);
}

// -------------------------------------------------------------------------------------------------------------------- waiting

Link::Time Link::next_due() const {
  Time due = requests_.next_deadline();
  switch (phase_) {
    case Phase::pausing:
      return std::min(due, resume_at_);
    case Phase::searching:
      return std::min(due, finder_.next_step());
    case Phase::opening:
      return std::min(due, open_limit_);
    case Phase::ready:
      due = std::min(due, ping_at_);
      // Blocked: the socket itself wakes us when it takes messages again.
      return taken_due_ && !blocked_ ? std::min(due, taken_sent_at_ + kTakenInterval) : due;
    case Phase::failed:
      return due;
  }
  return due;
}

void Link::wait(Time now) {
  zmq_pollitem_t items[4] = {{nullptr, wake_.descriptor(), ZMQ_POLLIN, 0}};
  int count = 1;
  if (dealer_.is_open()) {
    const int wanted = (reading() ? ZMQ_POLLIN : 0) | (blocked_ ? ZMQ_POLLOUT : 0);
    items[count++] = {dealer_.socket(), 0, static_cast<short>(wanted), 0};
    items[count++] = {dealer_.monitor(), 0, ZMQ_POLLIN, 0};
  }
  if (phase_ == Phase::searching && finder_.wait_descriptor() >= 0)
    items[count++] = {nullptr, finder_.wait_descriptor(), ZMQ_POLLIN, 0};
  zmq_poll(items, count, poll_timeout(now, next_due()));
  if (items[0].revents != 0) wake_.clear();
}

}  // namespace mosis
