// Uses every template of the binding in a build without exceptions and RTTI; only compiled.
#include <mosis/webrtc_bridge.h>

size_t UseEverything(mosis::Client& phone, mosis::WebRTCBridge& bridge) {
  phone.ConfigureLine({"ws://127.0.0.1:8080", "ada", "Ada"}, [](const mosis::Result<mosis::Line>&) {});
  phone.CloseLine();
  phone.SendMessage("bob", "hi", [](const mosis::Result<uint64_t>&) {});
  phone.Trust("bob");
  phone.DaemonStatus([](const mosis::Result<const mosis_daemon_status_result*>&) {});
  phone.Statistics("bob", [](const mosis::Result<mosis::PeerStatistics>&) {});
  bridge.SetErrorCallback([](const mosis::BridgeError&) {});
  return phone.Poll() + phone.Poll([](const mosis_event&) {}) + phone.Peers().size() + bridge.Poll() +
         mosis::CreateWebRTCBridge()->GetPhoneId().size();
}
