// Finds the daemon of a profile, or starts exactly one: a machine of small steps that never wait, driven by the I/O thread.
//
//   lockingSpawn ──got──► probing ──daemon.lock held, endpoint.json there──► found
//        ▲                  │ └──held, no endpoint.json yet──► (pause) ──► lockingSpawn
//        └──(pause)── held  │ free and we may start
//           by another      ▼
//                        starting ──ready──► found        any limit passed, or refused ──► failed
//
// spawn.lock is held from probing to the end of starting, so that of many games exactly one starts a daemon. daemon.lock is taken
// by the starter and inherited by the daemon: it is free exactly when no daemon lives.
#pragma once

#include <chrono>
#include <string>

#include "failure.h"
#include "launch/endpoint_file.h"
#include "launch/environment.h"
#include "launch/file_lock.h"
#include "launch/folders.h"

namespace mosis {

using Clock = std::chrono::steady_clock;

struct FinderSettings {
  Environment environment;
  std::string profile;
  /** From the client's options; may be empty. */
  std::string daemon_path;
  /** Where to look for a daemon program beside the library; empty: where this library is. */
  std::string library_folder;
  /** False: wait for a daemon that somebody else starts, without limit. */
  bool may_start = true;
};

class Finder {
 public:
  enum class State { locking_spawn, probing, starting, found, failed };

  explicit Finder(FinderSettings settings);
  Finder(const Finder&) = delete;
  Finder& operator=(const Finder&) = delete;
  ~Finder() { end_search(); }

  /** From the beginning. */
  void begin(Clock::time_point now);
  /** Goes on as far as it can without waiting. */
  State step(Clock::time_point now);
  /** When step() is due at the latest; earlier when wait_descriptor() is readable. */
  Clock::time_point next_step() const { return next_step_; }
  /** The ready pipe while starting, else -1. */
  int wait_descriptor() const { return ready_pipe_; }
  /** Lets go of locks and pipe. A daemon that is starting goes on and is found by the next search. */
  void end_search();

  const Endpoint& endpoint() const { return endpoint_; }
  const Failure& failure() const { return failure_; }
  /** Failed because a daemon that we started ended without saying why: killed, perhaps; worth another try. */
  bool start_crashed() const { return start_crashed_; }
  /** Daemons started by this object so far. */
  uint32_t daemons_started() const { return daemons_started_; }

 private:
  State lock_spawn(Clock::time_point now);
  State probe(Clock::time_point now);
  State look_for_endpoint(Clock::time_point now);
  State start(Clock::time_point now);
  State await_ready(Clock::time_point now);
  State conclude(const std::string& line);
  State pause(Clock::time_point now, Clock::duration time);
  State fail(Failure failure);
  State fail_start(const std::string& why);

  const FinderSettings settings_;
  const Folders folders_;
  State state_ = State::failed;
  FileLock spawn_lock_;
  FileLock daemon_lock_;
  int ready_pipe_ = -1;
  std::string ready_line_;
  Clock::time_point limit_;
  Clock::time_point next_step_;
  Endpoint endpoint_;
  Failure failure_;
  bool start_crashed_ = false;
  uint32_t daemons_started_ = 0;
};

}  // namespace mosis
