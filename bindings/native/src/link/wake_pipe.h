// Wakes the I/O thread out of its poll. Any thread may signal; many signals before the I/O thread looks cost one system call.
#pragma once

#include <atomic>

namespace mosis {

class WakePipe {
 public:
  WakePipe() = default;
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  ~WakePipe();

  /** False: no descriptors left. */
  bool open();
  /** Any thread; never blocks. */
  void signal();
  /** I/O thread, before it looks at what the signal was about. */
  void clear();
  int descriptor() const { return read_end_; }

 private:
  int read_end_ = -1;
  int write_end_ = -1;
  std::atomic<bool> signalled_{false};
};

}  // namespace mosis
