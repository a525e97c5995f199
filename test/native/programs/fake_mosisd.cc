// fake-mosisd [--profile P]: what the launcher starts in tests. Keeps its side of the launcher's rules (lock as descriptor 3, ready
// line on standard output), reports how it was started in <runtime>/report, and adds its pid to <runtime>/started.
//
// FAKE_MOSISD chooses another behaviour: crash, crash-once, fail, silent, garbage, no-endpoint; events-N sends N messages to each
// shim.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "launch/environment.h"
#include "launch/folders.h"
#include "support/fake_daemon.h"
#include "support/temp_folder.h"

namespace {

constexpr int kLockDescriptor = 3;
constexpr unsigned kLifetimeSeconds = 300;

void append(const std::string& path, const std::string& line) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (write(file, line.data(), line.size()) < 0) std::perror("fake-mosisd");
  close(file);
}

std::string open_descriptors() {
  std::string all;
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) all += std::to_string(descriptor) + ' ';
  }
  return all;
}

std::string blocked_signals() {
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  std::string all;
  for (int number = 1; number < NSIG; ++number) {
    if (sigismember(&blocked, number) == 1) all += std::to_string(number) + ' ';
  }
  return all;
}

bool lock_is_right(const std::string& path) {
  struct stat held {};
  struct stat file {};
  if (fstat(kLockDescriptor, &held) != 0 || stat(path.c_str(), &file) != 0 || held.st_ino != file.st_ino) return false;
  // Another descriptor of the same file must not get it.
  const int other = open(path.c_str(), O_RDWR | O_CLOEXEC);
  const bool locked = flock(other, LOCK_EX | LOCK_NB) != 0;
  close(other);
  return locked;
}

std::string report(const mosis::Folders& folders) {
  char folder[4096];
  struct sigaction child {};
  sigaction(SIGCHLD, nullptr, &child);
  const std::string descriptors = open_descriptors();
  std::string text = "descriptors " + descriptors + "\n";
  text += std::string("folder ") + (getcwd(folder, sizeof folder) != nullptr ? folder : "?") + "\n";
  text += "parent " + std::to_string(getppid()) + "\n";
  text += "session " + std::to_string(getsid(0)) + "\n";
  text += "blocked " + blocked_signals() + "\n";
  text += std::string("child-signal ") + (child.sa_handler == SIG_DFL ? "default" : "changed") + "\n";
  text += std::string("lock ") + (lock_is_right(folders.daemon_lock()) ? "held" : "wrong") + "\n";
  const char* given = std::getenv("MOSIS_LOCK_FD");
  text += std::string("lock-variable ") + (given != nullptr ? given : "unset") + "\n";
  const char* kept = std::getenv("GAME_VARIABLE");
  text += std::string("game-variable ") + (kept != nullptr ? kept : "unset") + "\n";
  return text;
}

void say(const char* line) {
  if (write(STDOUT_FILENO, line, std::strlen(line)) < 0) std::perror("fake-mosisd");
}

void send_messages(mosis_test::FakeDaemon& daemon, uint64_t count) {
  for (uint64_t sequence = 1; sequence <= count; ++sequence)
    daemon.send_message_event(sequence, "event " + std::to_string(sequence));
}

int serve(const mosis::Folders& folders, const std::string& behaviour) {
  mosis_test::FakeDaemonSettings settings;
  settings.runtime = folders.runtime;
  settings.lock_descriptor = kLockDescriptor;
  mosis_test::FakeDaemon daemon(settings);
  if (behaviour.compare(0, 7, "events-") == 0) {
    const uint64_t count = std::strtoull(behaviour.c_str() + 7, nullptr, 10);
    daemon.set_handler([count](mosis_test::FakeDaemon& self, const mosis_test::Heard& heard) {
      if (heard.kind != mosis::protocol::kKindHello) return false;
      self.send_identified();
      send_messages(self, count);
      return true;
    });
  }
  if (behaviour == "no-endpoint") unlink(folders.endpoint_file().c_str());
  say("ready\n");
  close(STDOUT_FILENO);
  while (true) pause();
}

}  // namespace

int main(int count, char** arguments) {
  // A test that was itself killed cannot end its daemon any more.
  alarm(kLifetimeSeconds);
  const mosis::Environment environment = mosis::Environment::capture();
  const std::string profile = count >= 3 && std::string(arguments[1]) == "--profile" ? arguments[2] : "default";
  const mosis::Folders folders = mosis::folders_of(profile, environment);
  const std::string started = report(folders);
  append(folders.runtime + "/started", std::to_string(getpid()) + "\n");
  mosis_test::write_file(folders.runtime + "/report", started);

  std::string behaviour = environment.get("FAKE_MOSISD");
  if (behaviour == "crash-once") behaviour = access((folders.runtime + "/crashed").c_str(), F_OK) == 0 ? "" : "crash";
  if (behaviour == "crash") {
    append(folders.runtime + "/crashed", "x");
    return 1;
  }
  if (behaviour == "fail") {
    say("failed The database is locked.\n");
    return 1;
  }
  if (behaviour == "garbage") {
    say("Segmentation fault in 17 places\n");
    return 1;
  }
  while (behaviour == "silent") pause();
  return serve(folders, behaviour);
}
