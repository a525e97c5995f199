#include "api/options.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "protocol/text.h"

namespace mosis {
namespace {

constexpr uint32_t kDefaultRequestLimit = 1024;
constexpr uint32_t kDefaultGoodbyeLimitMs = 200;
/** Of any text, so that one without its NUL is refused and not run after. Those that go to the daemon have limits in the schema. */
constexpr size_t kMaxTextBytes = 4096;

/** NULL is allowed and stays empty. */
bool take(const char* given, std::string& text) {
  if (given == nullptr) return true;
  const size_t size = strnlen(given, kMaxTextBytes + 1);
  if (size > kMaxTextBytes || !protocol::is_text(given, size)) return false;
  text.assign(given, size);
  return true;
}

bool take(const char* given, std::optional<std::string>& text) {
  if (given == nullptr) return true;
  return take(given, text.emplace());
}

void use_default(uint32_t& value, uint32_t standard) {
  if (value == 0) value = standard;
}

}  // namespace

bool read_options(const mosis_client_options* options, mosis_client_options& given) {
  if (options == nullptr || options->struct_size < offsetof(mosis_client_options, app) + sizeof options->app) return false;
  std::memcpy(&given, options, std::min<size_t>(options->struct_size, sizeof given));
  return true;
}

bool check_options(mosis_client_options& given, LinkSettings& settings) {
  use_default(given.events, MOSIS_EVENTS_ALL);
  use_default(given.event_queue_limit, protocol::kMaxQueuedEvents);
  use_default(given.request_queue_limit, kDefaultRequestLimit);
  use_default(given.goodbye_timeout_ms, kDefaultGoodbyeLimitMs);

  SessionSettings& session = settings.session;
  session.events = given.events;
  bool good = take(given.app, session.app) && !session.app.empty();
  good = good && take(given.app_version, session.app_version) && take(given.engine, session.engine);
  good = good && take(given.server, session.line.server) && take(given.phone_id, session.line.phone_id);
  good = good && take(given.display_name, session.line.display_name);
  if (!good || Session(session).hello("").empty()) return false;

  Environment environment = Environment::capture();
  std::string profile;
  std::string daemon_path;
  if (!take(given.profile, profile) || !take(given.daemon_path, daemon_path)) return false;
  if (profile.empty()) profile = environment.get("MOSIS_PROFILE");
  if (profile.empty()) profile = "default";
  if (!profile_is_valid(profile)) return false;

  settings.finder = FinderSettings{std::move(environment), profile, daemon_path, {}, given.do_not_start_daemon == 0};
  settings.goodbye_limit = std::chrono::milliseconds(given.goodbye_timeout_ms);
  return true;
}

}  // namespace mosis
