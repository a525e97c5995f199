// What a player types.
#ifndef MOSIS_SAMPLE_TYPED_HPP
#define MOSIS_SAMPLE_TYPED_HPP

#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/** Lines of stdin, read by a thread: a game loop must not wait for a player. */
class Typed {
 public:
  void Start(const std::shared_ptr<Typed>& self) {
    std::thread([self] {
      for (std::string line; std::getline(std::cin, line);) self->Add(line);
      self->Add("quit");
    }).detach();
  }
  std::vector<std::string> Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  void Add(const std::string& line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    lines_.push_back(line);
  }
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

#endif
