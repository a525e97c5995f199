#include "link/event_queue.h"

#include <algorithm>

namespace mosis {

EventQueue::EventQueue(uint32_t limit, mosis_wake_callback wake, void* wake_user, WakePipe& io_wake)
    : limit_(limit), wake_(wake), wake_user_(wake_user), io_wake_(io_wake), current_(new Event), last_(current_) {}

EventQueue::~EventQueue() {
  while (current_ != nullptr) {
    Event* next = current_->next.load(std::memory_order_acquire);
    release(current_);
    current_ = next;
  }
}

bool EventQueue::push(std::unique_ptr<Event> event) {
  if (held_.empty() && !is_full()) {
    link(std::move(event));
    return false;
  }
  const bool begins = held_.empty();
  held_.push_back(std::move(event));
  // The game may have made room before it could see that room is wanted.
  room_wanted_.store(true);
  release_held();
  return begins && !held_.empty();
}

void EventQueue::release_held() {
  while (!held_.empty() && !is_full()) {
    link(std::move(held_.front()));
    held_.pop_front();
  }
  if (!held_.empty()) room_wanted_.store(true);
}

void EventQueue::link(std::unique_ptr<Event> event) {
  Event* added = event.release();
  added->spent = &spent_;
  last_->next.store(added, std::memory_order_release);
  last_ = added;
  const int64_t before = count_.fetch_add(1);
  most_queued_.store(std::max(most_queued(), static_cast<uint32_t>(std::max<int64_t>(before + 1, 0))), std::memory_order_relaxed);
  if (before == 0 && wake_ != nullptr) wake_(wake_user_);
}

uint64_t EventQueue::take_taken() {
  taken_news_.store(false);
  return taken_.load();
}

void EventQueue::leave_current() {
  if (current_left_) return;
  current_left_ = true;
  if (current_->shown.sequence == 0) return;
  taken_.store(current_->shown.sequence);
  if (!taken_news_.exchange(true)) io_wake_.signal();
}

Event* EventQueue::advance() {
  leave_current();
  Event* next = current_->next.load(std::memory_order_acquire);
  if (next == nullptr) return nullptr;
  release(current_);
  current_ = next;
  current_left_ = false;
  const int64_t left = count_.fetch_sub(1) - 1;
  // At half, so that a full queue costs one wake for many events.
  if (left <= limit_ / 2 && room_wanted_.load() && room_wanted_.exchange(false)) io_wake_.signal();
  return current_;
}

uint32_t EventQueue::queued() const { return static_cast<uint32_t>(std::max<int64_t>(count_.load(), 0)); }

}  // namespace mosis
