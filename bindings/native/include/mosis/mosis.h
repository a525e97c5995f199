/*
 * mosis.h — the phone for any game, as a C library (C99, C++17).
 *
 * The library finds or starts the local daemon `mosisd`, which owns identity, contacts, messages, calls and the network; the game
 * asks, polls events on its own thread, and is never blocked.
 *
 *     mosis_client_options options;
 *     mosis_client_options_init(&options);
 *     options.app = "my-game";
 *     mosis_client* phone = NULL;
 *     if (mosis_client_create(&options, &phone) != MOSIS_OK) return 1;
 *     mosis_line_configure(phone, "wss://signal.mosis.dev", "user_12345", "John's Phone", NULL);
 *     mosis_message_send(phone, "phone_456", "Hello!", MOSIS_NUL_TERMINATED, NULL);
 *     for (;;) {                                             // once per game frame
 *       const mosis_event* event;
 *       while (mosis_client_poll(phone, &event) == 1) {
 *         if (event->type == MOSIS_EVENT_MESSAGE_RECEIVED) {
 *           const mosis_message_received* m = (const mosis_message_received*)event->data;
 *           printf("%.*s: %.*s\n", (int)m->peer_id.size, m->peer_id.data, (int)m->text.size, m->text.data);
 *         }
 *       }
 *     }
 *     mosis_client_destroy(phone);
 *
 * GLOSSARY
 *   daemon    the local process `mosisd`, one per user and profile; outlives the game for some seconds
 *   profile   one phone store: key, database, folder; "default" unless said otherwise
 *   line      one phone id on one signalling server
 *   peer      another phone
 *   request   a question to the daemon; its answer is an event of type MOSIS_EVENT_RESPONSE with the same request_id
 *   event     something that happened; taken with mosis_client_poll
 *
 * THREADS
 *   Each function may be called from any thread, at any time, also at once with others, with these exceptions:
 *   - mosis_client_poll and mosis_client_peers belong to one thread at a time (the game thread).
 *   - mosis_client_destroy: nobody else may be inside any function of this client, or call one afterwards.
 *   - inside the wake callback no function of this library may be called: they return MOSIS_ERR_WRONG_THREAD and do nothing, and so
 *     do poll and peers while another thread is inside one of them.
 *   - a process made by fork() without exec has no client: it must not touch the parent's.
 *   No function waits for the daemon, the network or the disk, except mosis_client_destroy (at most `goodbye_timeout_ms`).
 *
 * MEMORY
 *   What a function gets is copied before it returns. What an event points at belongs to the library and lives until the next
 *   mosis_client_poll or mosis_client_destroy of that client.
 *
 * VERSIONS
 *   Structs that the caller fills start with struct_size and are filled by their _init function; fields are only ever added at the
 *   end. Unknown event types must be skipped by the game. mosis_types.h is generated from proto/schema.
 */
#ifndef MOSIS_H
#define MOSIS_H

#include <stddef.h>
#include <stdint.h>

#include "mosis_types.h"

#if defined(_WIN32)
#if defined(MOSIS_BUILDING)
#define MOSIS_API __declspec(dllexport)
#else
#define MOSIS_API __declspec(dllimport)
#endif
#else
#define MOSIS_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------------------ versions, results */

/** Version of this binary interface; grows when something is added, and MAJOR when something breaks. */
#define MOSIS_ABI_VERSION_MAJOR 1
#define MOSIS_ABI_VERSION_MINOR 0

/** Passed as a size: the text ends with a NUL. */
#define MOSIS_NUL_TERMINATED UINT32_MAX

/** (major << 16) | minor of the library that was loaded; compare its major with MOSIS_ABI_VERSION_MAJOR. */
MOSIS_API uint32_t mosis_abi_version(void);

/** One English sentence for a result code: what it means and what to check. Static memory, never NULL. */
MOSIS_API const char* mosis_result_text(mosis_result result);

/* ---------------------------------------------------------------------------------------------------------------------- client */

/** A connection of one game to the daemon. */
typedef struct mosis_client mosis_client;

/** State of the link to the daemon. */
typedef enum mosis_client_state {
  /** Looking for the daemon, starting it, or saying hello for the first time. */
  MOSIS_CLIENT_CONNECTING = 0,
  /** The session stands. */
  MOSIS_CLIENT_READY = 1,
  /** The daemon went; a new one is being found or started. Requests made now wait (up to the queue bound). */
  MOSIS_CLIENT_RECONNECTING = 2,
  /** Given up: the daemon refused, or none could be started. The event says why; only a new client tries again. */
  MOSIS_CLIENT_FAILED = 3
} mosis_client_state;

/**
 * Called on the library's I/O thread when the event queue turns from empty to not empty. It must return at once, must not throw
 * and must not call into this library: set a flag, signal a semaphore. It does not come while events are waiting to be polled.
 */
typedef void (*mosis_wake_callback)(void* user);

/** How a client is made. Strings: UTF-8, NUL-terminated, copied. NULL and 0 mean the default. */
typedef struct mosis_client_options {
  uint32_t struct_size;
  /** Which game this is, 1–128 bytes. Required. */
  const char* app;
  /** Version of the game, at most 64 bytes. */
  const char* app_version;
  /** Engine and version, at most 64 bytes, e.g. "Unity 6000.1". */
  const char* engine;
  /** Profile, [a-z0-9_-]{1,32}. Default: environment MOSIS_PROFILE, else "default". */
  const char* profile;
  /** Path of the daemon program. Default: see README of bindings/native; environment MOSIS_DAEMON goes before this. */
  const char* daemon_path;
  /** Non-zero: never start a daemon, wait for one that somebody else starts. */
  uint32_t do_not_start_daemon;
  /** MOSIS_EVENTS_* bits. Default: all. */
  uint32_t events;
  /** Line to bind to at once; may also be set later by mosis_line_configure. */
  const char* server;
  const char* phone_id;
  const char* display_name;
  /** Events waiting to be polled, at most. Default 4096. See mosis_stats.events_held. */
  uint32_t event_queue_limit;
  /**
   * Requests waiting to be sent or answered, or whose answer waits to be polled, at most. Default 1024; beyond that functions return
   * MOSIS_ERR_QUEUE_FULL.
   */
  uint32_t request_queue_limit;
  /** Limit of mosis_client_destroy in ms. Default 200. */
  uint32_t goodbye_timeout_ms;
  /** See mosis_wake_callback. */
  mosis_wake_callback wake;
  void* wake_user;
} mosis_client_options;

/** Fills in struct_size and zeros. */
MOSIS_API void mosis_client_options_init(mosis_client_options* options);

/**
 * Makes a client; finding or starting the daemon goes on in the background and ends in MOSIS_EVENT_CLIENT_STATE.
 * Returns MOSIS_ERR_INVALID_ARGUMENT for NULL pointers, a missing or overlong app, a bad profile, too long strings or invalid UTF-8;
 * *client is NULL then.
 */
MOSIS_API mosis_result mosis_client_create(const mosis_client_options* options, mosis_client** client);

/**
 * Says goodbye to the daemon and frees the client. Waits for the I/O thread: at most goodbye_timeout_ms. NULL is ignored.
 * Requests without an answer are dropped; messages that were accepted go on in the daemon. The event polled last counts as taken.
 */
MOSIS_API void mosis_client_destroy(mosis_client* client);

/** State as of the last polled event is in the events; this is the state right now. */
MOSIS_API mosis_client_state mosis_client_get_state(const mosis_client* client);

/* ---------------------------------------------------------------------------------------------------------------------- events */

/** Event types of the library itself; those of the daemon are in mosis_types.h. */
enum {
  /** data = mosis_client_state_event. */
  MOSIS_EVENT_CLIENT_STATE = 1,
  /** Answer to a request: request_id, result, method, text; data = the method's result struct, NULL when result < 0. */
  MOSIS_EVENT_RESPONSE = 2,
  /**
   * data = mosis_snapshot. Comes after each MOSIS_CLIENT_READY, and when the daemon goes on after it had to hold events back: the state
   * from which the following events go on.
   */
  MOSIS_EVENT_SNAPSHOT = 3
};

/** data of MOSIS_EVENT_CLIENT_STATE. */
typedef struct mosis_client_state_event {
  mosis_client_state state;
  /** MOSIS_OK, or why it is RECONNECTING or FAILED. */
  mosis_result error;
  /** The same for people; empty when there is nothing to say. */
  mosis_string text;
  /** Process id of the daemon when READY, else 0. */
  uint32_t daemon_pid;
} mosis_client_state_event;

typedef struct mosis_event {
  uint32_t struct_size;
  /** MOSIS_EVENT_*; skip what you do not know. */
  uint32_t type;
  /** Grows from event to event of one profile, over restarts; 0 for events of the library itself. */
  uint64_t sequence;
  /** MOSIS_EVENT_RESPONSE: which request. Else 0. */
  uint64_t request_id;
  /** MOSIS_EVENT_RESPONSE: MOSIS_OK or a negative code. Else MOSIS_OK. */
  mosis_result result;
  /** MOSIS_EVENT_RESPONSE: MOSIS_METHOD_*. Else 0. */
  uint32_t method;
  /** MOSIS_EVENT_RESPONSE with result < 0: one sentence. Else empty. */
  mosis_string text;
  /** Struct that belongs to the type, or NULL. */
  const void* data;
  /** The same as MessagePack map, for bindings with a codec of their own; empty for MOSIS_EVENT_CLIENT_STATE and failed responses. */
  mosis_bytes payload;
} mosis_event;

/**
 * Takes the next event. 1: *event points at it, until the next call. 0: nothing waits, *event is NULL.
 * Never blocks; copies nothing; events come in the order in which they happened. Negative: MOSIS_ERR_INVALID_ARGUMENT (NULL),
 * MOSIS_ERR_WRONG_THREAD.
 */
MOSIS_API int32_t mosis_client_poll(mosis_client* client, const mosis_event** event);

/* -------------------------------------------------------------------------------------------------------------------- requests */

/** How a request is made; NULL = defaults. */
typedef struct mosis_request_options {
  uint32_t struct_size;
  /** Answer at the latest after this many ms; then MOSIS_EVENT_RESPONSE with MOSIS_ERR_DEADLINE_EXCEEDED. Default 10 000. */
  uint32_t deadline_ms;
} mosis_request_options;

MOSIS_API void mosis_request_options_init(mosis_request_options* options);

/**
 * Any request of proto/generated/protocol.md. `params`: its MessagePack map. The functions below do this for C; bindings with a codec
 * of their own call it directly. *request_id (may be NULL) names the answer. Every accepted request gets exactly one
 * MOSIS_EVENT_RESPONSE, whatever happens to the daemon.
 * MOSIS_ERR_INVALID_ARGUMENT: unknown method, params that do not fit its schema (checked here, before anything is sent).
 * MOSIS_ERR_QUEUE_FULL: request_queue_limit. MOSIS_ERR_SHUTTING_DOWN: the client has failed.
 */
MOSIS_API mosis_result mosis_client_request(mosis_client* client, uint32_t method, const void* params, uint32_t params_size,
                                            const mosis_request_options* options, uint64_t* request_id);

/** daemon.status → mosis_daemon_status_result. */
MOSIS_API mosis_result mosis_daemon_status(mosis_client* client, uint64_t* request_id);

/* ------------------------------------------------------------------------------------------------------------------------ line */

/**
 * line.configure → mosis_line_configure_result. NULL leaves a setting as it was; the line opens when server and phone id are both
 * known, in whatever order they come. The library says it again by itself after the daemon was restarted.
 */
MOSIS_API mosis_result mosis_line_configure(mosis_client* client, const char* server, const char* phone_id, const char* display_name,
                                            uint64_t* request_id);

/** line.close → mosis_line_close_result. */
MOSIS_API mosis_result mosis_line_close(mosis_client* client, uint64_t* request_id);

/* ----------------------------------------------------------------------------------------------------------------------- peers */

/**
 * The online peers as of the last polled event: *peers points at *count entries, valid until the next poll. No request is made.
 * Poll thread only.
 */
MOSIS_API mosis_result mosis_client_peers(mosis_client* client, const mosis_peer_info** peers, uint32_t* count);

/** peers.statistics → mosis_peers_statistics_result. */
MOSIS_API mosis_result mosis_peers_statistics(mosis_client* client, const char* peer_id, uint64_t* request_id);

/** peers.trust → empty result. */
MOSIS_API mosis_result mosis_peers_trust(mosis_client* client, const char* peer_id, uint64_t* request_id);

/* -------------------------------------------------------------------------------------------------------------------- messages */

/**
 * message.send → mosis_message_send_result when the text is on the daemon's disk; then MOSIS_EVENT_MESSAGE_CHANGED says delivered
 * or failed. `text_size` bytes of UTF-8, 1–65536, or MOSIS_NUL_TERMINATED. Sent exactly once, also when the daemon dies meanwhile.
 */
MOSIS_API mosis_result mosis_message_send(mosis_client* client, const char* peer_id, const char* text, uint32_t text_size,
                                          uint64_t* request_id);

/* ------------------------------------------------------------------------------------------------------------------ statistics */

/** Counters since mosis_client_create; read at any time from any thread. */
typedef struct mosis_stats {
  uint32_t struct_size;
  /** Times the link came back after it was lost. */
  uint32_t reconnects;
  /** Daemons that this client started. */
  uint32_t daemons_started;
  /** Events waiting to be polled now, and the most ever. */
  uint32_t events_queued;
  uint32_t events_queued_max;
  /** Requests waiting now, counted as by request_queue_limit. */
  uint32_t requests_pending;
  uint64_t requests_sent;
  uint64_t responses_received;
  uint64_t events_received;
  /** Times the event queue was full and the daemon had to hold events back (they come later; nothing is lost). */
  uint64_t events_held;
  /** Messages from the daemon that were refused as malformed. */
  uint64_t malformed;
  uint64_t bytes_sent;
  uint64_t bytes_received;
  /** Round trip of the last ping to the daemon. */
  uint32_t round_trip_us;
} mosis_stats;

MOSIS_API void mosis_stats_init(mosis_stats* stats);
/** Fills in what struct_size has room for. */
MOSIS_API mosis_result mosis_client_get_stats(const mosis_client* client, mosis_stats* stats);

#ifdef __cplusplus
}
#endif
#endif
