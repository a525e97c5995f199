// chatter: a scripted game. Reads one command a line from standard input, writes one JSON object a line to standard output for
// every event it polls. Test writers start it, kill it and compare its logs. Uses the C ABI alone.
//
//   chatter [--app A] [--profile P] [--server URL] [--id ID] [--name N] [--daemon PATH] [--wait] [--events BITS]
//           [--event-queue N] [--request-queue N] [--deadline MS]
//
//   say PEER TEXT            message.send; the rest of the line is the text. --deadline holds for say and sayn (default 10 s)
//   sayn PEER COUNT PREFIX   COUNT messages "PREFIX 1" … "PREFIX COUNT", at most 64 of them unanswered at a time
//   configure [SERVER|- [ID|- [NAME…|-]]]   line.configure; - or nothing leaves a setting as it was
//   close                    line.close
//   peers                    prints the peer table: {"type":"peers",…}
//   status                   daemon.status
//   statistics PEER          peers.statistics
//   trust PEER               peers.trust
//   stats                    prints mosis_client_get_stats: {"type":"stats",…}
//   state                    prints the state right now
//   pause / resume           stops and goes on polling (commands are read all the same)
//   quit                     goodbye and exit 0; the end of standard input means the same
//
// Every line has "t" (ms since the start) and "type". A request prints {"type":"request","command":…,"request":ID,"result":CODE} at
// once; its answer is {"type":"response","request":ID,"method":…,"result":CODE,…}.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "mosis/mosis.h"
#include "programs/event_lines.h"

namespace {

using namespace mosis_test;  // NOLINT: a test program

int wake_pipe[2];

void print(const JsonLine& out) {
  std::fputs(out.finish().c_str(), stdout);
  std::fflush(stdout);
}

void on_wake(void*) {
  const char token = 0;
  // Full means that a wake is waiting already.
  if (write(wake_pipe[1], &token, 1) < 0) return;
}

/** So that a series does not run into its deadlines while a daemon is started anew. */
constexpr uint32_t kMostUnanswered = 64;

/** Messages of `sayn` that are not sent yet. */
struct Series {
  std::string peer;
  std::string prefix;
  uint64_t next = 1;
  uint64_t count = 0;
};

std::string packed_text(const std::string& text) {
  const auto size = static_cast<uint32_t>(text.size());
  std::string head;
  if (size < 32) {
    head = {static_cast<char>(0xa0 | size)};
  } else if (size < 256) {
    head = {'\xd9', static_cast<char>(size)};
  } else if (size < 65536) {
    head = {'\xda', static_cast<char>(size >> 8), static_cast<char>(size)};
  } else {
    head = {'\xdb', static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
            static_cast<char>(size)};
  }
  return head + text;
}

class Chatter {
 public:
  Chatter(mosis_client* client, uint32_t deadline_ms) : client_(client), deadline_ms_(deadline_ms) {}

  void run();

 private:
  void poll_events();
  mosis_result say(const std::string& peer, const std::string& text, uint64_t* request);
  void command(const std::string& text);
  void continue_series();
  uint32_t pending() const;
  void print_request(const std::string& command, mosis_result result, uint64_t request);
  void print_peers();
  void print_stats();
  bool read_commands();

  mosis_client* client_;
  const uint32_t deadline_ms_;
  std::string input_;
  Series series_;
  bool polling_ = true;
  bool ends_ = false;
};

mosis_result Chatter::say(const std::string& peer, const std::string& text, uint64_t* request) {
  if (deadline_ms_ == 0) return mosis_message_send(client_, peer.c_str(), text.data(), static_cast<uint32_t>(text.size()), request);
  mosis_request_options options;
  mosis_request_options_init(&options);
  options.deadline_ms = deadline_ms_;
  const std::string params = "\x82\x01" + packed_text(peer) + '\x02' + packed_text(text);
  return mosis_client_request(client_, MOSIS_METHOD_MESSAGE_SEND, params.data(), static_cast<uint32_t>(params.size()), &options,
                              request);
}

void Chatter::print_request(const std::string& command, mosis_result result, uint64_t request) {
  JsonLine out = line("request");
  print(out.text("command", command).number("request", request).integer("result", result));
}

void Chatter::print_peers() {
  const mosis_peer_info* peers = nullptr;
  uint32_t count = 0;
  const mosis_result result = mosis_client_peers(client_, &peers, &count);
  JsonLine out = line("peers");
  print(out.integer("result", result).raw("peers", peer_list(peers, count)));
}

void Chatter::print_stats() {
  mosis_stats stats;
  mosis_stats_init(&stats);
  mosis_client_get_stats(client_, &stats);
  JsonLine out = line("stats");
  out.number("reconnects", stats.reconnects)
      .number("daemonsStarted", stats.daemons_started)
      .number("eventsQueued", stats.events_queued);
  out.number("eventsQueuedMax", stats.events_queued_max).number("requestsPending", stats.requests_pending);
  out.number("requestsSent", stats.requests_sent).number("responsesReceived", stats.responses_received);
  out.number("eventsReceived", stats.events_received).number("eventsHeld", stats.events_held).number("malformed", stats.malformed);
  out.number("bytesSent", stats.bytes_sent)
      .number("bytesReceived", stats.bytes_received)
      .number("roundTripUs", stats.round_trip_us);
  print(out);
}

/** "-" or nothing: leave as it is. */
const char* setting(const std::string& text) { return text.empty() || text == "-" ? nullptr : text.c_str(); }

void Chatter::command(const std::string& text) {
  std::istringstream words(text);
  std::string verb;
  std::string first;
  std::string second;
  std::string rest;
  words >> verb;
  uint64_t request = 0;
  if (verb == "say") {
    words >> first >> std::ws;
    std::getline(words, rest);
    const mosis_result result = say(first, rest, &request);
    print_request(text, result, request);
  } else if (verb == "sayn") {
    series_ = Series();
    words >> series_.peer >> series_.count >> std::ws;
    std::getline(words, series_.prefix);
  } else if (verb == "configure") {
    words >> first >> second >> std::ws;
    std::getline(words, rest);
    const mosis_result result = mosis_line_configure(client_, setting(first), setting(second), setting(rest), &request);
    print_request(text, result, request);
  } else if (verb == "close") {
    const mosis_result result = mosis_line_close(client_, &request);
    print_request(text, result, request);
  } else if (verb == "status") {
    const mosis_result result = mosis_daemon_status(client_, &request);
    print_request(text, result, request);
  } else if (verb == "statistics" || verb == "trust") {
    words >> first;
    const auto function = verb == "trust" ? mosis_peers_trust : mosis_peers_statistics;
    const mosis_result result = function(client_, first.c_str(), &request);
    print_request(text, result, request);
  } else if (verb == "peers") {
    print_peers();
  } else if (verb == "stats") {
    print_stats();
  } else if (verb == "state") {
    JsonLine out = line("stateNow");
    print(out.text("state", name_of(mosis_client_get_state(client_))));
  } else if (verb == "pause" || verb == "resume") {
    polling_ = verb == "resume";
  } else if (verb == "quit") {
    ends_ = true;
  } else if (!verb.empty()) {
    JsonLine out = line("badCommand");
    print(out.text("command", text));
  }
}

uint32_t Chatter::pending() const {
  mosis_stats stats;
  mosis_stats_init(&stats);
  mosis_client_get_stats(client_, &stats);
  return stats.requests_pending;
}

void Chatter::continue_series() {
  while (series_.next <= series_.count && pending() < kMostUnanswered) {
    const std::string text = series_.prefix + ' ' + std::to_string(series_.next);
    uint64_t request = 0;
    const mosis_result result = say(series_.peer, text, &request);
    if (result == MOSIS_ERR_QUEUE_FULL) return;
    print_request("say " + series_.peer + ' ' + text, result, request);
    if (result != MOSIS_OK) series_.count = 0;
    ++series_.next;
  }
}

void Chatter::poll_events() {
  const mosis_event* event = nullptr;
  while (polling_ && mosis_client_poll(client_, &event) == 1) print(event_line(*event));
}

/** False at the end of the input. */
bool Chatter::read_commands() {
  char buffer[4096];
  const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
  if (size <= 0) return false;
  input_.append(buffer, static_cast<size_t>(size));
  for (size_t end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
    command(input_.substr(0, end));
    input_.erase(0, end + 1);
  }
  return true;
}

void Chatter::run() {
  while (!ends_) {
    poll_events();
    continue_series();
    pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {wake_pipe[0], POLLIN, 0}};
    if (poll(waits, 2, -1) < 0) continue;
    char drain[64];
    if (waits[1].revents != 0 && read(wake_pipe[0], drain, sizeof drain) < 0) continue;
    if (waits[0].revents != 0 && !read_commands()) ends_ = true;
  }
}

int usage(const char* wrong) {
  std::fprintf(stderr, "chatter: %s is no option; see the head of test/native/programs/chatter.cc\n", wrong);
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  mosis_client_options options;
  mosis_client_options_init(&options);
  options.app = "chatter";
  options.wake = on_wake;
  std::map<std::string, const char**> texts = {{"--app", &options.app},           {"--profile", &options.profile},
                                               {"--server", &options.server},     {"--id", &options.phone_id},
                                               {"--name", &options.display_name}, {"--daemon", &options.daemon_path}};
  std::map<std::string, uint32_t*> numbers = {{"--events", &options.events},
                                              {"--event-queue", &options.event_queue_limit},
                                              {"--request-queue", &options.request_queue_limit}};
  uint32_t deadline_ms = 0;
  numbers["--deadline"] = &deadline_ms;
  for (int i = 1; i < count; ++i) {
    const std::string option = arguments[i];
    if (option == "--wait") {
      options.do_not_start_daemon = 1;
    } else if (i + 1 < count && texts.count(option) != 0) {
      *texts[option] = arguments[++i];
    } else if (i + 1 < count && numbers.count(option) != 0) {
      *numbers[option] = static_cast<uint32_t>(std::strtoul(arguments[++i], nullptr, 10));
    } else {
      return usage(option.c_str());
    }
  }
  if (pipe(wake_pipe) != 0) return 1;
  mosis_client* client = nullptr;
  const mosis_result result = mosis_client_create(&options, &client);
  if (result != MOSIS_OK) {
    JsonLine out = line("refused");
    print(out.integer("result", result).text("text", mosis_result_text(result)));
    return 1;
  }
  Chatter(client, deadline_ms).run();
  mosis_client_destroy(client);
  return 0;
}
