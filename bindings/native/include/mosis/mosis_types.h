/* Generated from proto/schema by `npm run generate`; do not edit.
 *
 * Values of mosis.h: results, enumerations, and the struct of each request and event. A message without fields has no struct and its
 * data is NULL. Texts are UTF-8 without U+0000 and are not terminated; a text or list that was left out has a NULL pointer, one that
 * is empty has a pointer and size 0. Pointers live as long as mosis.h says at the function that hands them out.
 */
#ifndef MOSIS_TYPES_H
#define MOSIS_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Shim protocol versions that these types describe. */
#define MOSIS_PROTOCOL_MIN 1
#define MOSIS_PROTOCOL_MAX 1

/** UTF-8 text of `size` bytes, not terminated. */
typedef struct mosis_string {
  const char* data;
  uint32_t size;
} mosis_string;

/** `size` bytes. */
typedef struct mosis_bytes {
  const uint8_t* data;
  uint32_t size;
} mosis_bytes;

/** 0, or why something failed: a negative number. Later versions may bring further values. */
typedef int32_t mosis_result;
enum {
  MOSIS_OK = 0,
  /** A parameter is missing, of the wrong type, out of range or too long: compare with protocol.md. */
  MOSIS_ERR_INVALID_ARGUMENT = -1,
  /** The message is not the MessagePack that STANDARD.md describes; it was refused whole. */
  MOSIS_ERR_MALFORMED = -2,
  /** The daemon does not know this method: it is older than the game. Update the daemon. */
  MOSIS_ERR_UNKNOWN_METHOD = -3,
  /** Shim and daemon share no protocol version. Update the older of the two. */
  MOSIS_ERR_PROTOCOL_MISMATCH = -4,
  /** A request came before hello was answered. */
  MOSIS_ERR_NOT_IDENTIFIED = -5,
  /** The token is not the one in endpoint.json: the file is stale or from another user. */
  MOSIS_ERR_TOKEN_WRONG = -6,
  /** The session was not granted the scope that this needs. */
  MOSIS_ERR_NOT_PERMITTED = -7,
  /** The message is larger than the limit in STANDARD.md. */
  MOSIS_ERR_TOO_LARGE = -8,
  /** No answer within the deadline: is the daemon overloaded or stopped? */
  MOSIS_ERR_DEADLINE_EXCEEDED = -9,
  /** Too much is waiting to be sent; wait for answers before sending more. */
  MOSIS_ERR_QUEUE_FULL = -10,
  /** The link to the daemon broke before the answer; a request without an idempotency key may or may not have run. */
  MOSIS_ERR_CONNECTION_LOST = -11,
  /** Server or phone id is not set: configure the line first. */
  MOSIS_ERR_LINE_NOT_CONFIGURED = -12,
  /** The server says that nobody with this id is online. */
  MOSIS_ERR_PEER_OFFLINE = -13,
  /** No connection to the peer within the time limit: offline, or no path through the network (check the ICE servers). */
  MOSIS_ERR_PEER_UNREACHABLE = -14,
  /** The peer shows another key than the one pinned at first contact. Trust it anew only after asking the person. */
  MOSIS_ERR_IDENTITY_CHANGED = -15,
  /** This version, or the peer, cannot do it. */
  MOSIS_ERR_NOT_SUPPORTED = -16,
  /** The database could not be written: check free space and rights of the data folder. */
  MOSIS_ERR_STORE_FAILED = -17,
  /** The media child of the daemon failed; see the daemon log. */
  MOSIS_ERR_MEDIA_FAILED = -18,
  /** The same phone id logged in elsewhere; this line does not log in again by itself. */
  MOSIS_ERR_TAKEN_OVER = -19,
  /** The signalling server refused; its text says why. */
  MOSIS_ERR_SERVER_REFUSED = -20,
  /** No signalling server at this address: check the URL and that it runs. */
  MOSIS_ERR_SERVER_UNREACHABLE = -21,
  /** Too many of these in a short time; try again later. */
  MOSIS_ERR_RATE_LIMITED = -22,
  /** The daemon is stopping. */
  MOSIS_ERR_SHUTTING_DOWN = -23,
  /** No such thing, or no longer. */
  MOSIS_ERR_NOT_FOUND = -24,
  /** A defect in the daemon; see its log. */
  MOSIS_ERR_INTERNAL = -25,
  /** No daemon program: set MOSIS_DAEMON, pass its path, or put it beside the library. */
  MOSIS_ERR_DAEMON_NOT_FOUND = -26,
  /** The daemon program did not become ready; see its log. */
  MOSIS_ERR_DAEMON_START_FAILED = -27,
  /** The runtime folder belongs to somebody else or others may write to it: it must be yours with mode 0700. */
  MOSIS_ERR_UNSAFE_FOLDER = -28,
  /** Called from a callback or thread that the header forbids. */
  MOSIS_ERR_WRONG_THREAD = -29
};

/** What is true of a line. Later versions may bring further values. */
typedef uint32_t mosis_line_state;
enum {
  /** Server or phone id is not known yet; nothing is attempted. */
  MOSIS_LINE_STATE_UNCONFIGURED = 0,
  /** Closed, or refused for good; `error` says why. */
  MOSIS_LINE_STATE_OFFLINE = 1,
  /** Reaching the server or registering; also between two attempts. */
  MOSIS_LINE_STATE_CONNECTING = 2,
  /** Registered: peers see this phone. */
  MOSIS_LINE_STATE_ONLINE = 3
};

/** What is true of the media child process. Later versions may bring further values. */
typedef uint32_t mosis_media_state;
enum {
  /** Not started: no line has needed it yet. */
  MOSIS_MEDIA_STATE_STOPPED = 0,
  /** Starting, or waiting to be started again after a crash. */
  MOSIS_MEDIA_STATE_STARTING = 1,
  /** Ready. */
  MOSIS_MEDIA_STATE_RUNNING = 2,
  /** Crashed too often; tried again after a pause. */
  MOSIS_MEDIA_STATE_FAILED = 3
};

/** What is true of the connection to a peer. Later versions may bring further values. */
typedef uint32_t mosis_connection_state;
enum {
  /** No connection; one is built when something is to be sent. */
  MOSIS_CONNECTION_STATE_IDLE = 0,
  /** Offer, answer, ICE and DTLS are under way. */
  MOSIS_CONNECTION_STATE_CONNECTING = 1,
  /** The channel is open; the peer has not proved who it is. */
  MOSIS_CONNECTION_STATE_VERIFYING = 2,
  /** Ready in both directions. */
  MOSIS_CONNECTION_STATE_OPEN = 3
};

/** How far a sent message has come. Later versions may bring further values. */
typedef uint32_t mosis_message_state;
enum {
  /** On this phone’s disk; it survives a crash from here on. */
  MOSIS_MESSAGE_STATE_ACCEPTED = 0,
  /** On the peer’s disk (confirmed), or handed to a plain peer that confirms nothing. */
  MOSIS_MESSAGE_STATE_DELIVERED = 1,
  /** Given up; the peer may in rare cases have it all the same. */
  MOSIS_MESSAGE_STATE_FAILED = 2
};

/** Methods of the daemon. */
enum {
  /** daemon.status: What runs in this daemon. Parameters: none; result: mosis_daemon_status_result. */
  MOSIS_METHOD_DAEMON_STATUS = 0x0101,
  /**
   * daemon.stop: Stops the daemon in an orderly way: peers are told, the store is flushed, games see goodbye.
   * Parameters: none; result: no data.
   */
  MOSIS_METHOD_DAEMON_STOP = 0x0102,
  /**
   * line.configure: Sets server, phone id or display name of the session’s line; opens it as soon as server and phone
   * id are both known, in whatever order they come. Changing the server or the id moves the session to another line.
   * Parameters: mosis_line_configure_params; result: mosis_line_configure_result.
   */
  MOSIS_METHOD_LINE_CONFIGURE = 0x0201,
  /**
   * line.close: Leaves the server: peers see the phone go. The settings stay; line.configure (with or without changes)
   * opens it again. Other sessions of the same line keep it open. Parameters: none; result: mosis_line_close_result.
   */
  MOSIS_METHOD_LINE_CLOSE = 0x0202,
  /**
   * peers.list: The peers known now, from the daemon’s memory: no server is asked. Unlisted ids can be reached all the
   * same. Parameters: none; result: mosis_peers_list_result.
   */
  MOSIS_METHOD_PEERS_LIST = 0x0301,
  /** peers.get: What is known of one peer. Parameters: mosis_peers_get_params; result: mosis_peers_get_result. */
  MOSIS_METHOD_PEERS_GET = 0x0302,
  /**
   * peers.statistics: How the connection to a peer runs, for people who look for a fault. Parameters:
   * mosis_peers_statistics_params; result: mosis_peers_statistics_result.
   */
  MOSIS_METHOD_PEERS_STATISTICS = 0x0303,
  /**
   * peers.trust: Pins the key that the peer shows from now on, after peer.identityChanged: ask the person first.
   * Parameters: mosis_peers_trust_params; result: no data.
   */
  MOSIS_METHOD_PEERS_TRUST = 0x0304,
  /**
   * message.send: Sends a text. The answer comes when it is on disk; what becomes of it comes as message.changed. The
   * order per peer is kept. Parameters: mosis_message_send_params; result: mosis_message_send_result.
   */
  MOSIS_METHOD_MESSAGE_SEND = 0x0401
};

/** Events of the daemon. */
enum {
  /** line.changed: The line of this session changed its state. data = mosis_line_changed. */
  MOSIS_EVENT_LINE_CHANGED = 0x0281,
  /** peer.changed: A peer came, went or changed its name. data = mosis_peer_changed. */
  MOSIS_EVENT_PEER_CHANGED = 0x0381,
  /**
   * peer.identityChanged: A peer showed another key than the one pinned at first contact. Nothing is exchanged with it
   * until peers.trust. data = mosis_peer_identity_changed.
   */
  MOSIS_EVENT_PEER_IDENTITY_CHANGED = 0x0382,
  /**
   * message.received: A text arrived and is on disk. Comes exactly once to a session that follows its events, and
   * again to a game that died before it took it. data = mosis_message_received.
   */
  MOSIS_EVENT_MESSAGE_RECEIVED = 0x0481,
  /** message.changed: A sent message was delivered or failed. Comes once per message. data = mosis_message_changed. */
  MOSIS_EVENT_MESSAGE_CHANGED = 0x0482
};

/** Categories of events, to be combined. */
enum {
  MOSIS_EVENTS_LINES = 1,
  MOSIS_EVENTS_PEERS = 2,
  MOSIS_EVENTS_MESSAGES = 4,
  MOSIS_EVENTS_ALL = 7
};

/** What selects a line. What is left out stays as it was. */
typedef struct mosis_line_settings {
  /** Signalling server, ws:// or wss://. (at most 1024 bytes; data NULL = left out) */
  mosis_string server;
  /** Id under which peers reach this phone; 1–128 bytes. (at most 128 bytes; data NULL = left out) */
  mosis_string phone_id;
  /** Name shown to peers. (at most 256 bytes; data NULL = left out) */
  mosis_string display_name;
} mosis_line_settings;

/** A line and its state. */
typedef struct mosis_line_info {
  /** Local id; 0 while unconfigured. (0 … 2^53 − 1) */
  uint64_t line_id;
  /** State. */
  mosis_line_state state;
  /** Signalling server; empty when not set. (at most 1024 bytes) */
  mosis_string server;
  /** Phone id; empty when not set. (at most 128 bytes) */
  mosis_string phone_id;
  /** Display name. (at most 256 bytes) */
  mosis_string display_name;
  /** False: error was left out and is zero. */
  bool has_error;
  /** Why it is not online. */
  mosis_result error;
  /** The same for people: what failed and what to check. (at most 1024 bytes; data NULL = left out) */
  mosis_string text;
  /** False: retry_in_ms was left out and is zero. */
  bool has_retry_in_ms;
  /** Time to the next attempt. (in ms) */
  uint32_t retry_in_ms;
} mosis_line_info;

/** Another phone. */
typedef struct mosis_peer_info {
  /** Its phone id. (at most 128 bytes) */
  mosis_string peer_id;
  /** Its name; empty when the server tells none. (at most 256 bytes) */
  mosis_string display_name;
  /** The server says that it is online, or a connection to it is open. */
  bool online;
} mosis_peer_info;

/** Everything a game must know to go on, as of `sequence`. */
typedef struct mosis_snapshot {
  /** Last event that is contained in this snapshot. (0 … 2^53 − 1) */
  uint64_t sequence;
  /** The session’s line. */
  mosis_line_info line;
  /** Online peers, at most 1024. (at most 1024) */
  const mosis_peer_info* peers;
  uint32_t peers_count;
} mosis_snapshot;

/** A game that is attached. */
typedef struct mosis_session_info {
  /** Session. (0 … 2^53 − 1) */
  uint64_t session_id;
  /** Name of the game. (at most 128 bytes) */
  mosis_string app;
  /** Engine and version. (at most 64 bytes; data NULL = left out) */
  mosis_string engine;
  /** Process. */
  uint32_t pid;
  /** Its line; 0 = none. (0 … 2^53 − 1) */
  uint64_t line_id;
  /** Events that it has not taken yet. */
  uint32_t events_queued;
} mosis_session_info;

/** Parameters of line.configure. */
typedef struct mosis_line_configure_params {
  /** Signalling server, ws:// or wss://. (at most 1024 bytes; data NULL = left out) */
  mosis_string server;
  /** Id under which peers reach this phone; 1–128 bytes. (at most 128 bytes; data NULL = left out) */
  mosis_string phone_id;
  /** Name shown to peers. (at most 256 bytes; data NULL = left out) */
  mosis_string display_name;
} mosis_line_configure_params;

/** Parameters of peers.get. */
typedef struct mosis_peers_get_params {
  /** Phone id. (at most 128 bytes) */
  mosis_string peer_id;
} mosis_peers_get_params;

/** Parameters of peers.statistics. */
typedef struct mosis_peers_statistics_params {
  /** Phone id. (at most 128 bytes) */
  mosis_string peer_id;
} mosis_peers_statistics_params;

/** Parameters of peers.trust. */
typedef struct mosis_peers_trust_params {
  /** Phone id. (at most 128 bytes) */
  mosis_string peer_id;
} mosis_peers_trust_params;

/** Parameters of message.send. */
typedef struct mosis_message_send_params {
  /** To whom; need not be listed. (at most 128 bytes) */
  mosis_string peer_id;
  /** UTF-8, 1–65536 bytes. (at most 65536 bytes) */
  mosis_string text;
} mosis_message_send_params;

/** Result of daemon.status. */
typedef struct mosis_daemon_status_result {
  /** Daemon version. (at most 64 bytes) */
  mosis_string version;
  /** Process. */
  uint32_t pid;
  /** Profile. (at most 64 bytes) */
  mosis_string profile;
  /** Since start. (in ms; 0 … 2^53 − 1) */
  uint64_t uptime_ms;
  /** Does not stop when idle. */
  bool stay;
  /** Resident memory of the control process. (in bytes; 0 … 2^53 − 1) */
  uint64_t resident_bytes;
  /** Media child. */
  mosis_media_state media;
  /** False: media_pid was left out and is zero. */
  bool has_media_pid;
  /** Process of the media child. */
  uint32_t media_pid;
  /** How often the media child was started again. */
  uint32_t media_restarts;
  /** Attached games. (at most 64) */
  const mosis_session_info* sessions;
  uint32_t sessions_count;
  /** Lines. (at most 16) */
  const mosis_line_info* lines;
  uint32_t lines_count;
  /** Messages accepted and not yet delivered or failed. (0 … 2^53 − 1) */
  uint64_t outbox_messages;
  /** Messages refused since start, from games and peers. (0 … 2^53 − 1) */
  uint64_t malformed_messages;
  /** What is missing on this machine and what to do, one sentence each. (at most 32) */
  const mosis_string* missing;
  uint32_t missing_count;
} mosis_daemon_status_result;

/** Result of line.configure. */
typedef struct mosis_line_configure_result {
  /** The line after the change. */
  mosis_line_info line;
} mosis_line_configure_result;

/** Result of line.close. */
typedef struct mosis_line_close_result {
  /** The line after the change. */
  mosis_line_info line;
} mosis_line_close_result;

/** Result of peers.list. */
typedef struct mosis_peers_list_result {
  /** Online peers, at most 1024. (at most 1024) */
  const mosis_peer_info* peers;
  uint32_t peers_count;
} mosis_peers_list_result;

/** Result of peers.get. */
typedef struct mosis_peers_get_result {
  /** The peer; online = false when unknown. */
  mosis_peer_info peer;
} mosis_peers_get_result;

/** Result of peers.statistics. */
typedef struct mosis_peers_statistics_result {
  /** State of the connection. */
  mosis_connection_state state;
  /** The peer speaks only the plain JSON form. */
  bool plain;
  /** Selected local ICE candidate: address, port, type, protocol. (at most 256 bytes; data NULL = left out) */
  mosis_string local_candidate;
  /** Selected remote ICE candidate. (at most 256 bytes; data NULL = left out) */
  mosis_string remote_candidate;
  /** RTCDtlsTransportState. (at most 32 bytes; data NULL = left out) */
  mosis_string dtls_state;
  /** RTCIceConnectionState. (at most 32 bytes; data NULL = left out) */
  mosis_string ice_state;
  /** False: round_trip_ms was left out and is zero. */
  bool has_round_trip_ms;
  /** Last SCTP round trip. (in ms) */
  uint32_t round_trip_ms;
  /** False: bytes_sent was left out and is zero. */
  bool has_bytes_sent;
  /** Data channel bytes sent. (in bytes; 0 … 2^53 − 1) */
  uint64_t bytes_sent;
  /** False: bytes_received was left out and is zero. */
  bool has_bytes_received;
  /** Data channel bytes received. (in bytes; 0 … 2^53 − 1) */
  uint64_t bytes_received;
  /** False: connect_time_ms was left out and is zero. */
  bool has_connect_time_ms;
  /** From the first offer to open. (in ms) */
  uint32_t connect_time_ms;
  /** How often the connection was built anew. */
  uint32_t rebuilds;
} mosis_peers_statistics_result;

/** Result of message.send. */
typedef struct mosis_message_send_result {
  /** Local id, never reused. (0 … 2^53 − 1) */
  uint64_t message_id;
} mosis_message_send_result;

/** The line of this session changed its state. */
typedef struct mosis_line_changed {
  /** The line as it is now. */
  mosis_line_info line;
} mosis_line_changed;

/** A peer came, went or changed its name. */
typedef struct mosis_peer_changed {
  /** The peer as it is now. */
  mosis_peer_info peer;
} mosis_peer_changed;

/** A peer showed another key than the one pinned at first contact. Nothing is exchanged with it until peers.trust. */
typedef struct mosis_peer_identity_changed {
  /** Phone id. (at most 128 bytes) */
  mosis_string peer_id;
  /** SHA-256 of the new public key, hex in groups of four. (at most 128 bytes) */
  mosis_string fingerprint;
} mosis_peer_identity_changed;

/**
 * A text arrived and is on disk. Comes exactly once to a session that follows its events, and again to a game that
 * died before it took it.
 */
typedef struct mosis_message_received {
  /** Local id, never reused. (0 … 2^53 − 1) */
  uint64_t message_id;
  /** From whom. (at most 128 bytes) */
  mosis_string peer_id;
  /** UTF-8. (at most 65536 bytes) */
  mosis_string text;
  /** When the peer says it sent it; Unix time. (in ms; 0 … 2^53 − 1) */
  uint64_t sent_at;
  /** When it arrived; Unix time. (in ms; 0 … 2^53 − 1) */
  uint64_t received_at;
} mosis_message_received;

/** A sent message was delivered or failed. Comes once per message. */
typedef struct mosis_message_changed {
  /** As message.send answered. (0 … 2^53 − 1) */
  uint64_t message_id;
  /** To whom. (at most 128 bytes) */
  mosis_string peer_id;
  /** delivered or failed. */
  mosis_message_state state;
  /** The peer confirmed that it has it on disk; false for plain peers and failures. */
  bool confirmed;
  /** False: reason was left out and is zero. */
  bool has_reason;
  /** Why it failed. */
  mosis_result reason;
  /** The same for people: what failed and what to check. (at most 1024 bytes; data NULL = left out) */
  mosis_string text;
} mosis_message_changed;

#ifdef __cplusplus
}
#endif
#endif
