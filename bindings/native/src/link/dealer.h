// The ZeroMQ socket towards the daemon, with a monitor that tells of a lost connection at once. I/O thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "failure.h"
#include "launch/endpoint_file.h"

namespace mosis {

class Dealer {
 public:
  enum class Change { none, connected, lost };

  Dealer() = default;
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;
  ~Dealer();

  /** The first endpoint that this platform can reach. The connection itself comes later: take_change(). */
  Failure open(const Endpoint& endpoint);
  /** What is not on its way yet is dropped after `linger`; returns at once, the destructor waits for it. */
  void close(std::chrono::milliseconds linger = std::chrono::milliseconds(0));
  bool is_open() const { return socket_ != nullptr; }

  /** False: nothing was taken, try again when the socket is writable. */
  bool send(const void* data, size_t size);
  /** Next message; false when there is none. A message of several parts is not ours: it comes as an empty one. */
  bool receive(std::string& message);
  /** What became of the connection since the last call. */
  Change take_change();

  void* socket() const { return socket_; }
  void* monitor() const { return monitor_; }

 private:
  Failure set_options(const Endpoint& endpoint, bool curve);

  void* context_ = nullptr;
  void* socket_ = nullptr;
  void* monitor_ = nullptr;
  uint32_t generation_ = 0;
};

}  // namespace mosis
