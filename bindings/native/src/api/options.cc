#include "api/options.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "protocol/text.h"

namespace mosis {
namespace {

constexpr uint32_t kDefaultRequestLimit = 1024;
constexpr uint32_t kDefaultGoodbyeLimitMs = 200;
constexpr size_t kMaxAppBytes = 128;
constexpr size_t kMaxVersionBytes = 64;
constexpr size_t kMaxServerBytes = 1024;
constexpr size_t kMaxPhoneIdBytes = 128;
constexpr size_t kMaxDisplayNameBytes = 256;
constexpr size_t kMaxPathBytes = 4096;

/** NULL is allowed and stays empty. */
bool take(const char* given, size_t max_bytes, std::string& text) {
  if (given == nullptr) return true;
  const size_t size = strnlen(given, max_bytes + 1);
  if (size > max_bytes || !protocol::is_text(given, size)) return false;
  text.assign(given, size);
  return true;
}

bool take(const char* given, size_t max_bytes, std::optional<std::string>& text) {
  if (given == nullptr) return true;
  return take(given, max_bytes, text.emplace());
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
  bool good = take(given.app, kMaxAppBytes, session.app) && !session.app.empty();
  good = good && take(given.app_version, kMaxVersionBytes, session.app_version);
  good = good && take(given.engine, kMaxVersionBytes, session.engine);
  good = good && take(given.server, kMaxServerBytes, session.line.server);
  good = good && take(given.phone_id, kMaxPhoneIdBytes, session.line.phone_id);
  good = good && take(given.display_name, kMaxDisplayNameBytes, session.line.display_name);
  if (!good) return false;

  Environment environment = Environment::capture();
  std::string profile;
  std::string daemon_path;
  // One more than allowed, so that a name that is too long is refused and not cut.
  if (!take(given.profile, 33, profile) || !take(given.daemon_path, kMaxPathBytes, daemon_path)) return false;
  if (profile.empty()) profile = environment.get("MOSIS_PROFILE");
  if (profile.empty()) profile = "default";
  if (!profile_is_valid(profile)) return false;

  settings.finder = FinderSettings{std::move(environment), profile, daemon_path, {}, given.do_not_start_daemon == 0};
  settings.goodbye_limit = std::chrono::milliseconds(given.goodbye_timeout_ms);
  return true;
}

}  // namespace mosis
