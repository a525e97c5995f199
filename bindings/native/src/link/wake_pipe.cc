#include "link/wake_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace mosis {

WakePipe::~WakePipe() {
  if (read_end_ >= 0) ::close(read_end_);
  if (write_end_ >= 0) ::close(write_end_);
}

bool WakePipe::open() {
  int ends[2];
#if defined(__APPLE__)
  if (pipe(ends) != 0) return false;
  for (int end : ends) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
    fcntl(end, F_SETFL, O_NONBLOCK);
  }
#else
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
#endif
  read_end_ = ends[0];
  write_end_ = ends[1];
  return true;
}

void WakePipe::signal() {
  if (signalled_.exchange(true)) return;
  const char token = 0;
  // The pipe is never full: one byte at a time, by the flag.
  while (write(write_end_, &token, 1) < 0 && errno == EINTR) {
  }
}

void WakePipe::clear() {
  char drain[16];
  while (read(read_end_, drain, sizeof drain) > 0) {
  }
  // Before the caller looks at the queues: what is put in after this signals anew.
  signalled_.store(false);
}

}  // namespace mosis
