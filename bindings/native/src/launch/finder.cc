#include "launch/finder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "launch/daemon_program.h"
#include "launch/process.h"

namespace mosis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/** For our own daemon to become ready. */
constexpr seconds kStartLimit{10};
/** For somebody else's: one start that fails and one that succeeds. */
constexpr seconds kWaitLimit{20};
constexpr milliseconds kLockPause{10};
constexpr milliseconds kEndpointPause{20};
constexpr milliseconds kAbsentDaemonPause{100};
constexpr size_t kMaxReadyLineBytes = 2048;

/** The daemon goes to "/", so relative folders must become absolute; the lock's number is agreed. */
FinderSettings prepared(FinderSettings settings) {
  for (const char* name : {"MOSIS_RUNTIME_DIR", "MOSIS_DATA_DIR"}) {
    const std::string folder = settings.environment.get(name);
    if (!folder.empty()) settings.environment.set(name, settings.environment.absolute(folder));
  }
  settings.environment.set("MOSIS_LOCK_FD", "3");
  return settings;
}

}  // namespace

Finder::Finder(FinderSettings settings)
    : settings_(prepared(std::move(settings))), folders_(folders_of(settings_.profile, settings_.environment)) {}

void Finder::begin(Clock::time_point now) {
  end_search();
  failure_ = {};
  start_crashed_ = false;
  limit_ = now + kWaitLimit;
  next_step_ = now;
  state_ = State::locking_spawn;
}

void Finder::end_search() {
  if (ready_pipe_ >= 0) close(ready_pipe_);
  ready_pipe_ = -1;
  ready_line_.clear();
  daemon_lock_.release();
  spawn_lock_.release();
}

Finder::State Finder::step(Clock::time_point now) {
  if (now < next_step_ && state_ != State::starting) return state_;
  if (state_ == State::locking_spawn) state_ = lock_spawn(now);
  if (state_ == State::probing) state_ = probe(now);
  if (state_ == State::starting) state_ = await_ready(now);
  return state_;
}

Finder::State Finder::lock_spawn(Clock::time_point now) {
  if (Failure failure = open_runtime_folder(folders_)) return fail(std::move(failure));
  switch (spawn_lock_.try_take(folders_.spawn_lock())) {
    case FileLock::Taken::yes:
      return State::probing;
    case FileLock::Taken::held_by_another:
      break;
    case FileLock::Taken::failed:
      return fail_start("cannot lock " + folders_.spawn_lock() + ": " + std::strerror(errno));
  }
  if (now >= limit_ && settings_.may_start) return fail_start("another process has been starting one for too long");
  return pause(now, kLockPause);
}

Finder::State Finder::probe(Clock::time_point now) {
  switch (daemon_lock_.try_take(folders_.daemon_lock())) {
    case FileLock::Taken::yes:
      return settings_.may_start ? start(now) : pause(now, kAbsentDaemonPause);
    case FileLock::Taken::held_by_another:
      return look_for_endpoint(now);
    case FileLock::Taken::failed:
      break;
  }
  return fail_start("cannot lock " + folders_.daemon_lock() + ": " + std::strerror(errno));
}

Finder::State Finder::look_for_endpoint(Clock::time_point now) {
  Failure refusal;
  const EndpointFileState read = read_endpoint_file(folders_.endpoint_file(), endpoint_, refusal);
  if (read == EndpointFileState::read) {
    end_search();
    return State::found;
  }
  // A daemon that is starting by hand, or stopping: either endpoint.json comes or the lock goes.
  if (now >= limit_ && settings_.may_start) {
    return fail_start(refusal ? refusal.text : "one holds daemon.lock but offers no endpoint.json in " + folders_.runtime);
  }
  return pause(now, kEndpointPause);
}

Finder::State Finder::start(Clock::time_point now) {
  const std::string folder = settings_.library_folder.empty() ? library_folder(settings_.environment) : settings_.library_folder;
  DaemonProgram program = find_daemon_program(settings_.environment, settings_.daemon_path, folder);
  if (program.failure) return fail(std::move(program.failure));
  remove_stale_files(folders_);
  make_log_folder(folders_);
  DaemonStart plan;
  plan.program = program.path;
  plan.profile = settings_.profile;
  plan.error_log = folders_.error_log();
  plan.lock_descriptor = daemon_lock_.descriptor();
  Failure failure = start_daemon(plan, settings_.environment, ready_pipe_);
  // The daemon has its own copy now; ours would keep the lock when it dies.
  daemon_lock_.release();
  if (failure) return fail(std::move(failure));
  ++daemons_started_;
  limit_ = now + kStartLimit;
  next_step_ = limit_;
  return State::starting;
}

Finder::State Finder::await_ready(Clock::time_point now) {
  char buffer[512];
  const ssize_t size = read(ready_pipe_, buffer, sizeof buffer);
  if (size > 0) ready_line_.append(buffer, static_cast<size_t>(size));
  const size_t end = ready_line_.find('\n');
  if (end != std::string::npos) return conclude(ready_line_.substr(0, end));
  start_crashed_ = size == 0;
  if (size == 0) return fail_start("it ended before it was ready; see " + folders_.error_log());
  if (size < 0 && errno != EAGAIN && errno != EINTR)
    return fail_start(std::string("its ready pipe broke: ") + std::strerror(errno));
  if (ready_line_.size() > kMaxReadyLineBytes) return fail_start("it wrote something else than its ready line to standard output");
  if (now >= limit_) return fail_start("it was not ready within 10 s; see " + folders_.error_log());
  return State::starting;
}

Finder::State Finder::conclude(const std::string& line) {
  const std::string failed = "failed ";
  if (line.compare(0, std::strlen(kCannotExecute), kCannotExecute) == 0) {
    return fail_start(std::string("the program cannot be executed: ") +
                      std::strerror(std::atoi(line.c_str() + std::strlen(kCannotExecute))));
  }
  if (line.compare(0, failed.size(), failed) == 0) return fail_start(line.substr(failed.size()));
  if (line != "ready") return fail_start("it wrote \"" + line.substr(0, 80) + "\" in place of its ready line");
  Failure refusal;
  const EndpointFileState read = read_endpoint_file(folders_.endpoint_file(), endpoint_, refusal);
  if (read == EndpointFileState::missing) return fail_start("it said ready but there is no " + folders_.endpoint_file());
  if (read == EndpointFileState::refused) return fail(std::move(refusal));
  end_search();
  return State::found;
}

Finder::State Finder::pause(Clock::time_point now, Clock::duration time) {
  end_search();
  next_step_ = now + time;
  return State::locking_spawn;
}

Finder::State Finder::fail(Failure failure) {
  end_search();
  failure_ = std::move(failure);
  return State::failed;
}

Finder::State Finder::fail_start(const std::string& why) {
  return fail({MOSIS_ERR_DAEMON_START_FAILED, "The daemon could not be started: " + why + '.'});
}

}  // namespace mosis
