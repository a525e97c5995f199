#include "launch/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

namespace mosis {
namespace {

constexpr off_t kMaxErrorLogBytes = 1024 * 1024;
constexpr int kFirstFreeDescriptor = 4;
constexpr rlim_t kMaxDescriptorsClosed = 65536;

/** Everything that the child needs, made before the fork: after it only async-signal-safe calls are allowed. */
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int null_device = -1;
  int error_log = -1;
  int output = -1;
  int lock = -1;
};

void close_all_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  rlimit limit{};
  const rlim_t most =
      getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_cur, kMaxDescriptorsClosed) : kMaxDescriptorsClosed;
  for (int descriptor = first; descriptor < static_cast<int>(most); ++descriptor) close(descriptor);
}

/** Games ignore or block signals; the daemon starts with the system's defaults. Handlers go by themselves at exec. */
void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &standard, nullptr);
  // The launcher may be gone when `ready` is written: an error, not the end.
  standard.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void report_errno(int output, int error) {
  char line[64];
  size_t size = std::strlen(kCannotExecute);
  std::memcpy(line, kCannotExecute, size);
  char digits[12];
  size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + error % 10);
    error /= 10;
  } while (error > 0);
  while (count > 0) line[size++] = digits[--count];
  line[size++] = '\n';
  if (write(output, line, size) < 0) _exit(126);
}

[[noreturn]] void become_daemon(const Prepared& prepared) {
  reset_signals();
  const bool placed =
      chdir("/") == 0 && place_descriptors(prepared.null_device, prepared.output, prepared.error_log, prepared.lock);
  if (placed) execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
  report_errno(placed ? STDOUT_FILENO : prepared.output, errno);
  _exit(127);
}

bool make_pipe(int (&ends)[2]) {
#if defined(__APPLE__)
  if (pipe(ends) != 0) return false;
  for (int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
#else
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
#endif
  return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

int open_error_log(const std::string& path) {
  struct stat found {};
  const bool too_large = lstat(path.c_str(), &found) == 0 && found.st_size > kMaxErrorLogBytes;
  return open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (too_large ? O_TRUNC : 0), 0600);
}

/** errno, or 0. The process in the middle exits at once, so that the daemon is init's child and no zombie of the game's. */
int fork_twice(const Prepared& prepared) {
  const pid_t middle = fork();
  if (middle < 0) return errno;
  if (middle == 0) {
    setsid();
    const pid_t daemon = fork();
    if (daemon < 0) _exit(errno > 0 && errno < 126 ? errno : 126);
    if (daemon > 0) _exit(0);
    become_daemon(prepared);
  }
  int status = 0;
  pid_t waited = 0;
  do waited = waitpid(middle, &status, 0);
  while (waited < 0 && errno == EINTR);
  // ECHILD: the game ignores SIGCHLD or waits for every child itself; the ready pipe tells how it went.
  return waited == middle && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

}  // namespace

bool place_descriptors(int input, int output, int error, int lock) {
  // First out of the way of 0…3, wherever they are; then onto their numbers.
  const int wanted[] = {input, output, error, lock};
  int moved[4];
  for (int i = 0; i < 4; ++i) {
    moved[i] = fcntl(wanted[i], F_DUPFD, kFirstFreeDescriptor);
    if (moved[i] < 0) return false;
  }
  for (int i = 0; i < 4; ++i) {
    if (dup2(moved[i], i) < 0) return false;
  }
  close_all_from(kFirstFreeDescriptor);
  return true;
}

Failure start_daemon(const DaemonStart& start, const Environment& environment, int& ready_pipe) {
  std::string program = start.program;
  std::string profile = start.profile;
  std::string profile_option = "--profile";
  std::vector<std::string> entries = environment.entries();
  Prepared prepared;
  prepared.arguments = {program.data(), profile_option.data(), profile.data(), nullptr};
  for (std::string& entry : entries) prepared.environment.push_back(entry.data());
  prepared.environment.push_back(nullptr);
  prepared.lock = start.lock_descriptor;

  int ends[2] = {-1, -1};
  if (!make_pipe(ends))
    return {MOSIS_ERR_DAEMON_START_FAILED, std::string("No pipe for the daemon: ") + std::strerror(errno) + '.'};
  prepared.output = ends[1];
  prepared.null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  prepared.error_log = open_error_log(start.error_log);
  const int error_log = prepared.error_log;
  if (prepared.error_log < 0) prepared.error_log = prepared.null_device;

  const int error = prepared.null_device < 0 ? errno : fork_twice(prepared);
  close(ends[1]);
  if (prepared.null_device >= 0) close(prepared.null_device);
  if (error_log >= 0) close(error_log);
  if (error != 0) {
    close(ends[0]);
    return {MOSIS_ERR_DAEMON_START_FAILED, "No process for " + start.program + ": " + std::strerror(error) + '.'};
  }
  ready_pipe = ends[0];
  return {};
}

}  // namespace mosis
