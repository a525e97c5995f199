// Starts the daemon program so that it outlives this process: own session, not our child, nothing of ours open in it but its lock.
#pragma once

#include <string>

#include "failure.h"
#include "launch/environment.h"

namespace mosis {

struct DaemonStart {
  std::string program;
  std::string profile;
  /** Standard error of the daemon goes there. */
  std::string error_log;
  /** Descriptor of the locked daemon.lock; becomes descriptor 3 of the daemon. */
  int lock_descriptor = -1;
};

/**
 * Forks twice and executes `start.program --profile P` in "/" with the environment given. `ready_pipe` becomes the end of a
 * non-blocking pipe from the daemon's standard output: one line `ready` or `failed <text>`. The caller closes it.
 */
Failure start_daemon(const DaemonStart& start, const Environment& environment, int& ready_pipe);

/** The line that our own half of the child writes when the program cannot be executed: this and errno. */
constexpr const char* kCannotExecute = "cannot-execute ";

/** Writes the executed program's descriptors 0…3 and closes everything above; for a process about to execute. False: errno. */
bool place_descriptors(int input, int output, int error, int lock);

}  // namespace mosis
