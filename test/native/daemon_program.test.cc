// Rules of src/launch/daemon_program: which program is started.
#include "launch/daemon_program.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_folder.h"

namespace {

using mosis::DaemonProgram;
using mosis::Environment;
using mosis_test::TempFolder;

/** A folder with programs to be found, and the environment that leads to them. */
class DaemonProgramTest : public testing::Test {
 protected:
  DaemonProgramTest() {
    for (const char* folder : {"named", "chosen", "beside", "path"}) {
      mosis_test::make_private_folders(temp_ / folder);
      mosis_test::write_file(program(folder), "#!/bin/sh\n", 0700);
    }
  }
  std::string program(const std::string& folder) const { return temp_ / folder + "/mosisd"; }
  static DaemonProgram find(std::vector<std::string> entries, const std::string& chosen, const std::string& library) {
    return mosis::find_daemon_program(Environment(std::move(entries), "/"), chosen, library);
  }

  const TempFolder temp_;
  const std::string named_ = "MOSIS_DAEMON=" + program("named");
  const std::string path_ = "PATH=/nowhere:relative::" + temp_ / "path";
};

TEST_F(DaemonProgramTest, EnvironmentThenOptionThenLibraryThenPath_IsTheOrder) {
  EXPECT_EQ(find({named_, path_}, program("chosen"), temp_ / "beside").path, program("named"));
  EXPECT_EQ(find({path_}, program("chosen"), temp_ / "beside").path, program("chosen"));
  EXPECT_EQ(find({path_}, "", temp_ / "beside").path, program("beside"));
  EXPECT_EQ(find({path_}, "", temp_ / "nothing").path, program("path"));
}

TEST_F(DaemonProgramTest, NamedProgramThatCannotRun_IsAnErrorAndNotPassedOver) {
  chmod(program("named").c_str(), 0600);
  const DaemonProgram by_environment = find({named_, path_}, program("chosen"), temp_ / "beside");
  EXPECT_EQ(by_environment.failure.code, MOSIS_ERR_DAEMON_NOT_FOUND);
  EXPECT_NE(by_environment.failure.text.find("MOSIS_DAEMON names " + program("named")), std::string::npos)
      << by_environment.failure.text;
  const DaemonProgram by_option = find({path_}, temp_ / "chosen", temp_ / "beside");
  EXPECT_EQ(by_option.failure.code, MOSIS_ERR_DAEMON_NOT_FOUND) << "a folder is no program";
  EXPECT_NE(by_option.failure.text.find("daemon_path names"), std::string::npos) << by_option.failure.text;
}

TEST_F(DaemonProgramTest, NoProgramAnywhere_SaysWhereItWasLookedFor) {
  const DaemonProgram found = find({"PATH=/nowhere"}, "", "/lib/here");
  EXPECT_TRUE(found.path.empty());
  EXPECT_EQ(found.failure.code, MOSIS_ERR_DAEMON_NOT_FOUND);
  EXPECT_NE(found.failure.text.find("/lib/here"), std::string::npos) << found.failure.text;
}

TEST_F(DaemonProgramTest, RelativeName_IsSeenFromTheWorkingFolder) {
  const DaemonProgram found = mosis::find_daemon_program(Environment({"MOSIS_DAEMON=named/mosisd"}, temp_.path()), "", "");
  EXPECT_EQ(found.path, program("named"));
}

}  // namespace
