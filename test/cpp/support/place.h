// A place of its own on this machine for tests with the real daemon: folders, a signalling server, and an end to all that was started.
#ifndef MOSIS_TEST_PLACE_H
#define MOSIS_TEST_PLACE_H

#include <chrono>
#include <string>
#include <vector>

/** A signalling server of this tree, on a free port of 127.0.0.1; stopped by the destructor. */
class SignallingServer {
 public:
  SignallingServer();
  ~SignallingServer();
  SignallingServer(const SignallingServer&) = delete;
  SignallingServer& operator=(const SignallingServer&) = delete;
  /** ws://127.0.0.1:PORT */
  const std::string& url() const { return url_; }

 private:
  int pid_ = 0;
  std::string url_;
};

/** Fresh runtime and data folders in the environment of this process; the destructor stops the daemons in them and removes them. */
class Place {
 public:
  Place();
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /** Process of the profile's daemon, as its endpoint file says; 0 when there is none. */
  int DaemonOf(const std::string& profile) const;
  /** kill -9, and waits until it is gone. */
  void KillDaemonOf(const std::string& profile) const;
  /** What the profile's daemon wrote to its log: for the text of a failed test. */
  std::string LogOf(const std::string& profile) const;

  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

/** What this tree lacks to run the daemon, or empty. */
std::string WhatIsMissing();

#endif
