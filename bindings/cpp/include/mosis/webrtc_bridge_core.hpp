// What stands behind mosis::WebRTCBridge: its state, and the thread that dispatches; include webrtc_bridge.h.
#ifndef MOSIS_WEBRTC_BRIDGE_CORE_HPP
#define MOSIS_WEBRTC_BRIDGE_CORE_HPP

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "callback.hpp"
#include "client.hpp"
#include "names.hpp"
#include "webrtc_bridge.h"

namespace mosis {
namespace detail {

/** Runs a callback of the game and says what it threw, where exceptions exist. */
template <typename Function>
std::optional<std::string> Thrown(Function function) {
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  try {
    function();
  } catch (const std::exception& thrown) {
    return std::string(thrown.what());
  } catch (...) {
    return std::string("not a std::exception");
  }
#else
  function();
#endif
  return std::nullopt;
}

}  // namespace detail

/**
 * What the methods (any thread) and the dispatching thread share. Kept alive by the bridge and by whoever dispatches, so that a
 * callback may destroy the bridge: the core goes when the dispatching thread leaves it.
 */
class WebRTCBridge::Core {
 public:
  explicit Core(BridgeOptions options) : dispatch_(options.dispatch) {
    on_error_.Set(std::move(options.error_callback));
    ClientOptions client_options;
    client_options.app = std::move(options.app);
    client_options.profile = std::move(options.profile);
    client_options.daemon_path = std::move(options.daemon_path);
    if (dispatch_ == BridgeDispatch::kOwnThread) client_options.wake = [this] { Signal(); };
    auto created = Client::Create(client_options);
    if (!created) {
      Report(created.error(), "CreateWebRTCBridge");
      return;
    }
    client_ = std::move(created.value());
    client_->OnStateChanged([this](const StateChange& change) { StateChanged(change); });
    client_->OnLineChanged([this](const Line& line) { LineChanged(line); });
    client_->OnPeersReset([this] { PeersReset(); });
    client_->OnPeerChanged([this](const Peer& peer) { PeerChanged(peer); });
    client_->OnIdentityChanged([this](const IdentityChange& change) { IdentityChanged(change); });
    client_->OnMessage([this](const Message& message) { MessageReceived(message); });
    client_->OnMessageChanged([this](const MessageChange& change) { MessageChanged(change); });
  }

  // ------------------------------------------------------------------------------------------------------------- any thread

  void Configure(const LineSettings& settings, const char* operation) {
    RequestLine(operation, [&](Completion<Line> done) { return client_->ConfigureLine(settings, std::move(done)); });
  }

  void Close() {
    RequestLine("Disconnect", [&](Completion<Line> done) { return client_->CloseLine(std::move(done)); });
  }

  void Send(const std::string& to, const std::string& text) {
    if (!client_) return Report(NoClient(), "SendMessage", to);
    const auto sent = client_->SendMessage(to, text, [this, to](const Result<uint64_t>& accepted) {
      if (!accepted) Report(accepted.error(), "SendMessage", to);
    });
    if (!sent) Report(sent.error(), "SendMessage", to);
  }

  void Report(Error error, const char* operation, std::string peer_id = {}) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (errors_.size() < kErrorsWaiting) {
        errors_.push_back({error.code, std::move(error.text), operation, std::move(peer_id)});
      } else {
        ++errors_dropped_;
      }
    }
    Signal();
  }

  void NotSupported(const char* operation, const char* what, std::string peer_id = {}) {
    const std::string text = std::string(operation) + " did nothing: " + what + " come with a later version of Mosis Bridge.";
    Report({MOSIS_ERR_NOT_SUPPORTED, text}, operation, std::move(peer_id));
  }

  bool Online() const noexcept { return online_ && line_requests_ == 0; }

  /** Returns false when there is nothing to leave. */
  bool Leave() { return connect_wanted_.exchange(false); }
  void Join() { connect_wanted_ = true; }

  std::vector<PeerInfo> Peers() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return peers_;
  }

  std::string PhoneId() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return phone_id_;
  }

  void SetPhoneId(const std::string& phone_id) {
    const std::lock_guard<std::mutex> lock(mutex_);
    phone_id_ = phone_id;
  }

  void SetMessageCallback(MessageCallback callback) {
    {
      const std::lock_guard<std::recursive_mutex> lock(callbacks_mutex_);
      on_message_.Set(std::move(callback));
    }
    Signal();  // messages may be waiting for it
  }

  void SetErrorCallback(BridgeErrorCallback callback) {
    const std::lock_guard<std::recursive_mutex> lock(callbacks_mutex_);
    on_error_.Set(std::move(callback));
  }

  BridgeDispatch dispatch() const noexcept { return dispatch_; }

  /** No callback begins after this; one that runs is waited for, except when it is itself the caller. */
  void Stop() {
    {
      const std::lock_guard<std::recursive_mutex> lock(callbacks_mutex_);
      stopped_ = true;
    }
    Signal();
  }

  // ------------------------------------------------------------------------------------------------------ dispatching thread

  void Run() {
    while (!stopped_) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        signal_.wait(lock, [this] { return signalled_; });
        signalled_ = false;
      }
      Dispatch();
    }
  }

  size_t Dispatch() {
    if (dispatching_) return 0;
    const detail::Running running(dispatching_);
    size_t handled = 0;
    // One at a time: when a callback stops the bridge, what was not polled comes to the next one.
    while (!stopped_ && client_ && client_->Poll(1) == 1) ++handled;
    DeliverMessages();
    DeliverErrors();
    return handled;
  }

 private:
  static constexpr size_t kErrorsWaiting = 256;
  static constexpr size_t kMessagesWaiting = 1024;

  struct WaitingMessage {
    std::string from;
    std::string text;
  };

  static Error NoClient() { return {MOSIS_ERR_SHUTTING_DOWN, "This bridge could not be made, as its first error said."}; }

  void Signal() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      signalled_ = true;
    }
    signal_.notify_one();
  }

  template <typename Call>
  void RequestLine(const char* operation, Call call) {
    if (!client_) return Report(NoClient(), operation);
    ++line_requests_;  // until the answer, what is known of the line is about the one before
    const auto sent = call([this, operation](const Result<Line>& line) {
      --line_requests_;
      line_error_ = MOSIS_OK;
      if (line) {
        LineChanged(line.value());
      } else {
        Report(line.error(), operation);
      }
    });
    if (sent) return;
    --line_requests_;
    Report(sent.error(), operation);
  }

  void StateChanged(const StateChange& change) {
    if (change.state != MOSIS_CLIENT_READY) online_ = false;
    if (change.state == MOSIS_CLIENT_FAILED) Report({change.error, std::string(change.text)}, "CreateWebRTCBridge");
  }

  void LineChanged(const Line& line) {
    online_ = line.state == MOSIS_LINE_STATE_ONLINE;
    // The line tells of every attempt; people want to hear of a reason once.
    if (line.error != MOSIS_OK && line.error != line_error_) Report({line.error, std::string(line.text)}, "Connect");
    if (line.error != MOSIS_OK || online_) line_error_ = line.error;
  }

  void PeersReset() {
    std::vector<PeerInfo> peers;
    for (const Peer& peer : client_->Peers()) {
      peers.push_back({std::string(peer.peer_id), std::string(peer.display_name), peer.online});
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    peers_ = std::move(peers);
  }

  void PeerChanged(const Peer& peer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto same = [&](const PeerInfo& known) { return known.peer_id == peer.peer_id; };
    peers_.erase(std::remove_if(peers_.begin(), peers_.end(), same), peers_.end());
    if (peer.online) peers_.push_back({std::string(peer.peer_id), std::string(peer.display_name), true});
  }

  void IdentityChanged(const IdentityChange& change) {
    Error error = ErrorOf(MOSIS_ERR_IDENTITY_CHANGED);
    error.text += " Fingerprint of the new key: " + std::string(change.fingerprint);
    Report(std::move(error), "SendMessage", std::string(change.peer_id));
  }

  void MessageReceived(const Message& message) {
    messages_.push_back({std::string(message.peer_id), std::string(message.text)});
    DeliverMessages();
    if (messages_.size() <= kMessagesWaiting) return;
    Report({MOSIS_ERR_QUEUE_FULL, "A message was dropped: 1024 others wait for SetMessageCallback to be called."},
           "SetMessageCallback", messages_.front().from);
    messages_.pop_front();
  }

  void MessageChanged(const MessageChange& change) {
    if (change.state != MOSIS_MESSAGE_STATE_FAILED) return;
    Report({change.reason, std::string(change.text)}, "SendMessage", std::string(change.peer_id));
  }

  void DeliverMessages() {
    while (!messages_.empty()) {
      const std::lock_guard<std::recursive_mutex> lock(callbacks_mutex_);
      if (stopped_ || !on_message_) return;
      const WaitingMessage message = std::move(messages_.front());
      messages_.pop_front();
      const auto thrown = detail::Thrown([&] { on_message_(message.from, message.text); });
      if (thrown) Report({MOSIS_ERR_INTERNAL, "The message callback threw: " + *thrown}, "SetMessageCallback", message.from);
    }
  }

  void DeliverErrors() {
    std::deque<BridgeError> errors;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      errors.swap(errors_);
      if (errors_dropped_ > 0) {
        errors.push_back(
            {MOSIS_ERR_QUEUE_FULL, std::to_string(errors_dropped_) + " more errors came at once and were left out.", "", ""});
      }
      errors_dropped_ = 0;
    }
    for (const BridgeError& error : errors) {
      const std::lock_guard<std::recursive_mutex> lock(callbacks_mutex_);
      if (stopped_) return;
      const auto thrown = detail::Thrown([&] { on_error_ ? on_error_(error) : Print(error); });
      if (thrown) Print({MOSIS_ERR_INTERNAL, "The error callback threw: " + *thrown, "SetErrorCallback", ""});
    }
  }

  static void Print(const BridgeError& error) {
    std::string line = "mosis: " + error.operation + (error.peer_id.empty() ? "" : " (" + error.peer_id + ")") + ": " + error.text;
    std::fprintf(stderr, "%s [%s]\n", line.c_str(), ErrorName(error.code));
  }

  const BridgeDispatch dispatch_;
  std::atomic<bool> online_{false};
  std::atomic<bool> connect_wanted_{false};
  std::atomic<uint32_t> line_requests_{0};
  std::atomic<bool> stopped_{false};

  mutable std::mutex mutex_;
  std::condition_variable signal_;
  bool signalled_ = false;
  std::deque<BridgeError> errors_;
  uint64_t errors_dropped_ = 0;
  std::vector<PeerInfo> peers_;
  std::string phone_id_;

  // Held while a callback runs and while one is set: that is what makes "does not run any more" true. Recursive, because callbacks
  // set callbacks. Taken before mutex_, never after.
  std::recursive_mutex callbacks_mutex_;
  Callback<const std::string&, const std::string&> on_message_;
  Callback<const BridgeError&> on_error_;

  // Dispatching thread only.
  bool dispatching_ = false;
  mosis_result line_error_ = MOSIS_OK;
  std::deque<WaitingMessage> messages_;

  // Last member, so destroyed first: its I/O thread may call Signal until it is gone.
  std::unique_ptr<Client> client_;
};

}  // namespace mosis
#endif
