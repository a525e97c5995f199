#include "place.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

const fs::path kRoot = fs::path(MOSIS_TEST_SOURCE_FOLDER).parent_path().parent_path();

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/** Waits for the end of any process, also one that is no child; false when it lives on after the limit. */
bool WaitForEnd(int pid, int limit_ms) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return true;  // gone already
  pollfd waiting{descriptor, POLLIN, 0};
  const bool ended = poll(&waiting, 1, limit_ms) == 1;
  close(descriptor);
  return ended;
}

/** The first line that a pipe brings within ten seconds. */
std::string FirstLine(int descriptor) {
  std::string line;
  const auto limit = steady_clock::now() + std::chrono::seconds(10);
  while (line.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - steady_clock::now()).count();
    pollfd waiting{descriptor, POLLIN, 0};
    char bytes[512];
    const ssize_t count = left > 0 && poll(&waiting, 1, static_cast<int>(left)) == 1 ? read(descriptor, bytes, sizeof(bytes)) : 0;
    if (count <= 0) break;
    line.append(bytes, static_cast<size_t>(count));
  }
  return line;
}

}  // namespace

SignallingServer::SignallingServer() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::string node = kRoot / "node_modules/node/bin/node";
  const std::string program = kRoot / "server/signalling/main.ts";
  const char* arguments[] = {node.c_str(), program.c_str(), "--port", "0", "--json", nullptr};
  const int failed = posix_spawn(&pid_, node.c_str(), &actions, nullptr, const_cast<char**>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  const std::string line = failed == 0 ? FirstLine(ends[0]) : "";
  close(ends[0]);
  std::smatch match;
  if (!std::regex_search(line, match, std::regex("\"port\":([0-9]+)"))) throw std::runtime_error("no signalling server: " + line);
  url_ = "ws://127.0.0.1:" + match[1].str();
}

SignallingServer::~SignallingServer() {
  kill(pid_, SIGTERM);
  if (!WaitForEnd(pid_, 5000)) kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

Place::Place() {
  std::string name = "/tmp/cpp-test-XXXXXX";
  if (mkdtemp(&name[0]) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  setenv("MOSIS_RUNTIME_DIR", (folder_ + "/run").c_str(), 1);
  setenv("MOSIS_DATA_DIR", (folder_ + "/data").c_str(), 1);
  setenv("MOSIS_DAEMON", (kRoot / "daemon/bin/mosisd").c_str(), 1);
  unsetenv("MOSIS_PROFILE");
}

Place::~Place() {
  std::error_code ignored;
  for (const auto& profile : fs::directory_iterator(folder_ + "/run", ignored)) {
    const int pid = DaemonOf(profile.path().filename());
    if (pid == 0) continue;
    kill(pid, SIGTERM);
    if (!WaitForEnd(pid, 5000)) kill(pid, SIGKILL);
  }
  fs::remove_all(folder_, ignored);
}

int Place::DaemonOf(const std::string& profile) const {
  const std::string text = ReadFile(folder_ + "/run/" + profile + "/v1/endpoint.json");
  std::smatch match;
  if (!std::regex_search(text, match, std::regex("\"pid\":\\s*([0-9]+)"))) return 0;
  // A killed daemon leaves its file behind, and its number may be somebody else's by now.
  const bool ours = ReadFile("/proc/" + match[1].str() + "/environ").find(folder_) != std::string::npos;
  return ours ? std::stoi(match[1]) : 0;
}

void Place::KillDaemonOf(const std::string& profile) const {
  const int pid = DaemonOf(profile);
  if (pid == 0) throw std::runtime_error("no daemon of " + profile);
  kill(pid, SIGKILL);
  WaitForEnd(pid, 5000);
}

std::string Place::LogOf(const std::string& profile) const {
  const std::string logs = folder_ + "/data/" + profile + "/logs/";
  return "--- mosisd.log of " + profile + "\n" + ReadFile(logs + "mosisd.log") + "--- its stderr\n" +
         ReadFile(logs + "mosisd.stderr");
}

std::string WhatIsMissing() {
  for (const char* path : {"node_modules/node/bin/node", "daemon/bin/mosisd", "daemon/main.ts", "server/signalling/main.ts"}) {
    if (!fs::exists(kRoot / path)) return std::string(path) + " is not in this tree";
  }
  return "";
}
