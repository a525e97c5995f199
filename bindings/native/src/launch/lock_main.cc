// mosis-lock PROGRAM [ARGUMENT…]: takes daemon.lock of the profile as descriptor 3, removes what a crash left, and becomes PROGRAM.
// A daemon that is started by hand goes through the same lock as one that a game starts. The profile is read from the arguments
// (--profile P) as the program itself will read it.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "launch/environment.h"
#include "launch/file_lock.h"
#include "launch/folders.h"

namespace {

constexpr int kLockDescriptor = 3;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kSpawnLockTries = 1100;
constexpr useconds_t kSpawnLockPauseUs = 10 * 1000;

std::string profile_of(int count, char** arguments, const mosis::Environment& environment) {
  const std::string option = "--profile";
  std::string profile = environment.get("MOSIS_PROFILE");
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == option && i + 1 < count) profile = arguments[i + 1];
    if (argument.compare(0, option.size() + 1, option + '=') == 0) profile = argument.substr(option.size() + 1);
  }
  return profile.empty() ? "default" : profile;
}

/** Under spawn.lock, like every probe of daemon.lock; whoever holds it is starting a daemon and ends within 10 s. */
mosis::FileLock::Taken take_both(const mosis::Folders& folders, mosis::FileLock& spawn, mosis::FileLock& daemon) {
  mosis::FileLock::Taken taken = spawn.try_take(folders.spawn_lock());
  for (int tries = 0; taken == mosis::FileLock::Taken::held_by_another && tries < kSpawnLockTries; ++tries) {
    usleep(kSpawnLockPauseUs);
    taken = spawn.try_take(folders.spawn_lock());
  }
  return taken == mosis::FileLock::Taken::yes ? daemon.try_take(folders.daemon_lock()) : taken;
}

int refuse(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  return kRefused;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "Usage: mosis-lock PROGRAM [--profile P] [ARGUMENT…]\n");
    return kUsage;
  }
  mosis::Environment environment = mosis::Environment::capture();
  const std::string profile = profile_of(count - 1, arguments + 1, environment);
  if (!mosis::profile_is_valid(profile))
    return refuse("The profile \"" + profile + "\" is no profile name: use 1 to 32 of a-z, 0-9, _ and -.");
  const mosis::Folders folders = mosis::folders_of(profile, environment);
  if (mosis::Failure failure = mosis::open_runtime_folder(folders)) return refuse(failure.text);

  mosis::FileLock spawn;
  mosis::FileLock daemon;
  switch (take_both(folders, spawn, daemon)) {
    case mosis::FileLock::Taken::yes:
      break;
    case mosis::FileLock::Taken::held_by_another:
      return refuse("A daemon of the profile \"" + profile + "\" is already running.");
    case mosis::FileLock::Taken::failed:
      return refuse("The locks in " + folders.runtime + " cannot be taken: " + std::strerror(errno) + '.');
  }
  mosis::remove_stale_files(folders);
  spawn.release();
  // The lock is on the open file, not on its number; dup2 also takes the close-on-exec flag off.
  const int lock = daemon.descriptor() == kLockDescriptor ? dup(kLockDescriptor) : daemon.descriptor();
  if (lock < 0 || dup2(lock, kLockDescriptor) < 0)
    return refuse(std::string("No descriptor for the lock: ") + std::strerror(errno) + '.');
  if (lock != kLockDescriptor) close(lock);
  setenv("MOSIS_LOCK_FD", "3", 1);
  execv(arguments[1], arguments + 1);
  return refuse(std::string(arguments[1]) + " cannot be executed: " + std::strerror(errno) + '.');
}
