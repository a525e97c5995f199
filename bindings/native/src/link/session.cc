#include "link/session.h"

#include <unistd.h>

#include <cerrno>

#include "protocol/envelope.h"

#if defined(__linux__)
#include <sys/random.h>
#else
#include <cstdlib>
#endif

namespace mosis {
namespace {

/** More than a profile holds. */
constexpr size_t kMostLines = 64;

mosis_string view(const std::string& text) { return {text.data(), static_cast<uint32_t>(text.size())}; }
mosis_string left_out_when_empty(const std::string& text) { return text.empty() ? mosis_string{nullptr, 0} : view(text); }
mosis_string view(const std::optional<std::string>& text) { return text ? view(*text) : mosis_string{nullptr, 0}; }

void take(std::optional<std::string>& setting, const mosis_string& change) {
  if (change.data != nullptr) setting.emplace(change.data, change.size);
}

bool read_configure(const std::string& params, protocol::Arena& arena, mosis_line_configure_params& out) {
  protocol::Reader reader(params.data(), params.size());
  return protocol::read(reader, arena, out);
}

}  // namespace

bool random_bytes(void* out, size_t size) {
#if defined(__linux__)
  ssize_t got = 0;
  do got = getrandom(out, size, 0);
  while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(size);
#else
  arc4random_buf(out, size);
  return true;
#endif
}

void LineSettings::merge(const mosis_line_configure_params& change) {
  take(server, change.server);
  take(phone_id, change.phone_id);
  take(display_name, change.display_name);
}

Session::Session(SessionSettings settings) : settings_(std::move(settings)), line_(settings_.line) {
  random_bytes(key_.data(), key_.size());
}

std::string Session::hello(const std::string& token) {
  protocol::Hello hello{};
  hello.protocol_min = MOSIS_PROTOCOL_MIN;
  hello.protocol_max = MOSIS_PROTOCOL_MAX;
  hello.token = view(token);
  hello.session_key = {key_.data(), static_cast<uint32_t>(key_.size())};
  hello.app = view(settings_.app);
  hello.app_version = left_out_when_empty(settings_.app_version);
  hello.engine = left_out_when_empty(settings_.engine);
  hello.pid = static_cast<uint32_t>(getpid());
  hello.events = settings_.events;
  hello.since = newest_seen_[line_id_];
  hello.has_since = hello.since > 0;
  hello.has_line = !line_.empty() && !line_closed_;
  hello.line = {view(line_.server), view(line_.phone_id), view(line_.display_name)};
  daemon_knows_line_ = hello.has_line;

  std::string message;
  protocol::Writer writer(message);
  return protocol::write_link(writer, hello) ? message : std::string();
}

void Session::identified(const protocol::Identified& identified) {
  line_id_ = identified.snapshot.line.line_id;
  // Not resumed: what we had seen is too old, or of another database, whose numbers begin anew on every line. What the daemon has
  // left follows, from before the snapshot on.
  if (!identified.resumed || newest_seen_.size() > kMostLines) newest_seen_.clear();
}

bool Session::note_event(uint64_t sequence) {
  uint64_t& newest = newest_seen_[line_id_];
  if (sequence <= newest) return false;
  newest = sequence;
  return true;
}

std::string Session::params_for(const Request& request) const {
  if (request.method != MOSIS_METHOD_LINE_CONFIGURE || daemon_knows_line_ || line_.empty()) return request.params;
  protocol::Arena arena;
  mosis_line_configure_params change{};
  if (!read_configure(request.params, arena, change)) return request.params;
  LineSettings whole = line_;
  whole.merge(change);
  std::string params;
  protocol::Writer writer(params);
  protocol::write(writer, mosis_line_configure_params{view(whole.server), view(whole.phone_id), view(whole.display_name)});
  return params;
}

void Session::succeeded(const Request& request) {
  if (request.method == MOSIS_METHOD_LINE_CLOSE) line_closed_ = true;
  if (request.method != MOSIS_METHOD_LINE_CONFIGURE) return;
  protocol::Arena arena;
  mosis_line_configure_params change{};
  if (read_configure(request.params, arena, change)) line_.merge(change);
  line_closed_ = false;
  daemon_knows_line_ = true;
}

}  // namespace mosis
