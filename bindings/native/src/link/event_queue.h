// Events between the I/O thread, which puts them in, and the one thread that polls: a lock-free list (Vyukov's SPSC queue) with a
// bound.
//
// The rule when it is full: what comes is held behind the queue in order, on the I/O thread's side, and goes in when the game
// polls. The daemon bounds that: it sends at most 1024 events that the game has not taken (limits.maxUntakenEvents), then keeps
// them in its journal.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "link/event.h"
#include "link/wake_pipe.h"

namespace mosis {

class EventQueue {
 public:
  /** `io_wake` is signalled when the I/O thread has something to do: room for held events, or a sequence number to report. */
  EventQueue(uint32_t limit, mosis_wake_callback wake, void* wake_user, WakePipe& io_wake);
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;
  ~EventQueue();

  // ---- I/O thread
  /** True: the queue was full and events begin to be held. */
  bool push(std::unique_ptr<Event> event);
  /** Moves held events into the queue as far as there is room. */
  void release_held();
  void free_spent() { spent_.free_all(); }
  size_t held() const { return held_.size(); }
  bool is_full() const { return queued() >= limit_; }
  /** True once after the game took an event with a sequence number; then take_taken() has a new value. */
  bool has_taken_news() const { return taken_news_.load(); }
  uint64_t take_taken();
  uint64_t taken() const { return taken_.load(); }

  // ---- polling thread
  /** Lets go of the current event and makes the next one current; null when there is none. */
  Event* advance();
  /** Counts the current event as taken. */
  void leave_current();

  // ---- any thread
  uint32_t queued() const;
  uint32_t most_queued() const { return most_queued_.load(std::memory_order_relaxed); }

 private:
  void link(std::unique_ptr<Event> event);

  const uint32_t limit_;
  const mosis_wake_callback wake_;
  void* const wake_user_;
  WakePipe& io_wake_;
  SpentEvents spent_;

  /** The current event, or the one before the first: its successor is the next. Polling thread. */
  Event* current_;
  bool current_left_ = true;
  /** I/O thread. */
  Event* last_;
  std::deque<std::unique_ptr<Event>> held_;

  /** May be -1 for a moment: an event can be taken before it was counted. */
  std::atomic<int64_t> count_{0};
  std::atomic<uint32_t> most_queued_{0};
  std::atomic<bool> room_wanted_{false};
  std::atomic<uint64_t> taken_{0};
  std::atomic<bool> taken_news_{false};
};

}  // namespace mosis
