// Rules of finding and starting the daemon, with real processes: fake-mosisd is started, chatter is the game.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <set>

#include "link_fixture.h"
#include "support/child.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file

class LaunchTest : public testing::Test {
 protected:
  ~LaunchTest() override {
    for (const pid_t pid : started()) kill_daemon(pid);
    unsetenv("FAKE_MOSISD");
  }

  /** Pids of the daemons that were ever started in the profile "default". */
  std::vector<pid_t> started() const {
    std::ifstream file(folders_.runtime() + "/started");
    std::vector<pid_t> all;
    for (pid_t pid = 0; file >> pid;) all.push_back(pid);
    return all;
  }
  std::string report() const { return read_file(folders_.runtime() + "/report"); }

  /** kill -9 of a daemon that these tests started, and only that; returns when its lock is free. */
  void kill_daemon(pid_t pid) const {
    if (read_file("/proc/" + std::to_string(pid) + "/cmdline").find("fake-mosisd") == std::string::npos) return;
    mosis::FileLock spawn;
    while (spawn.try_take(folders_.runtime() + "/spawn.lock") != mosis::FileLock::Taken::yes) {
    }
    kill(pid, SIGKILL);
    mosis::FileLock lock;
    while (lock.try_take(folders_.runtime() + "/daemon.lock") != mosis::FileLock::Taken::yes) {
    }
  }

  const MosisFolders folders_{FAKE_MOSISD_PATH};
};

TEST_F(LaunchTest, NoDaemon_OneIsStartedOutsideTheGame) {
  setenv("GAME_VARIABLE", "kept", 1);
  std::signal(SIGCHLD, SIG_IGN);
  const int open_file = dup(STDERR_FILENO);
  Game game;
  const Seen ready = game.wait_for_state(MOSIS_CLIENT_READY);
  close(open_file);
  std::signal(SIGCHLD, SIG_DFL);
  unsetenv("GAME_VARIABLE");
  ASSERT_EQ(started().size(), 1u);
  EXPECT_EQ(static_cast<pid_t>(ready.daemon_pid), started()[0]);
  EXPECT_EQ(game.stats().daemons_started, 1u);
  const std::string how = report();
  EXPECT_NE(how.find("descriptors 0 1 2 3 \n"), std::string::npos) << how;
  EXPECT_NE(how.find("folder /\n"), std::string::npos) << how;
  EXPECT_EQ(how.find("parent " + std::to_string(getpid()) + "\n"), std::string::npos) << how;
  EXPECT_EQ(how.find("session " + std::to_string(getsid(0)) + "\n"), std::string::npos) << how;
  EXPECT_NE(how.find("blocked \n"), std::string::npos) << how;
  EXPECT_NE(how.find("child-signal default\n"), std::string::npos) << how;
  EXPECT_NE(how.find("lock held\n"), std::string::npos) << how;
  EXPECT_NE(how.find("lock-variable 3\n"), std::string::npos) << how;
  EXPECT_NE(how.find("game-variable kept\n"), std::string::npos) << how;
}

TEST_F(LaunchTest, DaemonThatRuns_IsJoined) {
  Game first;
  first.wait_for_state(MOSIS_CLIENT_READY);
  Game second;
  second.wait_for_state(MOSIS_CLIENT_READY);
  EXPECT_EQ(started().size(), 1u);
  EXPECT_EQ(second.stats().daemons_started, 0u);
}

TEST_F(LaunchTest, DaemonOfTheGame_OutlivesIt) {
  Game first;
  const uint32_t pid = first.wait_for_state(MOSIS_CLIENT_READY).daemon_pid;
  first.close();
  Game second;
  EXPECT_EQ(second.wait_for_state(MOSIS_CLIENT_READY).daemon_pid, pid);
}

TEST_F(LaunchTest, TwentyGamesAtOnce_StartExactlyOneDaemon_AlsoAfterKill9) {
  std::vector<std::unique_ptr<Child>> games;
  for (int i = 0; i < 20; ++i) games.push_back(std::make_unique<Child>(std::vector<std::string>{CHATTER_PATH}));
  for (size_t round = 1; round <= 3; ++round) {
    std::set<std::string> pids;
    for (const auto& game : games) pids.insert(field_of(game->wait_for_line("\"state\":\"ready\""), "pid"));
    const std::vector<pid_t> daemons = started();
    ASSERT_EQ(daemons.size(), round) << "one more daemon for each kill -9";
    EXPECT_EQ(pids, std::set<std::string>{std::to_string(daemons.back())});
    if (round < 3) kill_daemon(daemons.back());
  }
  for (const auto& game : games) game->write_line("quit");
  for (const auto& game : games) EXPECT_EQ(game->wait_for_end(), 0) << game->output();
}

TEST_F(LaunchTest, WhatACrashLeft_IsReplaced) {
  Game first;
  first.wait_for_state(MOSIS_CLIENT_READY);
  first.close();
  kill_daemon(started()[0]);
  ASSERT_EQ(access((folders_.runtime() + "/endpoint.json").c_str(), F_OK), 0) << "kill -9 leaves it behind";
  ASSERT_EQ(access((folders_.runtime() + "/control.sock").c_str(), F_OK), 0);
  Game second;
  const uint32_t pid = second.wait_for_state(MOSIS_CLIENT_READY).daemon_pid;
  ASSERT_EQ(started().size(), 2u);
  EXPECT_EQ(pid, static_cast<uint32_t>(started().back()));
}

TEST_F(LaunchTest, DaemonThatSaysWhyItCannot_IsQuoted) {
  setenv("FAKE_MOSISD", "fail", 1);
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_DAEMON_START_FAILED);
  EXPECT_NE(failed.text.find("The database is locked."), std::string::npos) << failed.text;
  EXPECT_EQ(started().size(), 1u) << "it is believed at once";
}

TEST_F(LaunchTest, DaemonThatCrashesWhileStarting_IsTriedThreeTimes) {
  setenv("FAKE_MOSISD", "crash", 1);
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_DAEMON_START_FAILED);
  EXPECT_NE(failed.text.find(folders_.data() + "/logs/mosisd.stderr"), std::string::npos) << failed.text;
  EXPECT_EQ(started().size(), 3u);
}

TEST_F(LaunchTest, DaemonThatIsKilledWhileStarting_IsStartedAgain) {
  setenv("FAKE_MOSISD", "crash-once", 1);
  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).state, MOSIS_CLIENT_READY);
  EXPECT_EQ(started().size(), 2u);
}

TEST_F(LaunchTest, DaemonThatWritesSomethingElse_OrNoEndpoint_IsRefused) {
  for (const char* behaviour : {"garbage", "no-endpoint"}) {
    setenv("FAKE_MOSISD", behaviour, 1);
    Game game;
    EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_FAILED).error, MOSIS_ERR_DAEMON_START_FAILED) << behaviour;
    for (const pid_t pid : started()) kill_daemon(pid);
  }
}

TEST_F(LaunchTest, DaemonThatIsNeverReady_IsGivenUpAfterTenSeconds) {
  setenv("FAKE_MOSISD", "silent", 1);
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_DAEMON_START_FAILED);
  EXPECT_NE(failed.text.find("within 10 s"), std::string::npos) << failed.text;
}

TEST_F(LaunchTest, GameThatEndsWhileItsDaemonStarts_IsNotHeldUp) {
  setenv("FAKE_MOSISD", "silent", 1);
  Game game;
  while (started().empty()) {
  }
  const auto begin = std::chrono::steady_clock::now();
  game.close();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(LaunchTest, ProgramThatCannotBeExecuted_IsNamed) {
  const std::string program = folders_.folder() / "broken";
  write_file(program, "#!/nowhere/interpreter\n", 0700);
  setenv("MOSIS_DAEMON", program.c_str(), 1);
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_DAEMON_START_FAILED);
  EXPECT_NE(failed.text.find("cannot be executed: No such file"), std::string::npos) << failed.text;
}

TEST_F(LaunchTest, RuntimeFolderOpenToOthers_IsRefused) {
  make_private_folders(folders_.runtime());
  chmod(folders_.runtime_base().c_str(), 0777);
  Game game;
  const Seen failed = game.wait_for_state(MOSIS_CLIENT_FAILED);
  EXPECT_EQ(failed.error, MOSIS_ERR_UNSAFE_FOLDER);
  EXPECT_NE(failed.text.find("chmod 700 " + folders_.runtime_base()), std::string::npos) << failed.text;
}

TEST_F(LaunchTest, OtherProfile_HasADaemonOfItsOwn) {
  Game first;
  Game second([](mosis_client_options& options) { options.profile = "second"; });
  const uint32_t one = first.wait_for_state(MOSIS_CLIENT_READY).daemon_pid;
  const uint32_t two = second.wait_for_state(MOSIS_CLIENT_READY).daemon_pid;
  EXPECT_NE(one, two);
  second.close();  // Else it would start another one.
  kill(static_cast<pid_t>(two), SIGKILL);
}

TEST_F(LaunchTest, MosisLock_StartsAProgramThatHoldsTheLock_AndRefusesASecondOne) {
  Child first({MOSIS_LOCK_PATH, FAKE_MOSISD_PATH, "--profile", "default"});
  ASSERT_EQ(first.wait_for_line("ready"), "ready");
  EXPECT_NE(report().find("lock held\n"), std::string::npos) << report();
  EXPECT_NE(report().find("lock-variable 3\n"), std::string::npos) << report();

  Child second({MOSIS_LOCK_PATH, FAKE_MOSISD_PATH});
  EXPECT_EQ(second.wait_for_end(), 1);
  EXPECT_EQ(second.output(), "A daemon of the profile \"default\" is already running.\n");

  Game game;
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_READY).daemon_pid, static_cast<uint32_t>(first.pid()));
  EXPECT_EQ(started().size(), 1u);
}

TEST_F(LaunchTest, MosisLock_SaysInOneSentenceWhatIsWrong) {
  Child nothing({MOSIS_LOCK_PATH});
  EXPECT_EQ(nothing.wait_for_end(), 2);
  Child profile({MOSIS_LOCK_PATH, FAKE_MOSISD_PATH, "--profile=../x"});
  EXPECT_EQ(profile.wait_for_end(), 1);
  EXPECT_NE(profile.output().find("is no profile name"), std::string::npos) << profile.output();
  Child program({MOSIS_LOCK_PATH, "/nowhere/mosisd"});
  EXPECT_EQ(program.wait_for_end(), 1);
  EXPECT_NE(program.output().find("/nowhere/mosisd cannot be executed"), std::string::npos) << program.output();
}

class StoppedGameTest : public LinkFixture {};

TEST_F(StoppedGameTest, GameThatWasStoppedItself_DoesNotTakeTheDaemonForDead) {
  start_daemon();
  Child game({CHATTER_PATH, "--wait"});
  ASSERT_FALSE(game.wait_for_line("\"state\":\"ready\"").empty());
  game.send_signal(SIGSTOP);
  daemon().wait_until([](const std::vector<Heard>&) { return false; }, std::chrono::seconds(5));
  game.send_signal(SIGCONT);
  game.write_line("say bob hi");
  EXPECT_EQ(field_of(game.wait_for_line("\"type\":\"response\""), "result"), "0");
  game.write_line("stats");
  EXPECT_EQ(field_of(game.wait_for_line("\"type\":\"stats\""), "reconnects"), "0");
}

}  // namespace
