// A program that a test starts: lines go in and come out, and it is gone, by its pid, when the test ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace mosis_test {

class Child {
 public:
  using Limit = std::chrono::milliseconds;
  static constexpr Limit kLimit{30000};

  /** `command[0]` is a path; the environment is this process's. */
  explicit Child(std::vector<std::string> command);
  /** kill -9 unless it has ended. */
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void write_line(const std::string& line);
  /** The next line of standard output that contains `part`; empty at its end or after the limit. */
  std::string wait_for_line(const std::string& part, Limit limit = kLimit);
  void send_signal(int number);
  /** Exit code, or 128 + signal; -1 after the limit. */
  int wait_for_end(Limit limit = kLimit);
  /** Everything read so far, standard error included. */
  const std::string& output() const { return output_; }

 private:
  bool read_more(std::chrono::steady_clock::time_point until);

  pid_t pid_ = -1;
  bool ended_ = false;
  int input_ = -1;
  int result_ = -1;
  std::string output_;
  size_t looked_at_ = 0;
};

/** Value of "name":value in a JSON line; for numbers and for strings without escapes. */
std::string field_of(const std::string& line, const std::string& name);

}  // namespace mosis_test
