#include "support/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace mosis_test {

using SteadyClock = std::chrono::steady_clock;

Child::Child(std::vector<std::string> command) {
  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  if (pid_ < 0) throw std::runtime_error("no process");
  input_ = in[1];
  result_ = out[0];
}

Child::~Child() {
  if (!ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(input_);
  close(result_);
}

void Child::write_line(const std::string& line) {
  const std::string whole = line + '\n';
  if (write(input_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
    throw std::runtime_error("the child reads no more");
}

bool Child::read_more(SteadyClock::time_point until) {
  const auto left = std::chrono::duration_cast<Limit>(until - SteadyClock::now()).count();
  pollfd wait{result_, POLLIN, 0};
  if (left <= 0 || poll(&wait, 1, static_cast<int>(left)) <= 0) return false;
  char buffer[4096];
  const ssize_t size = read(result_, buffer, sizeof buffer);
  if (size > 0) output_.append(buffer, static_cast<size_t>(size));
  return size > 0;
}

std::string Child::wait_for_line(const std::string& part, Limit limit) {
  const auto until = SteadyClock::now() + limit;
  while (true) {
    for (size_t end = output_.find('\n', looked_at_); end != std::string::npos; end = output_.find('\n', looked_at_)) {
      const std::string line = output_.substr(looked_at_, end - looked_at_);
      looked_at_ = end + 1;
      if (line.find(part) != std::string::npos) return line;
    }
    if (!read_more(until)) return {};
  }
}

void Child::send_signal(int number) { kill(pid_, number); }

int Child::wait_for_end(Limit limit) {
  // The end of its output is the end of the child, or near it.
  const auto until = SteadyClock::now() + limit;
  while (read_more(until)) {
  }
  if (SteadyClock::now() >= until) return -1;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  ended_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string field_of(const std::string& line, const std::string& name) {
  const std::string key = '"' + name + "\":";
  const size_t at = line.find(key);
  if (at == std::string::npos) return {};
  const size_t begin = at + key.size();
  if (line[begin] == '"') return line.substr(begin + 1, line.find('"', begin + 1) - begin - 1);
  return line.substr(begin, line.find_first_of(",}", begin) - begin);
}

}  // namespace mosis_test
