// Rules that only the real daemon can show: one daemon for many games, and nothing lost or doubled when it is killed. Needs the
// set-up (npm run setup); without it the tests say so and are skipped.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <set>

#include "support/child.h"
#include "support/temp_folder.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file

/** Nothing listens there: the line stays offline, messages are accepted all the same. */
const char* const kNoServer = "ws://127.0.0.1:9";

class RealDaemonTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string node = std::string(REPOSITORY_PATH) + "/node_modules/node/bin/node";
    if (access(MOSIS_DAEMON_PATH, X_OK) != 0 || access(node.c_str(), X_OK) != 0) GTEST_SKIP() << "no daemon to run: npm run setup";
  }
  ~RealDaemonTest() override {
    for (const pid_t pid : daemons_) kill_daemon(pid);
  }

  /** Pid of the daemon that the game is ready with; remembered, to be killed at the end. */
  pid_t wait_ready(Child& game) {
    const pid_t pid = remember(game.wait_for_line("\"state\":\"ready\""));
    EXPECT_GT(pid, 0) << game.output();
    return pid;
  }
  pid_t remember(const std::string& ready) {
    const auto pid = static_cast<pid_t>(std::atoi(field_of(ready, "pid").c_str()));
    if (pid > 0) daemons_.insert(pid);
    return pid;
  }
  /** kill -9 of a daemon that this test's games started, and only that. */
  static void kill_daemon(pid_t pid) {
    if (read_file("/proc/" + std::to_string(pid) + "/cmdline").find("daemon/main.ts") != std::string::npos) kill(pid, SIGKILL);
  }

  const MosisFolders folders_{MOSIS_DAEMON_PATH};
  std::set<pid_t> daemons_;
};

TEST_F(RealDaemonTest, TwentyGamesAtOnce_ShareOneDaemon_AlsoAfterKill9) {
  std::vector<std::unique_ptr<Child>> games;
  for (int i = 0; i < 20; ++i) games.push_back(std::make_unique<Child>(std::vector<std::string>{CHATTER_PATH}));
  for (size_t round = 1; round <= 2; ++round) {
    std::set<pid_t> pids;
    for (const auto& game : games) pids.insert(wait_ready(*game));
    ASSERT_EQ(pids.size(), 1u);
    EXPECT_EQ(daemons_.size(), round);
    if (round == 1) kill_daemon(*pids.begin());
  }
}

TEST_F(RealDaemonTest, MessagesAcrossKill9_AreEachAcceptedOnceAndInOrder) {
  constexpr int kMessages = 200;
  constexpr int kKills = 3;
  Child game({CHATTER_PATH, "--server", kNoServer, "--id", "ada", "--deadline", "120000"});
  pid_t daemon = wait_ready(game);
  game.write_line("sayn bob " + std::to_string(kMessages) + " hello");
  int64_t last_message = 0;
  for (int answered = 0; answered < kMessages;) {
    const std::string line = game.wait_for_line("\"type\":");
    ASSERT_FALSE(line.empty()) << "no more lines after " << answered << " answers";
    if (field_of(line, "state") == "ready") daemon = remember(line);
    if (field_of(line, "type") != "response") continue;
    ++answered;
    ASSERT_EQ(field_of(line, "result"), "0") << line;
    ASSERT_EQ(field_of(line, "request"), std::to_string(answered)) << line;
    const int64_t message = std::atoll(field_of(line, "messageId").c_str());
    ASSERT_GT(message, last_message);
    last_message = message;
    if (answered % (kMessages / (kKills + 1)) == 0 && answered < kMessages) kill_daemon(daemon);
  }
  game.write_line("status");
  const std::string status = game.wait_for_line("\"method\":257");
  EXPECT_EQ(field_of(status, "outboxMessages"), std::to_string(kMessages)) << "each once, none twice: " << status;
  game.write_line("stats");
  const std::string stats = game.wait_for_line("\"type\":\"stats\"");
  EXPECT_EQ(field_of(stats, "reconnects"), std::to_string(kKills)) << stats;
}

TEST_F(RealDaemonTest, DaemonThatIsAskedToStop_SaysGoodbyeAndANewOneIsStarted) {
  Child game({CHATTER_PATH});
  const pid_t first = wait_ready(game);
  ASSERT_EQ(kill(first, SIGTERM), 0);
  EXPECT_NE(game.wait_for_line("\"state\":\"reconnecting\"").find("stopped"), std::string::npos) << game.output();
  EXPECT_NE(wait_ready(game), first);
}

}  // namespace
