// What callbacks of any thread wrote down, and waiting for it with a limit.
#ifndef MOSIS_TEST_JOURNAL_H
#define MOSIS_TEST_JOURNAL_H

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

class Journal {
 public:
  void Write(std::string entry) {
    const std::lock_guard<std::mutex> lock(mutex_);  // held while notifying: who waits may destroy the journal at once
    entries_.push_back(std::move(entry));
    written_.notify_all();
  }

  std::vector<std::string> Entries() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return entries_;
  }

  /** True once `predicate(entries)` holds; false when it does not within the limit. */
  template <typename Predicate>
  bool WaitUntil(Predicate predicate, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::unique_lock<std::mutex> lock(mutex_);
    return written_.wait_for(lock, limit, [&] { return predicate(entries_); });
  }

  bool WaitFor(const std::string& entry, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    return WaitUntil([&](const auto& entries) { return std::count(entries.begin(), entries.end(), entry) > 0; }, limit);
  }

  bool WaitForCount(size_t count, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    return WaitUntil([&](const auto& entries) { return entries.size() >= count; }, limit);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable written_;
  std::vector<std::string> entries_;
};

/** Opens once; who waits before goes on then. */
class Gate {
 public:
  void Open() {
    const std::lock_guard<std::mutex> lock(mutex_);  // held while notifying: who waits may destroy the gate at once
    open_ = true;
    opened_.notify_all();
  }
  bool Wait(std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::unique_lock<std::mutex> lock(mutex_);
    return opened_.wait_for(lock, limit, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

#endif
