#include "launch/folders.h"

#include <dirent.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace mosis {
namespace {

/** One per protocol major: two majors run side by side. */
constexpr const char* kRuntimeVersion = "v1";
constexpr size_t kMaxProfileBytes = 32;

bool is_absolute(const std::string& path) { return !path.empty() && path.front() == '/'; }

std::string home_folder(const Environment& environment) {
  std::string home = environment.get("HOME");
  if (!home.empty()) return home;
  char buffer[4096];
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found);
  return found != nullptr ? entry.pw_dir : "/";
}

std::string runtime_base(const Environment& environment) {
  std::string chosen = environment.get("MOSIS_RUNTIME_DIR");
  if (!chosen.empty()) return environment.absolute(chosen);
  // The XDG specification says that relative values are to be ignored.
  std::string xdg = environment.get("XDG_RUNTIME_DIR");
  if (is_absolute(xdg)) return xdg + "/mosis";
  return "/tmp/mosis-" + std::to_string(geteuid());
}

std::string data_base(const Environment& environment) {
  std::string chosen = environment.get("MOSIS_DATA_DIR");
  if (!chosen.empty()) return environment.absolute(chosen);
  std::string xdg = environment.get("XDG_DATA_HOME");
  if (is_absolute(xdg)) return xdg + "/mosis";
  return home_folder(environment) + "/.local/share/mosis";
}

/** mkdir -p; errno of the last step. Folders that are there are left as they are. */
int make_folders(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string level = path.substr(0, end);
    if (mkdir(level.c_str(), 0700) != 0 && errno != EEXIST) return errno;
    if (end == std::string::npos) return 0;
  }
}

Failure unsafe(const std::string& folder, const std::string& fault, const std::string& remedy) {
  return {MOSIS_ERR_UNSAFE_FOLDER, "The folder " + folder + ' ' + fault + ": " + remedy + '.'};
}

Failure check_private(const std::string& folder) {
  struct stat found {};
  if (lstat(folder.c_str(), &found) != 0) return unsafe(folder, std::strerror(errno), "check the folder above it");
  if (!S_ISDIR(found.st_mode)) return unsafe(folder, "is not a folder (links are not followed)", "remove or rename it");
  if (found.st_uid != geteuid()) {
    return unsafe(folder, "belongs to uid " + std::to_string(found.st_uid) + ", not to you", "let its owner remove it");
  }
  if ((found.st_mode & 077) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(found.st_mode & 0777));
    return unsafe(folder, std::string("is open to other users (mode ") + mode + ')', "run: chmod 700 " + folder);
  }
  return {};
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::vector<std::string> Folders::runtime_levels() const { return {runtime_base, runtime.substr(0, runtime.rfind('/')), runtime}; }

bool profile_is_valid(const std::string& profile) {
  if (profile.empty() || profile.size() > kMaxProfileBytes) return false;
  return profile.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
}

Folders folders_of(const std::string& profile, const Environment& environment) {
  Folders folders;
  folders.runtime_base = runtime_base(environment);
  folders.runtime = folders.runtime_base + '/' + profile + '/' + kRuntimeVersion;
  folders.data_base = data_base(environment);
  folders.data = folders.data_base + '/' + profile;
  return folders;
}

Failure open_runtime_folder(const Folders& folders) {
  for (const std::string& level : folders.runtime_levels()) {
    if (int error = make_folders(level)) {
      return unsafe(level, std::string("cannot be made (") + std::strerror(error) + ')', "check the rights of the folder above it");
    }
    if (Failure failure = check_private(level)) return failure;
  }
  return {};
}

void make_log_folder(const Folders& folders) { make_folders(folders.data + "/logs"); }

void remove_stale_files(const Folders& folders) {
  unlink(folders.endpoint_file().c_str());
  DIR* directory = opendir(folders.runtime.c_str());
  if (directory == nullptr) return;
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (ends_with(name, ".sock")) unlink((folders.runtime + '/' + name).c_str());
  }
  closedir(directory);
}

}  // namespace mosis
