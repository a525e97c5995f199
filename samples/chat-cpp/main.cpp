// A game that chats: a loop at 60 Hz that polls the phone once per frame, and does with it what a player typed meanwhile.
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <mosis/client.hpp>
#include <mosis/names.hpp>
#include <string>
#include <thread>

#include "log.hpp"
#include "typed.hpp"

namespace {

constexpr const char* kUsage = R"(usage: chat-cpp [--profile P] [--server URL] [--id ID] [--name NAME] [--peer ID] [--script]
  --profile  which phone of this machine; two games that chat need two    (default)
  --server   signalling server, e.g. ws://127.0.0.1:8080
  --id       id under which others reach this phone
  --name     name that they see
  --peer     whom lines typed here are sent to
  --script   JSON lines on stdout; commands on stdin: send PEER TEXT | stats PEER | status | quit
)";

volatile std::sig_atomic_t running = 1;

struct Arguments {
  mosis::ClientOptions client;
  std::string peer;
  bool script = false;
};

bool Parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--script") {
      arguments.script = true;
      continue;
    }
    std::string* value = option == "--profile"  ? &arguments.client.profile
                         : option == "--server" ? &arguments.client.server
                         : option == "--id"     ? &arguments.client.phone_id
                         : option == "--name"   ? &arguments.client.display_name
                         : option == "--peer"   ? &arguments.peer
                                                : nullptr;
    if (value == nullptr || ++i == argc) {
      std::cerr << option << (value == nullptr ? " is no option.\n" : " needs a value.\n") << kUsage;
      return false;
    }
    *value = argv[i];
  }
  return true;
}

class Chat {
 public:
  Chat(mosis::Client& phone, const Log& log) : phone_(phone), log_(log) {
    phone.OnStateChanged([this](const mosis::StateChange& c) {
      Fields fields;
      fields.Text("state", mosis::ClientStateName(c.state)).Text("error", NameOrNone(c.error)).Text("text", c.text);
      log_.Write("client.state", fields.Number("daemonPid", c.daemon_pid));
    });
    phone.OnLineChanged([this](const mosis::Line& line) {
      Fields fields;
      fields.Text("state", mosis::LineStateName(line.state)).Text("server", line.server).Text("id", line.phone_id);
      log_.Write("line.changed", fields.Text("error", NameOrNone(line.error)).Text("text", line.text));
    });
    phone.OnPeersReset([this] {
      for (const mosis::Peer& peer : phone_.Peers()) WritePeer(peer);
    });
    phone.OnPeerChanged([this](const mosis::Peer& peer) { WritePeer(peer); });
    phone.OnIdentityChanged([this](const mosis::IdentityChange& c) {
      log_.Write("peer.identityChanged", Fields().Text("peer", c.peer_id).Text("fingerprint", c.fingerprint));
    });
    phone.OnMessage([this](const mosis::Message& m) {
      log_.Write("message.received", Fields().Text("peer", m.peer_id).Text("text", m.text).Number("id", m.message_id));
    });
    phone.OnMessageChanged([this](const mosis::MessageChange& c) {
      Fields fields;
      fields.Text("peer", c.peer_id).Number("id", c.message_id).Text("state", mosis::MessageStateName(c.state));
      log_.Write("message.changed",
                 fields.Flag("confirmed", c.confirmed).Text("reason", NameOrNone(c.reason)).Text("text", c.text));
    });
  }

  void Send(const std::string& peer, const std::string& text) {
    Check("send", phone_.SendMessage(peer, text, [this, peer, text](const mosis::Result<uint64_t>& id) {
      if (Check("send", id)) log_.Write("message.accepted", Fields().Text("peer", peer).Text("text", text).Number("id", *id));
    }));
  }

  void Do(const std::string& line) {
    const size_t first = line.find(' '), second = first == std::string::npos ? first : line.find(' ', first + 1);
    const std::string command = line.substr(0, first);
    const std::string peer = first == std::string::npos ? "" : line.substr(first + 1, second - first - 1);
    if (command == "send" && second != std::string::npos) {
      Send(peer, line.substr(second + 1));
    } else if (command == "stats" && !peer.empty()) {
      Check(line, phone_.Statistics(peer, [this, peer, line](const mosis::Result<mosis::PeerStatistics>& answer) {
        if (Check(line, answer)) log_.Write("stats", Fields().Text("peer", peer).Object("statistics", FieldsOf(*answer)));
      }));
    } else if (line == "status") {
      Check(line, phone_.DaemonStatus([this, line](const mosis::Result<const mosis_daemon_status_result*>& answer) {
        if (Check(line, answer)) log_.Write("status", Fields().Object("daemon", FieldsOf(**answer)));
      }));
    } else {
      log_.Write("error", Fields().Text("command", line).Text("text", "Commands: send PEER TEXT | stats PEER | status | quit"));
    }
  }

 private:
  static const char* NameOrNone(mosis_result result) { return result == MOSIS_OK ? "" : mosis::ErrorName(result); }

  static Fields FieldsOf(const mosis::PeerStatistics& s) {
    Fields fields;
    fields.Text("state", mosis::ConnectionStateName(s.state)).Flag("plain", s.plain).Text("localCandidate", s.local_candidate);
    fields.Text("remoteCandidate", s.remote_candidate).Text("dtlsState", s.dtls_state).Text("iceState", s.ice_state);
    if (s.round_trip_ms) fields.Number("roundTripMs", *s.round_trip_ms);
    if (s.bytes_sent) fields.Number("bytesSent", *s.bytes_sent);
    if (s.bytes_received) fields.Number("bytesReceived", *s.bytes_received);
    if (s.connect_time_ms) fields.Number("connectTimeMs", *s.connect_time_ms);
    return fields.Number("rebuilds", s.rebuilds);
  }

  static Fields FieldsOf(const mosis_daemon_status_result& status) {
    Fields fields;
    fields.Text("version", mosis::View(status.version)).Number("pid", status.pid).Text("profile", mosis::View(status.profile));
    fields.Number("uptimeMs", status.uptime_ms).Number("residentBytes", status.resident_bytes);
    return fields.Number("sessions", status.sessions_count).Number("outboxMessages", status.outbox_messages);
  }

  /** A failed request is one line in the log, never the end of the game. */
  template <typename T>
  bool Check(const std::string& command, const mosis::Result<T>& result) {
    if (result) return true;
    const mosis::Error& error = result.error();
    log_.Write("error", Fields().Text("command", command).Text("code", mosis::ErrorName(error.code)).Text("text", error.text));
    return false;
  }

  void WritePeer(const mosis::Peer& peer) {
    log_.Write("peer.changed", Fields().Text("peer", peer.peer_id).Text("name", peer.display_name).Flag("online", peer.online));
  }

  mosis::Client& phone_;
  const Log& log_;
};

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.client.app = "chat-cpp";
  if (!Parse(argc, argv, arguments)) return 2;
  auto created = mosis::Client::Create(arguments.client);
  if (!created) {
    std::cerr << created.error().text << "\n";
    return 1;
  }
  mosis::Client& phone = **created;
  const Log log(arguments.script);
  Chat chat(phone, log);
  const auto typed = std::make_shared<Typed>();
  typed->Start(typed);
  std::signal(SIGINT, [](int) { running = 0; });

  auto next_frame = std::chrono::steady_clock::now();
  while (running) {
    phone.Poll();
    for (const std::string& line : typed->Take()) {
      if (line == "quit") {
        running = 0;
      } else if (!arguments.script && !arguments.peer.empty()) {
        chat.Send(arguments.peer, line);
      } else {
        chat.Do(line);
      }
    }
    // Here a game would move and draw. We wait for the next frame.
    std::this_thread::sleep_until(next_frame += std::chrono::microseconds(16667));
  }
}
