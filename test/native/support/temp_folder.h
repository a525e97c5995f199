// A private folder under /tmp for one test, gone at its end, and the environment that leads the library into it.
#pragma once

#include <string>

namespace mosis_test {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

/** MOSIS_RUNTIME_DIR, MOSIS_DATA_DIR and MOSIS_DAEMON of this process, put back at the end. */
class MosisFolders {
 public:
  /** `daemon`: program to start; by default one that does not exist, so that a test never starts a real daemon by accident. */
  explicit MosisFolders(const std::string& daemon = "/nowhere/mosisd");
  ~MosisFolders();
  MosisFolders(const MosisFolders&) = delete;
  MosisFolders& operator=(const MosisFolders&) = delete;

  std::string runtime_base() const { return folder_ / "run"; }
  /** Of the profile "default". */
  std::string runtime() const { return runtime_base() + "/default/v1"; }
  std::string data() const { return folder_ / "data" + "/default"; }
  const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
};

/** Makes `path` with mode 0700, parents too. */
void make_private_folders(const std::string& path);
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& content, unsigned mode = 0600);

}  // namespace mosis_test
