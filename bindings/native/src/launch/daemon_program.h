// Which daemon program is started. Looks; starts nothing.
#pragma once

#include <string>

#include "failure.h"
#include "launch/environment.h"

namespace mosis {

struct DaemonProgram {
  std::string path;
  Failure failure;
};

/**
 * MOSIS_DAEMON → `chosen` (the client's option) → `mosisd` beside the library → `mosisd` on PATH. One that was named and cannot be
 * run is an error, not a reason to look further: the person who named it wants to know.
 */
DaemonProgram find_daemon_program(const Environment& environment, const std::string& chosen, const std::string& library_folder);

/** Folder of the library that this code is in, symbolic links resolved; empty when the system does not tell. */
std::string library_folder(const Environment& environment);

}  // namespace mosis
