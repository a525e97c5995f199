// A fake daemon inside the test process, in folders of the test's own; a game finds it as it would find a real one.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>

#include "support/fake_daemon.h"
#include "support/game.h"
#include "support/temp_folder.h"

namespace mosis_test {

namespace wire = mosis::protocol;

class LinkFixture : public testing::Test {
 protected:
  FakeDaemon& start_daemon(bool curve = false) {
    FakeDaemonSettings settings;
    settings.runtime = folders_.runtime();
    settings.curve = curve;
    daemon_ = std::make_unique<FakeDaemon>(settings);
    return *daemon_;
  }
  FakeDaemon& daemon() { return *daemon_; }
  const MosisFolders& folders() const { return folders_; }

  /** As kill -9 and a new start. Under spawn.lock, as every start, so that the game does not try to start one meanwhile. */
  void restart_daemon(const std::function<void(FakeDaemon&)>& change = nullptr) {
    mosis::FileLock spawn;
    while (spawn.try_take(folders_.runtime() + "/spawn.lock") != mosis::FileLock::Taken::yes) {
    }
    daemon_->die();
    start_daemon();
    if (change) change(*daemon_);
  }
  /** Dead until the next start_daemon(): the game waits for spawn.lock. */
  void kill_daemon() {
    while (spawn_.try_take(folders_.runtime() + "/spawn.lock") != mosis::FileLock::Taken::yes) {
    }
    daemon_->die();
  }
  void let_games_search() { spawn_.release(); }

  static std::string session_key(const Heard& hello) {
    const auto body = body_of<wire::Hello>(hello);
    return std::string(reinterpret_cast<const char*>(body.session_key.data), body.session_key.size);
  }

 private:
  MosisFolders folders_;
  mosis::FileLock spawn_;
  std::unique_ptr<FakeDaemon> daemon_;
};

}  // namespace mosis_test
