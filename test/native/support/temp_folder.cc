#include "support/temp_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mosis_test {

TempFolder::TempFolder() {
  char name[] = "/tmp/mosis-native-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no folder under /tmp");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

MosisFolders::MosisFolders(const std::string& daemon) {
  setenv("MOSIS_RUNTIME_DIR", runtime_base().c_str(), 1);
  setenv("MOSIS_DATA_DIR", (folder_ / "data").c_str(), 1);
  setenv("MOSIS_DAEMON", daemon.c_str(), 1);
  unsetenv("MOSIS_PROFILE");
}

MosisFolders::~MosisFolders() {
  for (const char* name : {"MOSIS_RUNTIME_DIR", "MOSIS_DATA_DIR", "MOSIS_DAEMON"}) unsetenv(name);
}

void make_private_folders(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    mkdir(path.substr(0, end).c_str(), 0700);
    if (end == std::string::npos) return;
  }
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void write_file(const std::string& path, const std::string& content, unsigned mode) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  chmod(path.c_str(), mode);
}

}  // namespace mosis_test
