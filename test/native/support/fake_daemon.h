// A daemon for tests: a ROUTER that speaks the shim wire through src/protocol, does what a test tells it, and remembers what it
// heard.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "launch/file_lock.h"
#include "link/wake_pipe.h"
#include "mosis/mosis.h"
#include "protocol/envelope.h"
#include "protocol/messages.gen.h"

namespace mosis_test {

/** A message from a shim, copied out. */
struct Heard {
  uint32_t kind = 0;
  uint64_t request_id = 0;
  uint32_t method = 0;
  uint32_t deadline_ms = 0;
  /** Empty: none. */
  std::string key;
  /** The MessagePack map. */
  std::string body;
};

/** Body of a heard message as its struct; strings point into `heard`. */
template <typename T>
T body_of(const Heard& heard) {
  static thread_local mosis::protocol::Arena arena;
  T out{};
  mosis::protocol::Reader reader(heard.body.data(), heard.body.size(), 1);
  mosis::protocol::read(reader, arena, out);
  return out;
}

inline mosis_string text(const std::string& value) { return {value.data(), static_cast<uint32_t>(value.size())}; }
inline std::string copy(const mosis_string& value) {
  return value.data == nullptr ? std::string() : std::string(value.data, value.size);
}

template <typename T>
std::string packed(const T& value) {
  std::string out;
  mosis::protocol::Writer writer(out);
  mosis::protocol::write(writer, value);
  return out;
}

template <typename T>
std::string link_message(const T& value) {
  std::string out;
  mosis::protocol::Writer writer(out);
  mosis::protocol::write_link(writer, value);
  return out;
}

/** A body for write_event and the like. */
inline mosis_bytes bytes(const std::string& value) {
  return {reinterpret_cast<const uint8_t*>(value.data()), static_cast<uint32_t>(value.size())};
}

struct FakeDaemonSettings {
  /** <base>/<profile>/v1; made when missing. */
  std::string runtime;
  std::string token = "secret";
  /** True: tcp://127.0.0.1 with CURVE in place of ipc. */
  bool curve = false;
  /** Descriptor of a daemon.lock that was inherited; -1: take it. */
  int lock_descriptor = -1;
};

class FakeDaemon {
 public:
  /** Called on the daemon's thread for each message; true: done, false: do the usual. */
  using Handler = std::function<bool(FakeDaemon&, const Heard&)>;

  explicit FakeDaemon(FakeDaemonSettings settings);
  ~FakeDaemon();
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  /** Before the first message. */
  void set_handler(Handler handler);
  /** Peers and line of the snapshots that follow; resumed of the identified messages. */
  void set_peers(std::vector<std::string> peer_ids);
  void set_line(uint64_t line_id) { line_id_.store(line_id); }
  void set_resumed(bool resumed) { resumed_.store(resumed); }

  // ---- what it says; any thread. From a handler: to the shim that is being answered. Else: to the one that said hello last.
  void send(std::string message);
  template <typename T>
  void send_link(const T& value) {
    send(link_message(value));
  }
  template <typename T>
  void send_event(uint64_t sequence, uint32_t id, const T& fields) {
    const std::string body = packed(fields);
    std::string out;
    mosis::protocol::Writer writer(out);
    mosis::protocol::write_event(writer, sequence, id, bytes(body));
    send(std::move(out));
  }
  void send_message_event(uint64_t sequence, const std::string& text, const std::string& peer = "bob");
  void send_peer_changed(uint64_t sequence, const std::string& peer, const std::string& name, bool online);
  void send_identified();
  void answer(const Heard& request, const std::string& result_body);
  void refuse(const Heard& request, mosis_result code, const std::string& words);

  // ---- what it heard; any thread
  /** Waits until `enough` is true of everything heard so far; false after `limit`. */
  bool wait_until(const std::function<bool(const std::vector<Heard>&)>& enough,
                  std::chrono::milliseconds limit = std::chrono::seconds(10));
  /** Waits for the nth (from 1) message of a kind; an empty one (kind 0) after the limit. */
  Heard wait_for(uint32_t kind, size_t nth = 1, std::chrono::milliseconds limit = std::chrono::seconds(10));
  std::vector<Heard> heard_of(uint32_t kind);

  /** As kill -9: the sockets go, the lock is free, endpoint.json and the socket file stay. */
  void die();

 private:
  void run();
  void turn();
  void on_message(const std::string& from, const std::string& message);
  void behave(const Heard& heard);
  void write_endpoint_file(const std::string& endpoint, const std::string& server_key);

  const FakeDaemonSettings settings_;
  mosis::FileLock lock_;
  void* context_ = nullptr;
  void* router_ = nullptr;
  mosis::WakePipe wake_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> resumed_{true};
  std::atomic<uint64_t> line_id_{0};
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Heard> heard_;
  struct Outgoing {
    /** Routing id; empty: the shim that said hello last. */
    std::string to;
    std::string message;
  };
  std::deque<Outgoing> outgoing_;
  std::vector<std::string> peers_;
  Handler handler_;
  /** Routing ids; daemon's thread: of the shim that said hello last, and of the one whose message is being handled. */
  std::string shim_;
  std::string answering_;
  std::atomic<uint64_t> next_message_id_{1};
};

}  // namespace mosis_test
