// What this client is to the daemon, across reconnects: its key, its line, the last event that reached the game's queue. I/O thread
// only.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "link/outbox.h"
#include "protocol/messages.gen.h"

namespace mosis {

/** Fills with cryptographically strong bytes; false when the system has none. */
bool random_bytes(void* out, size_t size);

/** Settings that were given; the others stay as they were. */
struct LineSettings {
  std::optional<std::string> server;
  std::optional<std::string> phone_id;
  std::optional<std::string> display_name;

  bool empty() const { return !server && !phone_id && !display_name; }
  void merge(const mosis_line_configure_params& change);
};

struct SessionSettings {
  std::string app;
  std::string app_version;
  std::string engine;
  uint32_t events = MOSIS_EVENTS_ALL;
  LineSettings line;
};

class Session {
 public:
  explicit Session(SessionSettings settings);

  /** The hello message for a daemon with this token; empty when a setting does not fit the schema. */
  std::string hello(const std::string& token);
  void identified(const protocol::Identified& identified);
  /** False: the event was seen before and is to be dropped. */
  bool note_event(uint64_t sequence);

  /** The params to send for a request: line.configure is completed when the daemon does not know our line. */
  std::string params_for(const Request& request) const;
  /** What a request that succeeded changed: only then is it said again in hello. */
  void succeeded(const Request& request);

 private:
  const SessionSettings settings_;
  std::array<uint8_t, 16> key_{};
  LineSettings line_;
  /** After line.close: hello must not open it again. */
  bool line_closed_ = false;
  bool daemon_knows_line_ = false;

  /** The line that the last snapshot named. */
  uint64_t line_id_ = 0;
  /** By line, the newest event that reached the queue. They are numbered over all lines: what waits on another line may be older.
   */
  std::map<uint64_t, uint64_t> newest_seen_;
};

}  // namespace mosis
