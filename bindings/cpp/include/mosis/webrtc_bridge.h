// mosis::IWebRTCBridge — the phone as the interface that games were written against, and the factory for ours.
//
//     std::unique_ptr<mosis::IWebRTCBridge> phone = mosis::CreateWebRTCBridge();
//     phone->SetMessageCallback([](const std::string& from, const std::string& text) { … });
//     phone->Connect("wss://signal.mosis.dev");
//     phone->SetIdentity("user_12345", "John's Phone");
//     phone->SendMessage("phone_456", "Hello!");
//
// The interface, PeerInfo and CallState are the specification's to the letter: programs outside this repository implement and call
// them. What is ours comes after: options, errors, and the class that CreateWebRTCBridge makes.
#ifndef MOSIS_WEBRTC_BRIDGE_H
#define MOSIS_WEBRTC_BRIDGE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <mosis/mosis.h>

#ifdef SendMessage
#undef SendMessage  // <windows.h> makes it SendMessageW, and this class would then have another method in every second source file
#endif

namespace mosis {

// The specification's text.
// clang-format off
struct PeerInfo {
    std::string peer_id;
    std::string display_name;
    bool is_online;
};

struct CallState {
    std::string peer_id;
    bool is_active;
    bool is_video;
    bool is_muted;
    int64_t start_time;
};

class IWebRTCBridge {
public:
    virtual ~IWebRTCBridge() = default;

    // Connection
    virtual void Connect(const std::string& signaling_server_url) = 0;
    virtual void Disconnect() = 0;
    virtual bool IsConnected() const = 0;

    // Identity
    virtual void SetIdentity(const std::string& phone_id,
                             const std::string& display_name) = 0;
    virtual std::string GetPhoneId() const = 0;

    // Peer discovery
    virtual std::vector<PeerInfo> GetOnlinePeers() = 0;

    // Messaging
    using MessageCallback = std::function<void(const std::string& from,
                                                const std::string& message)>;
    virtual void SetMessageCallback(MessageCallback callback) = 0;
    virtual void SendMessage(const std::string& to, const std::string& message) = 0;

    // Voice calls
    using CallCallback = std::function<void(const CallState& state)>;
    virtual void SetCallCallback(CallCallback callback) = 0;
    virtual void StartCall(const std::string& peer_id, bool with_video) = 0;
    virtual void AnswerCall(const std::string& peer_id) = 0;
    virtual void EndCall(const std::string& peer_id) = 0;
    virtual void MuteCall(bool muted) = 0;

    // File transfer
    using FileTransferCallback = std::function<void(const std::string& from,
                                                     const std::string& filename,
                                                     const std::vector<uint8_t>& data)>;
    virtual void SetFileTransferCallback(FileTransferCallback callback) = 0;
    virtual void SendFile(const std::string& to,
                          const std::string& filename,
                          const std::vector<uint8_t>& data) = 0;
};

// clang-format on

/** Something that a method could not do, or that stopped working; the interface itself returns no errors. */
struct BridgeError {
  /** MOSIS_ERR_*. */
  mosis_result code = MOSIS_OK;
  /** What failed and what to check, one sentence. */
  std::string text;
  /** Method of IWebRTCBridge that asked for it. */
  std::string operation;
  /** The peer it was about, else empty. */
  std::string peer_id;
};

using BridgeErrorCallback = std::function<void(const BridgeError& error)>;

/** Where the callbacks run. */
enum class BridgeDispatch {
  /** On one thread of the bridge, started with it. */
  kOwnThread,
  /** Inside WebRTCBridge::Poll, on the thread that calls it. */
  kPoll
};

struct BridgeOptions {
  /** Which game this is, 1–128 bytes. */
  std::string app = "webrtc-bridge";
  /** Profile, [a-z0-9_-]{1,32}; empty: environment MOSIS_PROFILE, else "default". */
  std::string profile;
  /** Path of the daemon program; empty: looked for as mosis.h says. */
  std::string daemon_path;
  BridgeDispatch dispatch = BridgeDispatch::kOwnThread;
  /** As SetErrorCallback, in force from the start. */
  BridgeErrorCallback error_callback;
};

/**
 * IWebRTCBridge over mosis::Client. No method throws, none waits for daemon, network or disk (the destructor waits for a running
 * callback, and at most 200 ms for the daemon's goodbye). Every method may be called from any thread and from inside callbacks.
 *
 * Callbacks come one after another, from one thread (BridgeDispatch). When a Set…Callback
 * or the destructor has returned, the callback set before does not run and will not (unless it is itself the caller): so do not
 * hold a lock, while calling these, that the callback takes. A callback may destroy the bridge; it must not touch it afterwards.
 */
class WebRTCBridge final : public IWebRTCBridge {
 public:
  explicit WebRTCBridge(BridgeOptions options = {});
  ~WebRTCBridge() override;
  WebRTCBridge(const WebRTCBridge&) = delete;
  WebRTCBridge& operator=(const WebRTCBridge&) = delete;

  /**
   * Before or after SetIdentity: the phone goes online once both are known, and again by itself after a lost server or daemon.
   * Another URL than before: leaves that server and joins the new one. After Disconnect: goes online again.
   */
  void Connect(const std::string& signaling_server_url) override;
  /** Peers see this phone go; URL and identity are remembered. Nothing to do when not connected. */
  void Disconnect() override;
  /** The server has registered this phone, as far as the last event says. */
  bool IsConnected() const override;

  /** `phone_id`: 1–128 bytes of UTF-8. Another id than before moves to that line. */
  void SetIdentity(const std::string& phone_id, const std::string& display_name) override;
  /** What SetIdentity was last called with. */
  std::string GetPhoneId() const override;

  /** Those whom the server says are online, as of the last event; from memory. */
  std::vector<PeerInfo> GetOnlinePeers() override;

  /**
   * Each message comes once. While no callback is set, up to 1024 messages wait for one; what comes beyond pushes out the oldest
   * and is reported with MOSIS_ERR_QUEUE_FULL.
   */
  void SetMessageCallback(MessageCallback callback) override;
  /**
   * `to` need not be among the online peers. What is sent before the daemon is ready waits. 1–65536 bytes of UTF-8.
   * A message that cannot be delivered is reported to the error callback with its peer_id.
   */
  void SendMessage(const std::string& to, const std::string& message) override;

  /** @name Come with a later version. Until then each reports MOSIS_ERR_NOT_SUPPORTED and does nothing else. @{ */
  void SetCallCallback(CallCallback callback) override;
  void StartCall(const std::string& peer_id, bool with_video) override;
  void AnswerCall(const std::string& peer_id) override;
  void EndCall(const std::string& peer_id) override;
  void MuteCall(bool muted) override;
  void SetFileTransferCallback(FileTransferCallback callback) override;
  void SendFile(const std::string& to, const std::string& filename, const std::vector<uint8_t>& data) override;
  /** @} */

  /** Without one (or with an empty one), each error is printed to stderr as one line. */
  void SetErrorCallback(BridgeErrorCallback callback);

  /**
   * BridgeDispatch::kPoll only: runs the callbacks for everything that waits and returns how many events were handled. Once per
   * game frame, always from the same thread. With kOwnThread it does nothing but report MOSIS_ERR_WRONG_THREAD.
   */
  size_t Poll();

 private:
  class Core;
  std::shared_ptr<Core> core_;
  std::thread thread_;
};

/** The phone of the default profile, callbacks on its own thread. Never null: what goes wrong is reported as an error. */
std::unique_ptr<IWebRTCBridge> CreateWebRTCBridge();

/** The same with options, as the derived class: SetErrorCallback, Poll. Never null. */
std::unique_ptr<WebRTCBridge> CreateWebRTCBridge(BridgeOptions options);

}  // namespace mosis

#include "webrtc_bridge_impl.hpp"
#endif
