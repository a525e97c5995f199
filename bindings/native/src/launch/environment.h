// The game's environment as it was when the client was made: the I/O thread must not read `environ` while the game may change it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mosis {

class Environment {
 public:
  /** Copies the environment and the working folder of this process. */
  static Environment capture();
  Environment() = default;
  Environment(std::vector<std::string> entries, std::string working_folder)
      : entries_(std::move(entries)), working_folder_(std::move(working_folder)) {}

  /** Empty when unset: no variable of ours means something else by being empty. */
  std::string get(std::string_view name) const;
  void set(std::string_view name, std::string_view value);
  /** `path` as seen from the game's working folder. */
  std::string absolute(const std::string& path) const;
  /** NAME=value, as execve wants them. */
  const std::vector<std::string>& entries() const { return entries_; }

 private:
  std::vector<std::string> entries_;
  std::string working_folder_ = "/";
};

}  // namespace mosis
