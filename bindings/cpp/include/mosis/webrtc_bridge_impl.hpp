// Bodies of mosis::WebRTCBridge; include webrtc_bridge.h.
#ifndef MOSIS_WEBRTC_BRIDGE_IMPL_HPP
#define MOSIS_WEBRTC_BRIDGE_IMPL_HPP

#include "webrtc_bridge.h"
#include "webrtc_bridge_core.hpp"

namespace mosis {

inline WebRTCBridge::WebRTCBridge(BridgeOptions options) : core_(std::make_shared<Core>(std::move(options))) {
  if (core_->dispatch() != BridgeDispatch::kOwnThread) return;
  const auto thrown = detail::Thrown([this] { thread_ = std::thread([core = core_] { core->Run(); }); });
  if (thrown) std::fprintf(stderr, "mosis: CreateWebRTCBridge: no thread for the callbacks, none will come: %s\n", thrown->c_str());
}

inline WebRTCBridge::~WebRTCBridge() {
  core_->Stop();
  if (!thread_.joinable()) return;
  if (thread_.get_id() == std::this_thread::get_id()) {
    thread_.detach();  // destroyed from a callback: the thread ends, and with it the core, when that returns
  } else {
    thread_.join();
  }
}

inline void WebRTCBridge::Connect(const std::string& signaling_server_url) {
  LineSettings settings;
  settings.server = signaling_server_url;
  core_->Join();
  core_->Configure(settings, "Connect");
}

inline void WebRTCBridge::Disconnect() {
  if (core_->Leave()) core_->Close();
}

inline bool WebRTCBridge::IsConnected() const { return core_->Online(); }

inline void WebRTCBridge::SetIdentity(const std::string& phone_id, const std::string& display_name) {
  core_->SetPhoneId(phone_id);
  LineSettings settings;
  settings.phone_id = phone_id;
  settings.display_name = display_name;
  core_->Configure(settings, "SetIdentity");
}

inline std::string WebRTCBridge::GetPhoneId() const { return core_->PhoneId(); }

inline std::vector<PeerInfo> WebRTCBridge::GetOnlinePeers() { return core_->Peers(); }

inline void WebRTCBridge::SetMessageCallback(MessageCallback callback) { core_->SetMessageCallback(std::move(callback)); }

inline void WebRTCBridge::SendMessage(const std::string& to, const std::string& message) { core_->Send(to, message); }

inline void WebRTCBridge::SetCallCallback(CallCallback) { core_->NotSupported("SetCallCallback", "calls"); }

inline void WebRTCBridge::StartCall(const std::string& peer_id, bool) { core_->NotSupported("StartCall", "calls", peer_id); }

inline void WebRTCBridge::AnswerCall(const std::string& peer_id) { core_->NotSupported("AnswerCall", "calls", peer_id); }

inline void WebRTCBridge::EndCall(const std::string& peer_id) { core_->NotSupported("EndCall", "calls", peer_id); }

inline void WebRTCBridge::MuteCall(bool) { core_->NotSupported("MuteCall", "calls"); }

inline void WebRTCBridge::SetFileTransferCallback(FileTransferCallback) {
  core_->NotSupported("SetFileTransferCallback", "file transfers");
}

inline void WebRTCBridge::SendFile(const std::string& to, const std::string&, const std::vector<uint8_t>&) {
  core_->NotSupported("SendFile", "file transfers", to);
}

inline void WebRTCBridge::SetErrorCallback(BridgeErrorCallback callback) { core_->SetErrorCallback(std::move(callback)); }

inline size_t WebRTCBridge::Poll() {
  const std::shared_ptr<Core> core = core_;  // a callback may destroy this object
  if (core->dispatch() == BridgeDispatch::kPoll) return core->Dispatch();
  core->Report({MOSIS_ERR_WRONG_THREAD, "Poll did nothing: this bridge was made with BridgeDispatch::kOwnThread."}, "Poll");
  return 0;
}

inline std::unique_ptr<IWebRTCBridge> CreateWebRTCBridge() { return std::make_unique<WebRTCBridge>(); }

inline std::unique_ptr<WebRTCBridge> CreateWebRTCBridge(BridgeOptions options) {
  return std::make_unique<WebRTCBridge>(std::move(options));
}

}  // namespace mosis
#endif
