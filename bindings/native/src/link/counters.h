// Numbers for mosis_client_get_stats: written by one thread each, read by any.
#pragma once

#include <atomic>
#include <cstdint>

namespace mosis {

template <typename T>
class Counter {
 public:
  void add(T amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void set(T value) { value_.store(value, std::memory_order_relaxed); }
  T get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<T> value_{0};
};

struct Counters {
  Counter<uint32_t> reconnects;
  Counter<uint32_t> daemons_started;
  Counter<uint64_t> requests_sent;
  Counter<uint64_t> responses_received;
  Counter<uint64_t> events_received;
  Counter<uint64_t> events_held;
  Counter<uint64_t> malformed;
  Counter<uint64_t> bytes_sent;
  Counter<uint64_t> bytes_received;
  Counter<uint32_t> round_trip_us;
};

}  // namespace mosis
