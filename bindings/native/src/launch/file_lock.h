// An flock on a file: gone when the last descriptor of it is closed, kill -9 included. Never waits.
#pragma once

#include <string>

namespace mosis {

class FileLock {
 public:
  enum class Taken { yes, held_by_another, failed };

  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock() { release(); }

  /** Makes the file (0600) when it is missing. `failed`: errno says why. */
  Taken try_take(const std::string& path);
  /** Closes our descriptor; the lock goes unless another process inherited it. */
  void release();
  bool held() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

}  // namespace mosis
