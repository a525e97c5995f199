// Rules of src/launch/folders: where a profile lives, and which folders are refused.
#include "launch/folders.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.h"

namespace {

using mosis::Environment;
using mosis::Folders;
using mosis_test::TempFolder;

Folders folders_with(std::vector<std::string> entries) { return mosis::folders_of("p1", Environment(std::move(entries), "/work")); }

TEST(Folders, RuntimeFolder_ChosenByMosisRuntimeDir_BeforeXdg) {
  EXPECT_EQ(folders_with({"MOSIS_RUNTIME_DIR=/a", "XDG_RUNTIME_DIR=/run/user/1"}).runtime, "/a/p1/v1");
  EXPECT_EQ(folders_with({"XDG_RUNTIME_DIR=/run/user/1"}).runtime, "/run/user/1/mosis/p1/v1");
}

TEST(Folders, RuntimeFolder_WithoutXdg_IsUnderTmpWithTheUid) {
  const std::string expected = "/tmp/mosis-" + std::to_string(geteuid()) + "/p1/v1";
  EXPECT_EQ(folders_with({}).runtime, expected);
  EXPECT_EQ(folders_with({"XDG_RUNTIME_DIR=relative"}).runtime, expected);
  EXPECT_EQ(folders_with({"XDG_RUNTIME_DIR="}).runtime, expected);
}

TEST(Folders, ChosenFolder_Relative_IsSeenFromTheWorkingFolder) {
  EXPECT_EQ(folders_with({"MOSIS_RUNTIME_DIR=run"}).runtime, "/work/run/p1/v1");
  EXPECT_EQ(folders_with({"MOSIS_DATA_DIR=data"}).data, "/work/data/p1");
}

TEST(Folders, DataFolder_FollowsXdgThenHome) {
  EXPECT_EQ(folders_with({"MOSIS_DATA_DIR=/d", "XDG_DATA_HOME=/x"}).data, "/d/p1");
  EXPECT_EQ(folders_with({"XDG_DATA_HOME=/x", "HOME=/h"}).data, "/x/mosis/p1");
  EXPECT_EQ(folders_with({"HOME=/h"}).data, "/h/.local/share/mosis/p1");
}

TEST(Folders, ProfileName_OtherThanLowerCaseDigitsDashUnderscore_IsRefused) {
  for (const char* good : {"default", "a", "a-b_c9", "01234567890123456789012345678901"})
    EXPECT_TRUE(mosis::profile_is_valid(good)) << good;
  for (const char* bad : {"", "A", "a/b", "..", "a b", "é", "012345678901234567890123456789012"}) {
    EXPECT_FALSE(mosis::profile_is_valid(bad)) << bad;
  }
}

TEST(Folders, MissingLevels_AreMadeForTheOwnerAlone) {
  const TempFolder temp;
  const Folders folders = folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"});
  EXPECT_FALSE(mosis::open_runtime_folder(folders));
  for (const std::string& level : folders.runtime_levels()) {
    struct stat found {};
    ASSERT_EQ(stat(level.c_str(), &found), 0) << level;
    EXPECT_EQ(found.st_mode & 0777, 0700u) << level;
  }
}

TEST(Folders, AnyLevel_OpenToOthers_IsRefusedByName) {
  const TempFolder temp;
  const Folders folders = folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"});
  ASSERT_FALSE(mosis::open_runtime_folder(folders));
  for (const std::string& level : folders.runtime_levels()) {
    for (const mode_t mode : {0755, 0770, 0701, 0702, 0777}) {
      chmod(level.c_str(), mode);
      const mosis::Failure failure = mosis::open_runtime_folder(folders);
      EXPECT_EQ(failure.code, MOSIS_ERR_UNSAFE_FOLDER) << level;
      EXPECT_NE(failure.text.find(level + " is open to other users"), std::string::npos) << failure.text;
    }
    chmod(level.c_str(), 0700);
  }
}

TEST(Folders, LinkInPlaceOfAFolder_IsRefused) {
  const TempFolder temp;
  mosis_test::make_private_folders(temp / "elsewhere");
  ASSERT_EQ(symlink((temp / "elsewhere").c_str(), (temp / "run").c_str()), 0);
  const mosis::Failure failure = mosis::open_runtime_folder(folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"}));
  EXPECT_EQ(failure.code, MOSIS_ERR_UNSAFE_FOLDER);
  EXPECT_NE(failure.text.find("links are not followed"), std::string::npos) << failure.text;
}

TEST(Folders, FolderOfAnotherUser_IsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const TempFolder temp;
  mosis_test::make_private_folders(temp / "run");
  ASSERT_EQ(chown((temp / "run").c_str(), 65534, 65534), 0);
  const mosis::Failure failure = mosis::open_runtime_folder(folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"}));
  EXPECT_EQ(failure.code, MOSIS_ERR_UNSAFE_FOLDER);
  EXPECT_NE(failure.text.find("belongs to uid 65534"), std::string::npos) << failure.text;
}

TEST(Folders, FileInPlaceOfAFolder_IsRefused) {
  const TempFolder temp;
  mosis_test::write_file(temp / "run", "", 0700);
  EXPECT_EQ(mosis::open_runtime_folder(folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"})).code, MOSIS_ERR_UNSAFE_FOLDER);
}

TEST(Folders, StaleFiles_AreRemovedAndLocksStay) {
  const TempFolder temp;
  const Folders folders = folders_with({"MOSIS_RUNTIME_DIR=" + temp / "run"});
  ASSERT_FALSE(mosis::open_runtime_folder(folders));
  for (const char* name : {"endpoint.json", "control.sock", "media.sock", "daemon.lock", "spawn.lock"}) {
    mosis_test::write_file(folders.runtime + '/' + name, "x");
  }
  mosis::remove_stale_files(folders);
  for (const char* name : {"endpoint.json", "control.sock", "media.sock"})
    EXPECT_NE(access((folders.runtime + '/' + name).c_str(), F_OK), 0) << name;
  for (const char* name : {"daemon.lock", "spawn.lock"}) EXPECT_EQ(access((folders.runtime + '/' + name).c_str(), F_OK), 0) << name;
}

}  // namespace
