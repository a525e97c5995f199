-- Generated from mosis.h and mosis_types.h by bindings/lua/generate.lua; do not edit.
return [[
enum {
  MOSIS_PROTOCOL_MIN = 1,
  MOSIS_PROTOCOL_MAX = 1
};
typedef struct mosis_string {
  const char* data;
  uint32_t size;
} mosis_string;
typedef struct mosis_bytes {
  const uint8_t* data;
  uint32_t size;
} mosis_bytes;
typedef int32_t mosis_result;
enum {
  MOSIS_OK = 0,
  MOSIS_ERR_INVALID_ARGUMENT = -1,
  MOSIS_ERR_MALFORMED = -2,
  MOSIS_ERR_UNKNOWN_METHOD = -3,
  MOSIS_ERR_PROTOCOL_MISMATCH = -4,
  MOSIS_ERR_NOT_IDENTIFIED = -5,
  MOSIS_ERR_TOKEN_WRONG = -6,
  MOSIS_ERR_NOT_PERMITTED = -7,
  MOSIS_ERR_TOO_LARGE = -8,
  MOSIS_ERR_DEADLINE_EXCEEDED = -9,
  MOSIS_ERR_QUEUE_FULL = -10,
  MOSIS_ERR_CONNECTION_LOST = -11,
  MOSIS_ERR_LINE_NOT_CONFIGURED = -12,
  MOSIS_ERR_PEER_OFFLINE = -13,
  MOSIS_ERR_PEER_UNREACHABLE = -14,
  MOSIS_ERR_IDENTITY_CHANGED = -15,
  MOSIS_ERR_NOT_SUPPORTED = -16,
  MOSIS_ERR_STORE_FAILED = -17,
  MOSIS_ERR_MEDIA_FAILED = -18,
  MOSIS_ERR_TAKEN_OVER = -19,
  MOSIS_ERR_SERVER_REFUSED = -20,
  MOSIS_ERR_SERVER_UNREACHABLE = -21,
  MOSIS_ERR_RATE_LIMITED = -22,
  MOSIS_ERR_SHUTTING_DOWN = -23,
  MOSIS_ERR_NOT_FOUND = -24,
  MOSIS_ERR_INTERNAL = -25,
  MOSIS_ERR_DAEMON_NOT_FOUND = -26,
  MOSIS_ERR_DAEMON_START_FAILED = -27,
  MOSIS_ERR_UNSAFE_FOLDER = -28,
  MOSIS_ERR_WRONG_THREAD = -29
};
typedef uint32_t mosis_line_state;
enum {
  MOSIS_LINE_STATE_UNCONFIGURED = 0,
  MOSIS_LINE_STATE_OFFLINE = 1,
  MOSIS_LINE_STATE_CONNECTING = 2,
  MOSIS_LINE_STATE_ONLINE = 3
};
typedef uint32_t mosis_media_state;
enum {
  MOSIS_MEDIA_STATE_STOPPED = 0,
  MOSIS_MEDIA_STATE_STARTING = 1,
  MOSIS_MEDIA_STATE_RUNNING = 2,
  MOSIS_MEDIA_STATE_FAILED = 3
};
typedef uint32_t mosis_connection_state;
enum {
  MOSIS_CONNECTION_STATE_IDLE = 0,
  MOSIS_CONNECTION_STATE_CONNECTING = 1,
  MOSIS_CONNECTION_STATE_VERIFYING = 2,
  MOSIS_CONNECTION_STATE_OPEN = 3
};
typedef uint32_t mosis_message_state;
enum {
  MOSIS_MESSAGE_STATE_ACCEPTED = 0,
  MOSIS_MESSAGE_STATE_DELIVERED = 1,
  MOSIS_MESSAGE_STATE_FAILED = 2
};
enum {
  MOSIS_METHOD_DAEMON_STATUS = 0x0101,
  MOSIS_METHOD_DAEMON_STOP = 0x0102,
  MOSIS_METHOD_LINE_CONFIGURE = 0x0201,
  MOSIS_METHOD_LINE_CLOSE = 0x0202,
  MOSIS_METHOD_PEERS_LIST = 0x0301,
  MOSIS_METHOD_PEERS_GET = 0x0302,
  MOSIS_METHOD_PEERS_STATISTICS = 0x0303,
  MOSIS_METHOD_PEERS_TRUST = 0x0304,
  MOSIS_METHOD_MESSAGE_SEND = 0x0401
};
enum {
  MOSIS_EVENT_LINE_CHANGED = 0x0281,
  MOSIS_EVENT_PEER_CHANGED = 0x0381,
  MOSIS_EVENT_PEER_IDENTITY_CHANGED = 0x0382,
  MOSIS_EVENT_MESSAGE_RECEIVED = 0x0481,
  MOSIS_EVENT_MESSAGE_CHANGED = 0x0482
};
enum {
  MOSIS_EVENTS_LINES = 1,
  MOSIS_EVENTS_PEERS = 2,
  MOSIS_EVENTS_MESSAGES = 4,
  MOSIS_EVENTS_ALL = 7
};
typedef struct mosis_line_settings {
  mosis_string server;
  mosis_string phone_id;
  mosis_string display_name;
} mosis_line_settings;
typedef struct mosis_line_info {
  uint64_t line_id;
  mosis_line_state state;
  mosis_string server;
  mosis_string phone_id;
  mosis_string display_name;
  bool has_error;
  mosis_result error;
  mosis_string text;
  bool has_retry_in_ms;
  uint32_t retry_in_ms;
} mosis_line_info;
typedef struct mosis_peer_info {
  mosis_string peer_id;
  mosis_string display_name;
  bool online;
} mosis_peer_info;
typedef struct mosis_snapshot {
  uint64_t sequence;
  mosis_line_info line;
  const mosis_peer_info* peers;
  uint32_t peers_count;
} mosis_snapshot;
typedef struct mosis_session_info {
  uint64_t session_id;
  mosis_string app;
  mosis_string engine;
  uint32_t pid;
  uint64_t line_id;
  uint32_t events_queued;
} mosis_session_info;
typedef struct mosis_line_configure_params {
  mosis_string server;
  mosis_string phone_id;
  mosis_string display_name;
} mosis_line_configure_params;
typedef struct mosis_peers_get_params {
  mosis_string peer_id;
} mosis_peers_get_params;
typedef struct mosis_peers_statistics_params {
  mosis_string peer_id;
} mosis_peers_statistics_params;
typedef struct mosis_peers_trust_params {
  mosis_string peer_id;
} mosis_peers_trust_params;
typedef struct mosis_message_send_params {
  mosis_string peer_id;
  mosis_string text;
} mosis_message_send_params;
typedef struct mosis_daemon_status_result {
  mosis_string version;
  uint32_t pid;
  mosis_string profile;
  uint64_t uptime_ms;
  bool stay;
  uint64_t resident_bytes;
  mosis_media_state media;
  bool has_media_pid;
  uint32_t media_pid;
  uint32_t media_restarts;
  const mosis_session_info* sessions;
  uint32_t sessions_count;
  const mosis_line_info* lines;
  uint32_t lines_count;
  uint64_t outbox_messages;
  uint64_t malformed_messages;
  const mosis_string* missing;
  uint32_t missing_count;
} mosis_daemon_status_result;
typedef struct mosis_line_configure_result {
  mosis_line_info line;
} mosis_line_configure_result;
typedef struct mosis_line_close_result {
  mosis_line_info line;
} mosis_line_close_result;
typedef struct mosis_peers_list_result {
  const mosis_peer_info* peers;
  uint32_t peers_count;
} mosis_peers_list_result;
typedef struct mosis_peers_get_result {
  mosis_peer_info peer;
} mosis_peers_get_result;
typedef struct mosis_peers_statistics_result {
  mosis_connection_state state;
  bool plain;
  mosis_string local_candidate;
  mosis_string remote_candidate;
  mosis_string dtls_state;
  mosis_string ice_state;
  bool has_round_trip_ms;
  uint32_t round_trip_ms;
  bool has_bytes_sent;
  uint64_t bytes_sent;
  bool has_bytes_received;
  uint64_t bytes_received;
  bool has_connect_time_ms;
  uint32_t connect_time_ms;
  uint32_t rebuilds;
} mosis_peers_statistics_result;
typedef struct mosis_message_send_result {
  uint64_t message_id;
} mosis_message_send_result;
typedef struct mosis_line_changed {
  mosis_line_info line;
} mosis_line_changed;
typedef struct mosis_peer_changed {
  mosis_peer_info peer;
} mosis_peer_changed;
typedef struct mosis_peer_identity_changed {
  mosis_string peer_id;
  mosis_string fingerprint;
} mosis_peer_identity_changed;
typedef struct mosis_message_received {
  uint64_t message_id;
  mosis_string peer_id;
  mosis_string text;
  uint64_t sent_at;
  uint64_t received_at;
} mosis_message_received;
typedef struct mosis_message_changed {
  uint64_t message_id;
  mosis_string peer_id;
  mosis_message_state state;
  bool confirmed;
  bool has_reason;
  mosis_result reason;
  mosis_string text;
} mosis_message_changed;
enum {
  MOSIS_ABI_VERSION_MAJOR = 1,
  MOSIS_ABI_VERSION_MINOR = 0
};
uint32_t mosis_abi_version(void);
const char* mosis_result_text(mosis_result result);
typedef struct mosis_client mosis_client;
typedef enum mosis_client_state {
  MOSIS_CLIENT_CONNECTING = 0,
  MOSIS_CLIENT_READY = 1,
  MOSIS_CLIENT_RECONNECTING = 2,
  MOSIS_CLIENT_FAILED = 3
} mosis_client_state;
typedef void (*mosis_wake_callback)(void* user);
typedef struct mosis_client_options {
  uint32_t struct_size;
  const char* app;
  const char* app_version;
  const char* engine;
  const char* profile;
  const char* daemon_path;
  uint32_t do_not_start_daemon;
  uint32_t events;
  const char* server;
  const char* phone_id;
  const char* display_name;
  uint32_t event_queue_limit;
  uint32_t request_queue_limit;
  uint32_t goodbye_timeout_ms;
  mosis_wake_callback wake;
  void* wake_user;
} mosis_client_options;
void mosis_client_options_init(mosis_client_options* options);
mosis_result mosis_client_create(const mosis_client_options* options, mosis_client** client);
void mosis_client_destroy(mosis_client* client);
mosis_client_state mosis_client_get_state(const mosis_client* client);
enum {
  MOSIS_EVENT_CLIENT_STATE = 1,
  MOSIS_EVENT_RESPONSE = 2,
  MOSIS_EVENT_SNAPSHOT = 3
};
typedef struct mosis_client_state_event {
  mosis_client_state state;
  mosis_result error;
  mosis_string text;
  uint32_t daemon_pid;
} mosis_client_state_event;
typedef struct mosis_event {
  uint32_t struct_size;
  uint32_t type;
  uint64_t sequence;
  uint64_t request_id;
  mosis_result result;
  uint32_t method;
  mosis_string text;
  const void* data;
  mosis_bytes payload;
} mosis_event;
int32_t mosis_client_poll(mosis_client* client, const mosis_event** event);
typedef struct mosis_request_options {
  uint32_t struct_size;
  uint32_t deadline_ms;
} mosis_request_options;
void mosis_request_options_init(mosis_request_options* options);
mosis_result mosis_client_request(mosis_client* client, uint32_t method, const void* params, uint32_t params_size,
                                            const mosis_request_options* options, uint64_t* request_id);
mosis_result mosis_daemon_status(mosis_client* client, uint64_t* request_id);
mosis_result mosis_line_configure(mosis_client* client, const char* server, const char* phone_id, const char* display_name,
                                            uint64_t* request_id);
mosis_result mosis_line_close(mosis_client* client, uint64_t* request_id);
mosis_result mosis_client_peers(mosis_client* client, const mosis_peer_info** peers, uint32_t* count);
mosis_result mosis_peers_statistics(mosis_client* client, const char* peer_id, uint64_t* request_id);
mosis_result mosis_peers_trust(mosis_client* client, const char* peer_id, uint64_t* request_id);
mosis_result mosis_message_send(mosis_client* client, const char* peer_id, const char* text, uint32_t text_size,
                                          uint64_t* request_id);
typedef struct mosis_stats {
  uint32_t struct_size;
  uint32_t reconnects;
  uint32_t daemons_started;
  uint32_t events_queued;
  uint32_t events_queued_max;
  uint32_t requests_pending;
  uint64_t requests_sent;
  uint64_t responses_received;
  uint64_t events_received;
  uint64_t events_held;
  uint64_t malformed;
  uint64_t bytes_sent;
  uint64_t bytes_received;
  uint32_t round_trip_us;
} mosis_stats;
void mosis_stats_init(mosis_stats* stats);
mosis_result mosis_client_get_stats(const mosis_client* client, mosis_stats* stats);
]]
