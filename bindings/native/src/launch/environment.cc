#include "launch/environment.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>

#if defined(__APPLE__)
#include <crt_externs.h>
#else
extern char** environ;
#endif

namespace mosis {
namespace {

char** process_environment() {
#if defined(__APPLE__)
  return *_NSGetEnviron();  // A dynamic library has no `environ` there.
#else
  return environ;
#endif
}

bool names(const std::string& entry, std::string_view name) {
  return entry.size() > name.size() && entry[name.size()] == '=' && entry.compare(0, name.size(), name) == 0;
}

}  // namespace

Environment Environment::capture() {
  std::vector<std::string> entries;
  for (char** entry = process_environment(); entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  char folder[PATH_MAX];
  return Environment(std::move(entries), getcwd(folder, sizeof folder) != nullptr ? folder : "/");
}

std::string Environment::get(std::string_view name) const {
  for (const std::string& entry : entries_) {
    if (names(entry, name)) return entry.substr(name.size() + 1);
  }
  return {};
}

void Environment::set(std::string_view name, std::string_view value) {
  std::string entry = std::string(name) + '=' + std::string(value);
  for (std::string& old : entries_) {
    if (!names(old, name)) continue;
    old = std::move(entry);
    return;
  }
  entries_.push_back(std::move(entry));
}

std::string Environment::absolute(const std::string& path) const {
  return path.empty() || path.front() == '/' ? path : working_folder_ + '/' + path;
}

}  // namespace mosis
