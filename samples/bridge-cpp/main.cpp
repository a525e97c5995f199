// The phone through IWebRTCBridge, as a game that knows only that interface uses it. Type "PEER TEXT" to send, "who" to see who is
// there.
//   bridge-cpp ws://127.0.0.1:8080 ada "Ada's Phone" [profile]
#include <mosis/webrtc_bridge.h>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: bridge-cpp SERVER ID NAME [PROFILE]\n";
    return 2;
  }
  mosis::BridgeOptions options;
  options.app = "bridge-cpp";
  if (argc > 4) options.profile = argv[4];
  // Without options, CreateWebRTCBridge() gives the interface itself, and errors go to stderr.
  options.error_callback = [](const mosis::BridgeError& error) {
    std::cout << "! " << error.operation << " " << error.peer_id << ": " << error.text << std::endl;
  };
  const std::unique_ptr<mosis::IWebRTCBridge> phone = mosis::CreateWebRTCBridge(std::move(options));

  // Comes on the bridge's own thread.
  phone->SetMessageCallback(
      [](const std::string& from, const std::string& message) { std::cout << from << ": " << message << std::endl; });
  phone->Connect(argv[1]);
  phone->SetIdentity(argv[2], argv[3]);

  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    const size_t space = line.find(' ');
    if (line == "who") {
      std::cout << phone->GetPhoneId() << (phone->IsConnected() ? " is online\n" : " is offline\n");
      for (const mosis::PeerInfo& peer : phone->GetOnlinePeers())
        std::cout << "  " << peer.peer_id << "  " << peer.display_name << "\n";
      std::cout << std::flush;
    } else if (line == "call") {
      phone->StartCall(argv[2], false);  // reports notSupported: calls come with a later version
    } else if (space != std::string::npos) {
      phone->SendMessage(line.substr(0, space), line.substr(space + 1));
    }
  }
  phone->Disconnect();
}
