#include "launch/daemon_program.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

namespace mosis {
namespace {

constexpr const char* kProgramName = "mosisd";

bool can_run(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && access(path.c_str(), X_OK) == 0;
}

DaemonProgram named(const std::string& path, const std::string& who) {
  if (can_run(path)) return {path, {}};
  return {{},
          {MOSIS_ERR_DAEMON_NOT_FOUND,
           who + " names " + path + ", which is not a program that can be run: check the path and its rights."}};
}

std::string on_search_path(const std::string& search_path) {
  for (size_t begin = 0; begin <= search_path.size();) {
    const size_t colon = search_path.find(':', begin);
    const size_t end = colon == std::string::npos ? search_path.size() : colon;
    const std::string candidate = search_path.substr(begin, end - begin) + '/' + kProgramName;
    // Relative entries would mean something else after the daemon went to "/".
    if (candidate.front() == '/' && end > begin && can_run(candidate)) return candidate;
    begin = end + 1;
  }
  return {};
}

}  // namespace

DaemonProgram find_daemon_program(const Environment& environment, const std::string& chosen, const std::string& folder) {
  const std::string from_environment = environment.get("MOSIS_DAEMON");
  if (!from_environment.empty()) return named(environment.absolute(from_environment), "MOSIS_DAEMON");
  if (!chosen.empty()) return named(environment.absolute(chosen), "daemon_path");
  const std::string beside = folder + '/' + kProgramName;
  if (!folder.empty() && can_run(beside)) return {beside, {}};
  const std::string on_path = on_search_path(environment.get("PATH"));
  if (!on_path.empty()) return {on_path, {}};
  return {
      {},
      {MOSIS_ERR_DAEMON_NOT_FOUND, "No daemon program: neither MOSIS_DAEMON nor daemon_path is set, and there is no mosisd in " +
                                       (folder.empty() ? std::string("the library's folder") : folder) + " or on PATH."}};
}

std::string library_folder(const Environment& environment) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&library_folder), &info) == 0 || info.dli_fname == nullptr) return {};
  const std::string path = environment.absolute(info.dli_fname);
  char resolved[PATH_MAX];
  const std::string real = realpath(path.c_str(), resolved) != nullptr ? resolved : path;
  const size_t slash = real.rfind('/');
  return slash == std::string::npos ? std::string() : real.substr(0, slash);
}

}  // namespace mosis
