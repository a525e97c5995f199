#include "launch/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace mosis {

FileLock::Taken FileLock::try_take(const std::string& path) {
  release();
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return Taken::failed;
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    descriptor_ = descriptor;
    return Taken::yes;
  }
  const int error = errno;
  close(descriptor);
  errno = error;
  return error == EWOULDBLOCK ? Taken::held_by_another : Taken::failed;
}

void FileLock::release() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

}  // namespace mosis
