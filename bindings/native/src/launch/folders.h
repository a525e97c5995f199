// Where one profile lives, and whether those folders are ours alone. Must do what daemon/platform/paths.ts does.
#pragma once

#include <string>
#include <vector>

#include "failure.h"
#include "launch/environment.h"

namespace mosis {

/** Absolute paths of one profile. */
struct Folders {
  std::string runtime_base;
  /** <runtime>/<profile>/v1 */
  std::string runtime;
  std::string data_base;
  /** <data>/<profile> */
  std::string data;

  std::string spawn_lock() const { return runtime + "/spawn.lock"; }
  std::string daemon_lock() const { return runtime + "/daemon.lock"; }
  std::string endpoint_file() const { return runtime + "/endpoint.json"; }
  std::string error_log() const { return data + "/logs/mosisd.stderr"; }
  /** Folders that must be ours alone, outermost first. */
  std::vector<std::string> runtime_levels() const;
};

/** [a-z0-9_-]{1,32} */
bool profile_is_valid(const std::string& profile);

/** Computes; touches nothing. */
Folders folders_of(const std::string& profile, const Environment& environment);

/** Makes what is missing (0700), then checks each level by lstat: a folder, ours, closed to others. */
Failure open_runtime_folder(const Folders& folders);

/** Makes the log folder. A failure is left to the daemon to report: it opens the data folder itself. */
void make_log_folder(const Folders& folders);

/** After a crash: removes endpoint.json and the sockets. Call only while holding daemon.lock. */
void remove_stale_files(const Folders& folders);

}  // namespace mosis
