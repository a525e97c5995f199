// mosis::Client — mosis.h as a C++17 class. Header-only, no exceptions and no RTTI needed.
//
//     mosis::ClientOptions options;
//     options.app = "my-game";
//     auto created = mosis::Client::Create(options);
//     if (!created) return Show(created.error().text);
//     mosis::Client& phone = **created;
//     phone.OnMessage([](const mosis::Message& m) { Show(m.peer_id, m.text); });
//     phone.ConfigureLine({"wss://signal.mosis.dev", "user_12345", "John's Phone"});
//     phone.SendMessage("phone_456", "Hello!");
//     while (running) phone.Poll();  // once per game frame; all callbacks run in here
//
// Threads: as in mosis.h. Poll, Peers and the On… setters belong to one thread (the game's); everything else may be called from
// any.
#ifndef MOSIS_CLIENT_HPP
#define MOSIS_CLIENT_HPP

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <mosis/mosis.h>
#include "callback.hpp"
#include "result.hpp"
#include "types.hpp"

namespace mosis {

/** See mosis_client_options for each field; empty and 0 mean the default. */
struct ClientOptions {
  /** Which game this is, 1–128 bytes. Required. */
  std::string app;
  std::string app_version;
  std::string engine;
  std::string profile;
  std::string daemon_path;
  /** False: wait for a daemon that somebody else starts. */
  bool start_daemon = true;
  /** MOSIS_EVENTS_* bits. */
  uint32_t events = 0;
  std::string server;
  std::string phone_id;
  std::string display_name;
  uint32_t event_queue_limit = 0;
  uint32_t request_queue_limit = 0;
  uint32_t goodbye_timeout_ms = 0;
  /** Comes on the library's I/O thread when events begin to wait. May only signal: no call into this class, no exception. */
  std::function<void()> wake;
};

/** What selects a line; what is left out stays as it was. */
struct LineSettings {
  std::optional<std::string_view> server;
  std::optional<std::string_view> phone_id;
  std::optional<std::string_view> display_name;
};

/** Names a request; its completion carries the answer. */
using RequestId = uint64_t;

/**
 * Runs once, inside Poll, when the answer is there: also after a lost link or a passed deadline, then with an Error. Dropped
 * without running when the client is destroyed before. Views in the result are valid until it returns.
 */
template <typename T>
using Completion = std::function<void(Result<T>)>;

class Client {
 public:
  /**
   * Makes a client; finding or starting the daemon goes on in the background and ends in OnStateChanged.
   * Error: MOSIS_ERR_INVALID_ARGUMENT for a missing app, a bad profile, overlong or non-UTF-8 strings, a library of another major
   * version.
   */
  [[nodiscard]] static Result<std::unique_ptr<Client>> Create(const ClientOptions& options);

  /** Says goodbye to the daemon: waits at most goodbye_timeout_ms. Not from inside a callback of this client. */
  ~Client() { mosis_client_destroy(client_); }

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /** The state right now, which Poll may not have reported yet. */
  ClientState State() const noexcept { return mosis_client_get_state(client_); }

  /** Handles at most `limit` waiting events and returns how many: runs the callbacks below. Returns 0 when called from a callback.
   */
  size_t Poll(size_t limit = std::numeric_limits<size_t>::max()) {
    return Poll([](const mosis_event&) {}, limit);
  }

  /** The same, and `handler(const mosis_event&)` sees each event after its callback: for logs, and for types without a callback. */
  template <typename Handler, typename = std::enable_if_t<std::is_invocable_v<Handler&, const mosis_event&>>>
  size_t Poll(Handler&& handler, size_t limit = std::numeric_limits<size_t>::max());

  /** @name Callbacks. One each; an empty function takes it off. May be set from inside a callback. @{ */
  void OnStateChanged(std::function<void(const StateChange&)> function) { on_state_.Set(std::move(function)); }
  /** Also after each READY, with the line as it is then. */
  void OnLineChanged(std::function<void(const Line&)> function) { on_line_.Set(std::move(function)); }
  /** After each READY: Peers() now holds those who are online; OnPeerChanged does not come for them. */
  void OnPeersReset(std::function<void()> function) { on_peers_reset_.Set(std::move(function)); }
  /** A peer came, went or changed its name. */
  void OnPeerChanged(std::function<void(const Peer&)> function) { on_peer_.Set(std::move(function)); }
  void OnIdentityChanged(std::function<void(const IdentityChange&)> function) { on_identity_.Set(std::move(function)); }
  /** Each text exactly once; also those that arrived while no game ran. */
  void OnMessage(std::function<void(const Message&)> function) { on_message_.Set(std::move(function)); }
  void OnMessageChanged(std::function<void(const MessageChange&)> function) { on_message_change_.Set(std::move(function)); }
  /** @} */

  /** @name Requests. An Error here means that nothing was sent and that no completion comes. @{ */
  Result<RequestId> ConfigureLine(const LineSettings& settings, Completion<Line> done = {});
  Result<RequestId> CloseLine(Completion<Line> done = {});
  /** The completion's value is the message id, once the text is on disk; what becomes of it comes to OnMessageChanged. */
  Result<RequestId> SendMessage(std::string_view peer_id, std::string_view text, Completion<uint64_t> done = {});
  Result<RequestId> Statistics(std::string_view peer_id, Completion<PeerStatistics> done);
  Result<RequestId> Trust(std::string_view peer_id, Completion<Done> done = {});
  Result<RequestId> DaemonStatus(Completion<const mosis_daemon_status_result*> done);
  /** @} */

  /** Those online, as of the last Poll. The views are valid until the next Poll. */
  std::vector<Peer> Peers() const;

  /** Counters of the link; any thread. */
  mosis_stats Statistics() const noexcept;

  /** For functions of mosis.h that this class does not offer. */
  mosis_client* get() const noexcept { return client_; }

 private:
  using Answer = std::function<void(const mosis_event&)>;

  explicit Client(std::function<void()> wake) : wake_(std::move(wake)) {}

  static void Wake(void* user) { static_cast<Client*>(user)->wake_(); }
  template <typename T, typename Read>
  static Answer AnswerOf(Completion<T> done, Read read);
  template <typename Call>
  Result<RequestId> Request(Answer answer, Call call);
  void Dispatch(const mosis_event& event);
  void RunAnswer(const mosis_event& event);

  mosis_client* client_ = nullptr;
  std::function<void()> wake_;
  bool polling_ = false;

  Callback<const StateChange&> on_state_;
  Callback<const Line&> on_line_;
  Callback<> on_peers_reset_;
  Callback<const Peer&> on_peer_;
  Callback<const IdentityChange&> on_identity_;
  Callback<const Message&> on_message_;
  Callback<const MessageChange&> on_message_change_;

  // Held over the C call and the insertion: else the poll thread could see the answer before its completion is known.
  std::mutex answers_mutex_;
  std::unordered_map<RequestId, Answer> answers_;
};

}  // namespace mosis

#include "client_impl.hpp"
#endif
