// What the callbacks of mosis::Client receive: the generated C structs with std::string_view in place of pointer and size.
// Every view is valid until the callback returns; copy what you keep.
#ifndef MOSIS_TYPES_HPP
#define MOSIS_TYPES_HPP

#include <cstdint>
#include <optional>
#include <string_view>

#include <mosis/mosis.h>

namespace mosis {

using ClientState = mosis_client_state;
using LineState = mosis_line_state;
using MessageState = mosis_message_state;

/** Text of a C struct; an absent one is empty. */
inline std::string_view View(const mosis_string& text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/** The link to the daemon changed: see mosis_client_state. */
struct StateChange {
  ClientState state;
  /** Why it is RECONNECTING or FAILED, else MOSIS_OK. */
  mosis_result error;
  std::string_view text;
  /** Process of the daemon when READY, else 0. */
  uint32_t daemon_pid;

  explicit StateChange(const mosis_client_state_event& event) noexcept
      : state(event.state), error(event.error), text(View(event.text)), daemon_pid(event.daemon_pid) {}
};

/** A line (one phone id on one signalling server) and what is true of it. */
struct Line {
  uint64_t line_id;
  LineState state;
  std::string_view server;
  std::string_view phone_id;
  std::string_view display_name;
  /** Why it is not online, MOSIS_OK when nothing is wrong; `text` says the same for people. */
  mosis_result error;
  std::string_view text;
  /** Time to the next attempt, 0 when none is planned. */
  uint32_t retry_in_ms;

  explicit Line(const mosis_line_info& line) noexcept
      : line_id(line.line_id),
        state(line.state),
        server(View(line.server)),
        phone_id(View(line.phone_id)),
        display_name(View(line.display_name)),
        error(line.error),
        text(View(line.text)),
        retry_in_ms(line.retry_in_ms) {}
};

/** Another phone. */
struct Peer {
  std::string_view peer_id;
  /** Empty when the server tells none. */
  std::string_view display_name;
  bool online;

  explicit Peer(const mosis_peer_info& peer) noexcept
      : peer_id(View(peer.peer_id)), display_name(View(peer.display_name)), online(peer.online) {}
};

/** A peer shows another key than before; nothing is exchanged with it until Client::Trust. */
struct IdentityChange {
  std::string_view peer_id;
  /** SHA-256 of the new public key, hex in groups of four. */
  std::string_view fingerprint;

  explicit IdentityChange(const mosis_peer_identity_changed& event) noexcept
      : peer_id(View(event.peer_id)), fingerprint(View(event.fingerprint)) {}
};

/** A text that arrived. */
struct Message {
  uint64_t message_id;
  std::string_view peer_id;
  /** UTF-8, 1–65536 bytes. */
  std::string_view text;
  /** Unix time in ms: when the peer says it sent it, and when it arrived. */
  uint64_t sent_at;
  uint64_t received_at;

  explicit Message(const mosis_message_received& event) noexcept
      : message_id(event.message_id),
        peer_id(View(event.peer_id)),
        text(View(event.text)),
        sent_at(event.sent_at),
        received_at(event.received_at) {}
};

/** What became of a text that was sent; comes once per message. */
struct MessageChange {
  /** As the completion of SendMessage said. */
  uint64_t message_id;
  std::string_view peer_id;
  /** Delivered or failed. */
  MessageState state;
  /** The peer confirmed that it has it on disk; false for plain peers and failures. */
  bool confirmed;
  /** Why it failed, else MOSIS_OK; `text` says the same for people. */
  mosis_result reason;
  std::string_view text;

  explicit MessageChange(const mosis_message_changed& event) noexcept
      : message_id(event.message_id),
        peer_id(View(event.peer_id)),
        state(event.state),
        confirmed(event.confirmed),
        reason(event.reason),
        text(View(event.text)) {}
};

/** How the connection to a peer runs. */
struct PeerStatistics {
  mosis_connection_state state;
  /** The peer speaks only the plain JSON form. */
  bool plain;
  /** Selected ICE candidates: address, port, type, protocol; empty without a connection. */
  std::string_view local_candidate;
  std::string_view remote_candidate;
  std::string_view dtls_state;
  std::string_view ice_state;
  std::optional<uint32_t> round_trip_ms;
  std::optional<uint64_t> bytes_sent;
  std::optional<uint64_t> bytes_received;
  /** From the first offer to open. */
  std::optional<uint32_t> connect_time_ms;
  uint32_t rebuilds;

  explicit PeerStatistics(const mosis_peers_statistics_result& result) noexcept
      : state(result.state),
        plain(result.plain),
        local_candidate(View(result.local_candidate)),
        remote_candidate(View(result.remote_candidate)),
        dtls_state(View(result.dtls_state)),
        ice_state(View(result.ice_state)),
        rebuilds(result.rebuilds) {
    if (result.has_round_trip_ms) round_trip_ms = result.round_trip_ms;
    if (result.has_bytes_sent) bytes_sent = result.bytes_sent;
    if (result.has_bytes_received) bytes_received = result.bytes_received;
    if (result.has_connect_time_ms) connect_time_ms = result.connect_time_ms;
  }
};

}  // namespace mosis
#endif
