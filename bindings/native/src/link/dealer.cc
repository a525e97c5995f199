#include "link/dealer.h"

#include <zmq.h>

#include <cerrno>
#include <cstring>

namespace mosis {
namespace {

constexpr int kHighWaterMark = 256;
constexpr int kHeartbeatIntervalMs = 1000;
constexpr int kHeartbeatTimeoutMs = 3000;
constexpr int64_t kMaxMessageBytes = 1024 * 1024;
/**
 * We reconnect ourselves, with a new socket, by way of endpoint.json: a new daemon may listen elsewhere, with another token. So
 * ZeroMQ's own reconnect must never come, yet not be switched off (-1), nor may IMMEDIATE be on: in both cases libzmq throws away
 * what had arrived when the connection ends, a goodbye or the last answers. Nothing is queued for the next daemon all the same:
 * nothing is sent before the handshake, and the socket is closed when its connection is lost.
 */
constexpr int kReconnectNeverMs = 3600 * 1000;
constexpr int kMonitored = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED |
                           ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

bool begins(const std::string& text, const char* with) { return text.compare(0, std::strlen(with), with) == 0; }

/** Only this machine: the token must not leave it. */
bool is_usable(const std::string& endpoint, bool curve) {
  if (begins(endpoint, "ipc://")) return zmq_has("ipc") != 0;
  return curve && (begins(endpoint, "tcp://127.0.0.1:") || begins(endpoint, "tcp://[::1]:"));
}

bool set(void* socket, int option, int value) { return zmq_setsockopt(socket, option, &value, sizeof value) == 0; }

Failure zmq_failure(const char* what) { return {MOSIS_ERR_INTERNAL, std::string(what) + ": " + zmq_strerror(zmq_errno()) + '.'}; }

}  // namespace

Dealer::~Dealer() {
  close();
  if (context_ != nullptr) {
    while (zmq_ctx_term(context_) != 0 && zmq_errno() == EINTR) {
    }
  }
}

Failure Dealer::open(const Endpoint& endpoint) {
  close();
  const bool curve = !endpoint.curve_server_key.empty();
  const std::string* chosen = nullptr;
  for (const std::string& candidate : endpoint.endpoints) {
    if (chosen == nullptr && is_usable(candidate, curve)) chosen = &candidate;
  }
  if (chosen == nullptr) {
    return {MOSIS_ERR_NOT_SUPPORTED,
            "endpoint.json offers no endpoint that this library can use: ipc://, or tcp://127.0.0.1 with a curveServerKey."};
  }
  if (curve && zmq_has("curve") == 0)
    return {MOSIS_ERR_NOT_SUPPORTED, "The daemon asks for CURVE, which this build of libzmq lacks: build it with CURVE."};

  if (context_ == nullptr) context_ = zmq_ctx_new();
  if (context_ == nullptr) return zmq_failure("No ZeroMQ context");
  socket_ = zmq_socket(context_, ZMQ_DEALER);
  if (socket_ == nullptr) return zmq_failure("No ZeroMQ socket");
  if (Failure failure = set_options(endpoint, curve)) return failure;

  const std::string monitor = "inproc://mosis-monitor-" + std::to_string(++generation_);
  monitor_ = zmq_socket(context_, ZMQ_PAIR);
  if (monitor_ == nullptr || zmq_socket_monitor(socket_, monitor.c_str(), kMonitored) != 0 || !set(monitor_, ZMQ_LINGER, 0) ||
      zmq_connect(monitor_, monitor.c_str()) != 0) {
    return zmq_failure("No ZeroMQ monitor");
  }
  if (zmq_connect(socket_, chosen->c_str()) != 0) return zmq_failure(("Cannot connect to " + *chosen).c_str());
  return {};
}

Failure Dealer::set_options(const Endpoint& endpoint, bool curve) {
  bool ok = set(socket_, ZMQ_LINGER, 0) && set(socket_, ZMQ_SNDHWM, kHighWaterMark) && set(socket_, ZMQ_RCVHWM, kHighWaterMark) &&
            set(socket_, ZMQ_RECONNECT_IVL, kReconnectNeverMs) && set(socket_, ZMQ_HEARTBEAT_IVL, kHeartbeatIntervalMs) &&
            set(socket_, ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs) &&
            zmq_setsockopt(socket_, ZMQ_MAXMSGSIZE, &kMaxMessageBytes, sizeof kMaxMessageBytes) == 0;
  if (curve) {
    char public_key[41];
    char secret_key[41];
    ok = ok && zmq_curve_keypair(public_key, secret_key) == 0 &&
         zmq_setsockopt(socket_, ZMQ_CURVE_SERVERKEY, endpoint.curve_server_key.data(), 40) == 0 &&
         zmq_setsockopt(socket_, ZMQ_CURVE_PUBLICKEY, public_key, 40) == 0 &&
         zmq_setsockopt(socket_, ZMQ_CURVE_SECRETKEY, secret_key, 40) == 0;
  }
  return ok ? Failure() : zmq_failure("A ZeroMQ option was refused");
}

void Dealer::close(std::chrono::milliseconds linger) {
  if (socket_ != nullptr) {
    set(socket_, ZMQ_LINGER, static_cast<int>(linger.count()));
    zmq_socket_monitor(socket_, nullptr, 0);
    zmq_close(socket_);
  }
  if (monitor_ != nullptr) zmq_close(monitor_);
  socket_ = nullptr;
  monitor_ = nullptr;
}

bool Dealer::send(const void* data, size_t size) { return zmq_send(socket_, data, size, ZMQ_DONTWAIT) >= 0; }

bool Dealer::receive(std::string& message) {
  message.clear();
  zmq_msg_t part;
  zmq_msg_init(&part);
  if (zmq_msg_recv(&part, socket_, ZMQ_DONTWAIT) < 0) {
    zmq_msg_close(&part);
    return false;
  }
  bool more = zmq_msg_more(&part) != 0;
  if (!more) message.assign(static_cast<const char*>(zmq_msg_data(&part)), zmq_msg_size(&part));
  while (more && zmq_msg_recv(&part, socket_, ZMQ_DONTWAIT) >= 0) more = zmq_msg_more(&part) != 0;
  zmq_msg_close(&part);
  return true;
}

Dealer::Change Dealer::take_change() {
  Change change = Change::none;
  zmq_msg_t part;
  while (monitor_ != nullptr) {
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, monitor_, ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&part);
      return change;
    }
    uint16_t event = 0;
    if (zmq_msg_size(&part) >= sizeof event) std::memcpy(&event, zmq_msg_data(&part), sizeof event);
    while (zmq_msg_more(&part) != 0 && zmq_msg_recv(&part, monitor_, ZMQ_DONTWAIT) >= 0) {
    }
    zmq_msg_close(&part);
    // A connection that was lost stays lost: this socket makes no other.
    if (change != Change::lost) change = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? Change::connected : Change::lost;
  }
  return change;
}

}  // namespace mosis
