// Bodies of mosis::Client; include client.hpp.
#ifndef MOSIS_CLIENT_IMPL_HPP
#define MOSIS_CLIENT_IMPL_HPP

#include "client.hpp"

namespace mosis {
namespace detail {

/** An id or a setting for C: NUL-terminated, and an inner NUL is refused rather than cut off. */
class CText {
 public:
  explicit CText(std::optional<std::string_view> text) : present_(text.has_value()), text_(text.value_or(std::string_view())) {}
  bool valid() const noexcept { return text_.find('\0') == std::string::npos; }
  const char* get() const noexcept { return present_ ? text_.c_str() : nullptr; }

 private:
  bool present_;
  std::string text_;
};

inline const char* TextOrNull(const std::string& text) noexcept { return text.empty() ? nullptr : text.c_str(); }

inline bool HasInnerNul(const ClientOptions& options) noexcept {
  for (const std::string* text : {&options.app, &options.app_version, &options.engine, &options.profile, &options.daemon_path,
                                  &options.server, &options.phone_id, &options.display_name}) {
    if (text->find('\0') != std::string::npos) return true;
  }
  return false;
}

/** Why the library took no request. */
inline Error Refusal(mosis_result result) {
  if (result != MOSIS_ERR_SHUTTING_DOWN) return ErrorOf(result);
  return Error{result, "The phone has failed; another error says why. Only a new client tries again."};
}

/** Marks a stretch of code as running, also when a callback throws through it. */
class Running {
 public:
  explicit Running(bool& flag) noexcept : flag_(flag) { flag_ = true; }
  ~Running() { flag_ = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  bool& flag_;
};

}  // namespace detail

inline Result<std::unique_ptr<Client>> Client::Create(const ClientOptions& options) {
  if (mosis_abi_version() >> 16 != MOSIS_ABI_VERSION_MAJOR) {
    return Error{MOSIS_ERR_INVALID_ARGUMENT, "The mosis library that was loaded has interface version " +
                                                 std::to_string(mosis_abi_version() >> 16) + ", this game was built for " +
                                                 std::to_string(MOSIS_ABI_VERSION_MAJOR) +
                                                 ": put the matching one beside the game."};
  }
  if (detail::HasInnerNul(options)) return ErrorOf(MOSIS_ERR_INVALID_ARGUMENT);

  std::unique_ptr<Client> client(new Client(options.wake));
  mosis_client_options c;
  mosis_client_options_init(&c);
  c.app = options.app.c_str();
  c.app_version = detail::TextOrNull(options.app_version);
  c.engine = detail::TextOrNull(options.engine);
  c.profile = detail::TextOrNull(options.profile);
  c.daemon_path = detail::TextOrNull(options.daemon_path);
  c.do_not_start_daemon = options.start_daemon ? 0 : 1;
  c.events = options.events;
  c.server = detail::TextOrNull(options.server);
  c.phone_id = detail::TextOrNull(options.phone_id);
  c.display_name = detail::TextOrNull(options.display_name);
  c.event_queue_limit = options.event_queue_limit;
  c.request_queue_limit = options.request_queue_limit;
  c.goodbye_timeout_ms = options.goodbye_timeout_ms;
  if (options.wake) {
    c.wake = &Client::Wake;
    c.wake_user = client.get();
  }
  const mosis_result result = mosis_client_create(&c, &client->client_);
  if (result != MOSIS_OK) return ErrorOf(result);
  return Result<std::unique_ptr<Client>>(std::move(client));
}

template <typename Handler, typename>
size_t Client::Poll(Handler&& handler, size_t limit) {
  if (polling_) return 0;  // a second poll would free the event that the callback is looking at
  const detail::Running running(polling_);
  size_t handled = 0;
  const mosis_event* event = nullptr;
  while (handled < limit && mosis_client_poll(client_, &event) == 1) {
    ++handled;
    Dispatch(*event);
    handler(*event);
  }
  return handled;
}

inline void Client::Dispatch(const mosis_event& event) {
  switch (event.type) {
    case MOSIS_EVENT_RESPONSE:
      RunAnswer(event);
      break;
    case MOSIS_EVENT_CLIENT_STATE:
      on_state_(StateChange(*static_cast<const mosis_client_state_event*>(event.data)));
      break;
    case MOSIS_EVENT_SNAPSHOT:
      on_line_(Line(static_cast<const mosis_snapshot*>(event.data)->line));
      on_peers_reset_();
      break;
    case MOSIS_EVENT_LINE_CHANGED:
      on_line_(Line(static_cast<const mosis_line_changed*>(event.data)->line));
      break;
    case MOSIS_EVENT_PEER_CHANGED:
      on_peer_(Peer(static_cast<const mosis_peer_changed*>(event.data)->peer));
      break;
    case MOSIS_EVENT_PEER_IDENTITY_CHANGED:
      on_identity_(IdentityChange(*static_cast<const mosis_peer_identity_changed*>(event.data)));
      break;
    case MOSIS_EVENT_MESSAGE_RECEIVED:
      on_message_(Message(*static_cast<const mosis_message_received*>(event.data)));
      break;
    case MOSIS_EVENT_MESSAGE_CHANGED:
      on_message_change_(MessageChange(*static_cast<const mosis_message_changed*>(event.data)));
      break;
    default:
      break;  // a newer library has more; Poll's handler sees them
  }
}

inline void Client::RunAnswer(const mosis_event& event) {
  Answer answer;
  {
    const std::lock_guard<std::mutex> lock(answers_mutex_);
    const auto found = answers_.find(event.request_id);
    if (found == answers_.end()) return;
    answer = std::move(found->second);
    answers_.erase(found);
  }
  answer(event);
}

template <typename T, typename Read>
Client::Answer Client::AnswerOf(Completion<T> done, Read read) {
  if (!done) return {};
  return [done = std::move(done), read](const mosis_event& event) {
    if (event.result < 0) {
      done(Error{event.result, std::string(View(event.text))});
    } else {
      done(read(event.data));
    }
  };
}

template <typename Call>
Result<RequestId> Client::Request(Answer answer, Call call) {
  RequestId request_id = 0;
  if (!answer) {
    const mosis_result result = call(&request_id);
    return result == MOSIS_OK ? Result<RequestId>(request_id) : detail::Refusal(result);
  }
  const std::lock_guard<std::mutex> lock(answers_mutex_);
  const mosis_result result = call(&request_id);
  if (result != MOSIS_OK) return detail::Refusal(result);
  answers_.emplace(request_id, std::move(answer));
  return request_id;
}

inline Result<RequestId> Client::ConfigureLine(const LineSettings& settings, Completion<Line> done) {
  const detail::CText server(settings.server), phone_id(settings.phone_id), display_name(settings.display_name);
  if (!server.valid() || !phone_id.valid() || !display_name.valid()) return ErrorOf(MOSIS_ERR_INVALID_ARGUMENT);
  return Request(
      AnswerOf<Line>(std::move(done),
                     [](const void* data) { return Line(static_cast<const mosis_line_configure_result*>(data)->line); }),
      [&](RequestId* id) { return mosis_line_configure(client_, server.get(), phone_id.get(), display_name.get(), id); });
}

inline Result<RequestId> Client::CloseLine(Completion<Line> done) {
  return Request(AnswerOf<Line>(std::move(done),
                                [](const void* data) { return Line(static_cast<const mosis_line_close_result*>(data)->line); }),
                 [&](RequestId* id) { return mosis_line_close(client_, id); });
}

inline Result<RequestId> Client::SendMessage(std::string_view peer_id, std::string_view text, Completion<uint64_t> done) {
  const detail::CText peer(peer_id);
  if (!peer.valid()) return ErrorOf(MOSIS_ERR_INVALID_ARGUMENT);
  if (text.size() >= MOSIS_NUL_TERMINATED) return ErrorOf(MOSIS_ERR_TOO_LARGE);
  return Request(
      AnswerOf<uint64_t>(std::move(done),
                         [](const void* data) { return static_cast<const mosis_message_send_result*>(data)->message_id; }),
      [&](RequestId* id) { return mosis_message_send(client_, peer.get(), text.data(), static_cast<uint32_t>(text.size()), id); });
}

inline Result<RequestId> Client::Statistics(std::string_view peer_id, Completion<PeerStatistics> done) {
  const detail::CText peer(peer_id);
  if (!peer.valid()) return ErrorOf(MOSIS_ERR_INVALID_ARGUMENT);
  return Request(AnswerOf<PeerStatistics>(
                     std::move(done),
                     [](const void* data) { return PeerStatistics(*static_cast<const mosis_peers_statistics_result*>(data)); }),
                 [&](RequestId* id) { return mosis_peers_statistics(client_, peer.get(), id); });
}

inline Result<RequestId> Client::Trust(std::string_view peer_id, Completion<Done> done) {
  const detail::CText peer(peer_id);
  if (!peer.valid()) return ErrorOf(MOSIS_ERR_INVALID_ARGUMENT);
  return Request(AnswerOf<Done>(std::move(done), [](const void*) { return Done{}; }),
                 [&](RequestId* id) { return mosis_peers_trust(client_, peer.get(), id); });
}

inline Result<RequestId> Client::DaemonStatus(Completion<const mosis_daemon_status_result*> done) {
  return Request(AnswerOf<const mosis_daemon_status_result*>(
                     std::move(done), [](const void* data) { return static_cast<const mosis_daemon_status_result*>(data); }),
                 [&](RequestId* id) { return mosis_daemon_status(client_, id); });
}

inline std::vector<Peer> Client::Peers() const {
  const mosis_peer_info* infos = nullptr;
  uint32_t count = 0;
  std::vector<Peer> peers;
  if (mosis_client_peers(client_, &infos, &count) != MOSIS_OK) return peers;
  peers.reserve(count);
  for (uint32_t i = 0; i < count; ++i) peers.emplace_back(infos[i]);
  return peers;
}

inline mosis_stats Client::Statistics() const noexcept {
  mosis_stats stats;
  mosis_stats_init(&stats);
  mosis_client_get_stats(client_, &stats);
  return stats;
}

}  // namespace mosis
#endif
