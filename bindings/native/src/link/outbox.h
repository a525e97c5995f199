// Requests on their way from the game's threads to the I/O thread: a lock-free list, many writers, one reader (Vyukov's MPSC
// queue). The bound is the caller's: RequestBudget is asked before anything is put in.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace mosis {

struct Request {
  uint64_t id = 0;
  uint32_t method = 0;
  std::chrono::steady_clock::time_point deadline;
  /** MessagePack map. */
  std::string params;
  /** The daemon runs it once for a key, however often it is sent. Empty (all zero, unused) unless `keyed`. */
  std::array<uint8_t, 16> key{};
  bool keyed = false;
  /** Sent again after the link was lost. */
  bool repeatable = false;

  std::atomic<Request*> next{nullptr};
};

class Outbox {
 public:
  Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox();

  /** Any thread; wait-free. */
  void push(std::unique_ptr<Request> request);
  /** I/O thread. Null: empty, or a writer is half way (it signals when it is done). */
  std::unique_ptr<Request> pop();

 private:
  void append(Request* request);

  Request* stub_;
  Request* head_;
  std::atomic<Request*> tail_;
};

}  // namespace mosis
