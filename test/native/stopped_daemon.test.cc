// A game thread never blocks: the longest call of each function while the daemon is stopped (SIGSTOP) and the queues are full. The
// numbers are printed; only the behaviour is asserted, machines differ.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>

#include "support/game.h"
#include "support/temp_folder.h"

namespace {

using namespace mosis_test;  // NOLINT: a test file
using SteadyClock = std::chrono::steady_clock;

rusage used(int who) {
  rusage out{};
  getrusage(who, &out);
  return out;
}

class Durations {
 public:
  /** Calls and measures. */
  template <typename Call>
  auto of(const std::string& function, Call call) {
    const rusage before = used(RUSAGE_THREAD);
    const auto begin = SteadyClock::now();
    const auto result = call();
    const double took = std::chrono::duration<double, std::micro>(SteadyClock::now() - begin).count();
    Function& measured = all_[function];
    measured.durations_us.push_back(took);
    measured.waits += used(RUSAGE_THREAD).ru_nvcsw - before.ru_nvcsw;
    return result;
  }
  /** Times that the kernel put the thread to sleep inside a call; being preempted does not count. */
  long waits() const {
    long all = 0;
    for (const auto& [function, measured] : all_) all += measured.waits;
    return all;
  }
  void print() {
    std::printf("%-34s %8s %10s %10s %10s %8s\n", "function (us)", "calls", "p50", "p99", "longest", "waits");
    for (auto& [function, measured] : all_) {
      std::vector<double>& durations = measured.durations_us;
      std::sort(durations.begin(), durations.end());
      const size_t count = durations.size();
      std::printf("%-34s %8zu %10.2f %10.2f %10.2f %8ld\n", function.c_str(), count, durations[count / 2],
                  durations[count * 99 / 100], durations[count - 1], measured.waits);
    }
  }

 private:
  struct Function {
    std::vector<double> durations_us;
    long waits = 0;
  };
  std::map<std::string, Function> all_;
};

double processor_seconds() {
  const rusage all = used(RUSAGE_SELF);
  return static_cast<double>(all.ru_utime.tv_sec + all.ru_stime.tv_sec) +
         static_cast<double>(all.ru_utime.tv_usec + all.ru_stime.tv_usec) / 1e6;
}

class StoppedDaemonTest : public testing::Test {
 protected:
  ~StoppedDaemonTest() override {
    if (daemon_ > 0) kill(daemon_, SIGKILL);
    unsetenv("FAKE_MOSISD");
  }
  void wait_ready(Game& game) { daemon_ = static_cast<pid_t>(game.wait_for_state(MOSIS_CLIENT_READY).daemon_pid); }

  const MosisFolders folders_{FAKE_MOSISD_PATH};
  pid_t daemon_ = 0;
};

TEST_F(StoppedDaemonTest, FullQueues_BlockNoFunctionAndRefuseWhatIsTooMuch) {
  setenv("FAKE_MOSISD", "events-5000", 1);
  Game game;
  wait_ready(game);
  ASSERT_TRUE(game.wait_for_queued(4096 - 8)) << "the game does not poll";
  ASSERT_EQ(kill(daemon_, SIGSTOP), 0);

  Durations durations;
  mosis_client* client = game.client();
  const std::string largest(65536, 'x');
  mosis_result result = MOSIS_OK;
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    const bool large = i % 50 == 0;
    const std::string text = large ? largest : "A text of the usual length, number " + std::to_string(i);
    const std::string name =
        std::string("message_send ") + (large ? "64 KiB" : "40 B") + (result == MOSIS_OK ? "" : ", queue full");
    result = durations.of(
        name, [&] { return mosis_message_send(client, "bob", text.data(), static_cast<uint32_t>(text.size()), nullptr); });
    if (result == MOSIS_OK) ++accepted;
    durations.of("client_get_state", [&] { return mosis_client_get_state(client); });
    mosis_stats stats;
    mosis_stats_init(&stats);
    durations.of("client_get_stats", [&] { return mosis_client_get_stats(client, &stats); });
    durations.of("line_configure", [&] { return mosis_line_configure(client, "ws://a", "ada", nullptr, nullptr); });
  }
  EXPECT_EQ(result, MOSIS_ERR_QUEUE_FULL);
  EXPECT_LE(accepted, 1024);
  EXPECT_EQ(game.stats().requests_pending, 1024u);

  size_t polled = 0;
  const mosis_event* event = nullptr;
  while (durations.of(polled % 100 == 0 ? "client_poll (each 100th)" : "client_poll",
                      [&] { return mosis_client_poll(client, &event); }) == 1) {
    ++polled;
  }
  EXPECT_GE(polled, 4000u);
  const mosis_peer_info* peers = nullptr;
  uint32_t count = 0;
  for (int i = 0; i < 1000; ++i) durations.of("client_peers", [&] { return mosis_client_peers(client, &peers, &count); });
  const long waits = durations.waits();
  durations.of("client_destroy", [&] {
    game.close();
    return 0;
  });
  durations.print();
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
  // A page of new memory may make the kernel wait for another thread's page; nothing of ours does. (Sanitizers have locks of their
  // own.)
  EXPECT_LE(waits, 5);
#else
  std::printf("waits, those of the sanitizer included: %ld\n", waits);
#endif
}

TEST_F(StoppedDaemonTest, HundredQueuedEvents_ArePolledInOneFrame) {
  setenv("FAKE_MOSISD", "events-1000", 1);
  Game game;
  wait_ready(game);
  ASSERT_TRUE(game.wait_for_queued(1000));
  Durations durations;
  const mosis_event* event = nullptr;
  for (int frame = 0; frame < 10; ++frame) {
    durations.of("100 polls", [&] {
      int taken = 0;
      while (taken < 100 && mosis_client_poll(game.client(), &event) == 1) ++taken;
      return taken;
    });
  }
  durations.print();
}

TEST_F(StoppedDaemonTest, DaemonThatStops_MeansReconnectingAndItsReturnMeansReady) {
  Game game;
  wait_ready(game);
  kill(daemon_, SIGSTOP);
  EXPECT_EQ(game.wait_for_state(MOSIS_CLIENT_RECONNECTING).error, MOSIS_ERR_CONNECTION_LOST);
  uint64_t request = 0;
  ASSERT_EQ(mosis_message_send(game.client(), "bob", "hi", MOSIS_NUL_TERMINATED, &request), MOSIS_OK);
  kill(daemon_, SIGCONT);
  EXPECT_EQ(game.wait_for_response(request).result, MOSIS_OK);
  EXPECT_EQ(game.stats().daemons_started, 1u) << "its lock says that it lives: no second one";
}

TEST_F(StoppedDaemonTest, BlockedSocket_CostsNoProcessorTime) {
  setenv("FAKE_MOSISD", "events-500", 1);
  Game game;
  wait_ready(game);
  ASSERT_TRUE(game.wait_for_queued(500));
  ASSERT_EQ(kill(daemon_, SIGSTOP), 0);
  const std::string large(60000, 'x');
  for (int i = 0; i < 1000; ++i)
    mosis_message_send(game.client(), "bob", large.data(), static_cast<uint32_t>(large.size()), nullptr);
  game.poll_all();  // Now there is something to report as taken as well, and no room for it.
  const double before = processor_seconds();
  game.wait_for_state(MOSIS_CLIENT_RECONNECTING);
  EXPECT_LT(processor_seconds() - before, 1.0) << "of about 3 s until the daemon is taken for dead";
}

TEST_F(StoppedDaemonTest, DestroyWithAStoppedDaemon_TakesNoLongerThanItsLimit) {
  Game game([](mosis_client_options& options) { options.goodbye_timeout_ms = 300; });
  wait_ready(game);
  kill(daemon_, SIGSTOP);
  for (int i = 0; i < 1000; ++i)
    mosis_message_send(game.client(), "bob", std::string(60000, 'x').c_str(), MOSIS_NUL_TERMINATED, nullptr);
  const auto begin = SteadyClock::now();
  game.close();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - begin);
  std::printf("mosis_client_destroy with a limit of 300 ms took %lld ms\n", static_cast<long long>(took.count()));
  EXPECT_LT(took, std::chrono::seconds(2));
}

}  // namespace
