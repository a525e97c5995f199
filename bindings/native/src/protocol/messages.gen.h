// Generated from proto/schema by `npm run generate`; do not edit.
// The messages of the shim wire: link messages as C++ structs, requests and events as the structs of mosis_types.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec.h"
#include "mosis/mosis_types.h"

namespace mosis::protocol {

using mosis_goodbye_reason = uint32_t;
inline constexpr mosis_goodbye_reason kGoodbyeReasonGameEnds = 0;
inline constexpr mosis_goodbye_reason kGoodbyeReasonDaemonStops = 1;

/** First message of a session and first one after each reconnect. Answered by identified or refused. */
struct Hello {
  static constexpr uint32_t kKind = 1;
  /** Oldest protocol version that the shim speaks. */
  uint32_t protocol_min;
  /** Newest protocol version that the shim speaks. */
  uint32_t protocol_max;
  /** From endpoint.json. (at most 128 bytes) */
  mosis_string token;
  /** Random, one per client object: the daemon knows a reconnect by it. (16 bytes) */
  mosis_bytes session_key;
  /** Name of the game. (at most 128 bytes) */
  mosis_string app;
  /** Its version. (at most 64 bytes; data NULL = left out) */
  mosis_string app_version;
  /** Engine and version. (at most 64 bytes; data NULL = left out) */
  mosis_string engine;
  /** Process id. */
  uint32_t pid;
  /** What it wants to do; left out = everything. (at most 32; NULL = left out) */
  const mosis_string* scopes;
  uint32_t scopes_count;
  /** Categories of events: a bit each. */
  uint32_t events;
  /** False: since was left out and is zero. */
  bool has_since;
  /** Last event that the game took; durable events after it are sent again. (0 … 2^53 − 1) */
  uint64_t since;
  /** False: line was left out and is zero. */
  bool has_line;
  /** Line to bind to at once; saves a line.configure. */
  mosis_line_settings line;
};

/** The session stands. */
struct Identified {
  static constexpr uint32_t kKind = 2;
  /** Version chosen: the highest that both speak. */
  uint32_t protocol;
  /** Version of the daemon. (at most 64 bytes) */
  mosis_string daemon_version;
  /** Process id of the daemon. */
  uint32_t pid;
  /** Profile. (at most 64 bytes) */
  mosis_string profile;
  /** Session. (0 … 2^53 − 1) */
  uint64_t session_id;
  /** What was granted. (at most 32) */
  const mosis_string* scopes;
  uint32_t scopes_count;
  /** Durable events after `since` follow without a gap. */
  bool resumed;
  /** State as it is now. */
  mosis_snapshot snapshot;
};

/** The session does not come about, or ends. The shim does not try again by itself, except after shuttingDown. */
struct Refused {
  static constexpr uint32_t kKind = 3;
  /** Why. */
  mosis_result code;
  /** The same for people: what to check. (at most 1024 bytes) */
  mosis_string text;
};

/** The daemon does not know this connection (it restarted): say hello again. */
struct Who {
  static constexpr uint32_t kKind = 4;
};

/** Orderly end. Without it the other side is taken for crashed. */
struct Goodbye {
  static constexpr uint32_t kKind = 5;
  /** Why. */
  mosis_goodbye_reason reason;
};

/** Is your event loop alive? Answered by pong at once. */
struct Ping {
  static constexpr uint32_t kKind = 6;
  /** Comes back in the pong. */
  uint32_t nonce;
};

/** Answer to ping. */
struct Pong {
  static constexpr uint32_t kKind = 7;
  /** Of the ping. */
  uint32_t nonce;
};

/**
 * The game took all events up to and including this one. The daemon keeps at most 1024 untaken events in flight per
 * session.
 */
struct Taken {
  static constexpr uint32_t kKind = 8;
  /** Sequence number of the last event taken. (0 … 2^53 − 1) */
  uint64_t sequence;
};

// read: the next value of `reader` into `out`; texts point into the message, lists into the arena. write: canonical MessagePack.
// Both return ok() of their reader or writer, whose error() names the field at fault.
bool read(Reader& reader, Arena& arena, Hello& out);
bool write(Writer& writer, const Hello& in);
bool read(Reader& reader, Arena& arena, Identified& out);
bool write(Writer& writer, const Identified& in);
bool read(Reader& reader, Arena& arena, Refused& out);
bool write(Writer& writer, const Refused& in);
bool read(Reader& reader, Arena& arena, Who& out);
bool write(Writer& writer, const Who& in);
bool read(Reader& reader, Arena& arena, Goodbye& out);
bool write(Writer& writer, const Goodbye& in);
bool read(Reader& reader, Arena& arena, Ping& out);
bool write(Writer& writer, const Ping& in);
bool read(Reader& reader, Arena& arena, Pong& out);
bool write(Writer& writer, const Pong& in);
bool read(Reader& reader, Arena& arena, Taken& out);
bool write(Writer& writer, const Taken& in);
bool read(Reader& reader, Arena& arena, mosis_line_settings& out);
bool write(Writer& writer, const mosis_line_settings& in);
bool read(Reader& reader, Arena& arena, mosis_line_info& out);
bool write(Writer& writer, const mosis_line_info& in);
bool read(Reader& reader, Arena& arena, mosis_peer_info& out);
bool write(Writer& writer, const mosis_peer_info& in);
bool read(Reader& reader, Arena& arena, mosis_snapshot& out);
bool write(Writer& writer, const mosis_snapshot& in);
bool read(Reader& reader, Arena& arena, mosis_session_info& out);
bool write(Writer& writer, const mosis_session_info& in);
bool read(Reader& reader, Arena& arena, mosis_daemon_status_result& out);
bool write(Writer& writer, const mosis_daemon_status_result& in);
bool read(Reader& reader, Arena& arena, mosis_line_configure_params& out);
bool write(Writer& writer, const mosis_line_configure_params& in);
bool read(Reader& reader, Arena& arena, mosis_line_configure_result& out);
bool write(Writer& writer, const mosis_line_configure_result& in);
bool read(Reader& reader, Arena& arena, mosis_line_close_result& out);
bool write(Writer& writer, const mosis_line_close_result& in);
bool read(Reader& reader, Arena& arena, mosis_peers_list_result& out);
bool write(Writer& writer, const mosis_peers_list_result& in);
bool read(Reader& reader, Arena& arena, mosis_peers_get_params& out);
bool write(Writer& writer, const mosis_peers_get_params& in);
bool read(Reader& reader, Arena& arena, mosis_peers_get_result& out);
bool write(Writer& writer, const mosis_peers_get_result& in);
bool read(Reader& reader, Arena& arena, mosis_peers_statistics_params& out);
bool write(Writer& writer, const mosis_peers_statistics_params& in);
bool read(Reader& reader, Arena& arena, mosis_peers_statistics_result& out);
bool write(Writer& writer, const mosis_peers_statistics_result& in);
bool read(Reader& reader, Arena& arena, mosis_peers_trust_params& out);
bool write(Writer& writer, const mosis_peers_trust_params& in);
bool read(Reader& reader, Arena& arena, mosis_message_send_params& out);
bool write(Writer& writer, const mosis_message_send_params& in);
bool read(Reader& reader, Arena& arena, mosis_message_send_result& out);
bool write(Writer& writer, const mosis_message_send_result& in);
bool read(Reader& reader, Arena& arena, mosis_line_changed& out);
bool write(Writer& writer, const mosis_line_changed& in);
bool read(Reader& reader, Arena& arena, mosis_peer_changed& out);
bool write(Writer& writer, const mosis_peer_changed& in);
bool read(Reader& reader, Arena& arena, mosis_peer_identity_changed& out);
bool write(Writer& writer, const mosis_peer_identity_changed& in);
bool read(Reader& reader, Arena& arena, mosis_message_received& out);
bool write(Writer& writer, const mosis_message_received& in);
bool read(Reader& reader, Arena& arena, mosis_message_changed& out);
bool write(Writer& writer, const mosis_message_changed& in);

/** Sorted by kind or id. */
extern const LinkInfo kLinks[];
extern const size_t kLinksCount;
extern const MethodInfo kMethods[];
extern const size_t kMethodsCount;
extern const EventInfo kEvents[];
extern const size_t kEventsCount;

/** Null when this version does not know it. */
const LinkInfo* find_link(uint32_t kind);
const MethodInfo* find_method(uint32_t id);
const EventInfo* find_event(uint32_t id);

/** True for the numbers of ErrorCode, which are above 0. */
bool is_error_code(uint64_t number);

}  // namespace mosis::protocol
