// Generated from proto/schema by `npm run generate`; do not edit.
#include "messages.gen.h"

#include "limits.gen.h"

namespace mosis::protocol {

bool is_error_code(uint64_t number) {
  switch (number) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
    case 19:
    case 20:
    case 21:
    case 22:
    case 23:
    case 24:
    case 25:
    case 26:
    case 27:
    case 28:
    case 29:
      return true;
    default:
      return false;
  }
}

namespace {

bool is_line_state(uint64_t number) {
  switch (number) {
    case 0:
    case 1:
    case 2:
    case 3:
      return true;
    default:
      return false;
  }
}

bool is_goodbye_reason(uint64_t number) {
  switch (number) {
    case 0:
    case 1:
      return true;
    default:
      return false;
  }
}

bool is_media_state(uint64_t number) {
  switch (number) {
    case 0:
    case 1:
    case 2:
    case 3:
      return true;
    default:
      return false;
  }
}

bool is_connection_state(uint64_t number) {
  switch (number) {
    case 0:
    case 1:
    case 2:
    case 3:
      return true;
    default:
      return false;
  }
}

bool is_message_state(uint64_t number) {
  switch (number) {
    case 0:
    case 1:
    case 2:
      return true;
    default:
      return false;
  }
}

uint32_t read_line_state(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_line_state(number)) reader.fail(what);
  return static_cast<uint32_t>(number);
}

void write_line_state(Writer& writer, uint32_t value, const char* what) {
  const uint64_t number = value;
  if (!is_line_state(number)) writer.fail(what);
  writer.integer(number);
}

mosis_result read_error_code(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_error_code(number)) reader.fail(what);
  return -static_cast<mosis_result>(number);
}

void write_error_code(Writer& writer, mosis_result value, const char* what) {
  const uint64_t number = value < 0 ? static_cast<uint64_t>(-static_cast<int64_t>(value)) : 0;
  if (!is_error_code(number)) writer.fail(what);
  writer.integer(number);
}

uint32_t read_goodbye_reason(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_goodbye_reason(number)) reader.fail(what);
  return static_cast<uint32_t>(number);
}

void write_goodbye_reason(Writer& writer, uint32_t value, const char* what) {
  const uint64_t number = value;
  if (!is_goodbye_reason(number)) writer.fail(what);
  writer.integer(number);
}

uint32_t read_media_state(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_media_state(number)) reader.fail(what);
  return static_cast<uint32_t>(number);
}

void write_media_state(Writer& writer, uint32_t value, const char* what) {
  const uint64_t number = value;
  if (!is_media_state(number)) writer.fail(what);
  writer.integer(number);
}

uint32_t read_connection_state(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_connection_state(number)) reader.fail(what);
  return static_cast<uint32_t>(number);
}

void write_connection_state(Writer& writer, uint32_t value, const char* what) {
  const uint64_t number = value;
  if (!is_connection_state(number)) writer.fail(what);
  writer.integer(number);
}

uint32_t read_message_state(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_message_state(number)) reader.fail(what);
  return static_cast<uint32_t>(number);
}

void write_message_state(Writer& writer, uint32_t value, const char* what) {
  const uint64_t number = value;
  if (!is_message_state(number)) writer.fail(what);
  writer.integer(number);
}

}  // namespace

bool read(Reader& reader, Arena&, mosis_line_settings& out) {
  out = {};
  Fields fields(reader, 0x0u, "LineSettings: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.server = reader.text(1024, "LineSettings.server");
        break;
      case 2:
        out.phone_id = reader.text(128, "LineSettings.phoneId");
        break;
      case 3:
        out.display_name = reader.text(256, "LineSettings.displayName");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_settings& in) {
  writer.map(0u + (in.server.data != nullptr ? 1u : 0u) + (in.phone_id.data != nullptr ? 1u : 0u) + (in.display_name.data != nullptr ? 1u : 0u));
  if (in.server.data != nullptr) {
    writer.integer(1);
    writer.text(in.server, 1024, "LineSettings.server");
  }
  if (in.phone_id.data != nullptr) {
    writer.integer(2);
    writer.text(in.phone_id, 128, "LineSettings.phoneId");
  }
  if (in.display_name.data != nullptr) {
    writer.integer(3);
    writer.text(in.display_name, 256, "LineSettings.displayName");
  }
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_line_info& out) {
  out = {};
  Fields fields(reader, 0x3eu, "LineInfo: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.line_id = reader.integer(kMaxInteger, "LineInfo.lineId");
        break;
      case 2:
        out.state = read_line_state(reader, "LineInfo.state");
        break;
      case 3:
        out.server = reader.text(1024, "LineInfo.server");
        break;
      case 4:
        out.phone_id = reader.text(128, "LineInfo.phoneId");
        break;
      case 5:
        out.display_name = reader.text(256, "LineInfo.displayName");
        break;
      case 6:
        out.has_error = true;
        out.error = read_error_code(reader, "LineInfo.error");
        break;
      case 7:
        out.text = reader.text(1024, "LineInfo.text");
        break;
      case 8:
        out.has_retry_in_ms = true;
        out.retry_in_ms = static_cast<uint32_t>(reader.integer(kMaxUint32, "LineInfo.retryInMs"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_info& in) {
  writer.map(5u + (in.has_error ? 1u : 0u) + (in.text.data != nullptr ? 1u : 0u) + (in.has_retry_in_ms ? 1u : 0u));
  writer.integer(1);
  writer.integer(in.line_id, kMaxInteger, "LineInfo.lineId");
  writer.integer(2);
  write_line_state(writer, in.state, "LineInfo.state");
  writer.integer(3);
  writer.text(in.server, 1024, "LineInfo.server");
  writer.integer(4);
  writer.text(in.phone_id, 128, "LineInfo.phoneId");
  writer.integer(5);
  writer.text(in.display_name, 256, "LineInfo.displayName");
  if (in.has_error) {
    writer.integer(6);
    write_error_code(writer, in.error, "LineInfo.error");
  }
  if (in.text.data != nullptr) {
    writer.integer(7);
    writer.text(in.text, 1024, "LineInfo.text");
  }
  if (in.has_retry_in_ms) {
    writer.integer(8);
    writer.integer(in.retry_in_ms);
  }
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peer_info& out) {
  out = {};
  Fields fields(reader, 0xeu, "PeerInfo: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "PeerInfo.peerId");
        break;
      case 2:
        out.display_name = reader.text(256, "PeerInfo.displayName");
        break;
      case 3:
        out.online = reader.boolean("PeerInfo.online");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peer_info& in) {
  writer.map(3u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "PeerInfo.peerId");
  writer.integer(2);
  writer.text(in.display_name, 256, "PeerInfo.displayName");
  writer.integer(3);
  writer.boolean(in.online);
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_snapshot& out) {
  out = {};
  Fields fields(reader, 0xeu, "Snapshot: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.sequence = reader.integer(kMaxInteger, "Snapshot.sequence");
        break;
      case 2:
        read(reader, arena, out.line);
        break;
      case 3:
        reader.list(arena, out.peers, out.peers_count, 1024, "Snapshot.peers",
                    [&](mosis_peer_info& one) { read(reader, arena, one); });
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_snapshot& in) {
  writer.map(3u);
  writer.integer(1);
  writer.integer(in.sequence, kMaxInteger, "Snapshot.sequence");
  writer.integer(2);
  write(writer, in.line);
  writer.integer(3);
  writer.list(in.peers, in.peers_count, 1024, "Snapshot.peers",
              [&](const mosis_peer_info& one) { write(writer, one); });
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_session_info& out) {
  out = {};
  Fields fields(reader, 0x76u, "SessionInfo: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.session_id = reader.integer(kMaxInteger, "SessionInfo.sessionId");
        break;
      case 2:
        out.app = reader.text(128, "SessionInfo.app");
        break;
      case 3:
        out.engine = reader.text(64, "SessionInfo.engine");
        break;
      case 4:
        out.pid = static_cast<uint32_t>(reader.integer(kMaxUint32, "SessionInfo.pid"));
        break;
      case 5:
        out.line_id = reader.integer(kMaxInteger, "SessionInfo.lineId");
        break;
      case 6:
        out.events_queued = static_cast<uint32_t>(reader.integer(kMaxUint32, "SessionInfo.eventsQueued"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_session_info& in) {
  writer.map(5u + (in.engine.data != nullptr ? 1u : 0u));
  writer.integer(1);
  writer.integer(in.session_id, kMaxInteger, "SessionInfo.sessionId");
  writer.integer(2);
  writer.text(in.app, 128, "SessionInfo.app");
  if (in.engine.data != nullptr) {
    writer.integer(3);
    writer.text(in.engine, 64, "SessionInfo.engine");
  }
  writer.integer(4);
  writer.integer(in.pid);
  writer.integer(5);
  writer.integer(in.line_id, kMaxInteger, "SessionInfo.lineId");
  writer.integer(6);
  writer.integer(in.events_queued);
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_daemon_status_result& out) {
  out = {};
  Fields fields(reader, 0x7efeu, "daemon.status result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.version = reader.text(64, "daemon.status result.version");
        break;
      case 2:
        out.pid = static_cast<uint32_t>(reader.integer(kMaxUint32, "daemon.status result.pid"));
        break;
      case 3:
        out.profile = reader.text(64, "daemon.status result.profile");
        break;
      case 4:
        out.uptime_ms = reader.integer(kMaxInteger, "daemon.status result.uptimeMs");
        break;
      case 5:
        out.stay = reader.boolean("daemon.status result.stay");
        break;
      case 6:
        out.resident_bytes = reader.integer(kMaxInteger, "daemon.status result.residentBytes");
        break;
      case 7:
        out.media = read_media_state(reader, "daemon.status result.media");
        break;
      case 8:
        out.has_media_pid = true;
        out.media_pid = static_cast<uint32_t>(reader.integer(kMaxUint32, "daemon.status result.mediaPid"));
        break;
      case 9:
        out.media_restarts = static_cast<uint32_t>(reader.integer(kMaxUint32, "daemon.status result.mediaRestarts"));
        break;
      case 10:
        reader.list(arena, out.sessions, out.sessions_count, 64, "daemon.status result.sessions",
                    [&](mosis_session_info& one) { read(reader, arena, one); });
        break;
      case 11:
        reader.list(arena, out.lines, out.lines_count, 16, "daemon.status result.lines",
                    [&](mosis_line_info& one) { read(reader, arena, one); });
        break;
      case 12:
        out.outbox_messages = reader.integer(kMaxInteger, "daemon.status result.outboxMessages");
        break;
      case 13:
        out.malformed_messages = reader.integer(kMaxInteger, "daemon.status result.malformedMessages");
        break;
      case 14:
        reader.list(arena, out.missing, out.missing_count, 32, "daemon.status result.missing",
                    [&](mosis_string& one) { one = reader.text(512, "daemon.status result.missing[]"); });
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_daemon_status_result& in) {
  writer.map(13u + (in.has_media_pid ? 1u : 0u));
  writer.integer(1);
  writer.text(in.version, 64, "daemon.status result.version");
  writer.integer(2);
  writer.integer(in.pid);
  writer.integer(3);
  writer.text(in.profile, 64, "daemon.status result.profile");
  writer.integer(4);
  writer.integer(in.uptime_ms, kMaxInteger, "daemon.status result.uptimeMs");
  writer.integer(5);
  writer.boolean(in.stay);
  writer.integer(6);
  writer.integer(in.resident_bytes, kMaxInteger, "daemon.status result.residentBytes");
  writer.integer(7);
  write_media_state(writer, in.media, "daemon.status result.media");
  if (in.has_media_pid) {
    writer.integer(8);
    writer.integer(in.media_pid);
  }
  writer.integer(9);
  writer.integer(in.media_restarts);
  writer.integer(10);
  writer.list(in.sessions, in.sessions_count, 64, "daemon.status result.sessions",
              [&](const mosis_session_info& one) { write(writer, one); });
  writer.integer(11);
  writer.list(in.lines, in.lines_count, 16, "daemon.status result.lines",
              [&](const mosis_line_info& one) { write(writer, one); });
  writer.integer(12);
  writer.integer(in.outbox_messages, kMaxInteger, "daemon.status result.outboxMessages");
  writer.integer(13);
  writer.integer(in.malformed_messages, kMaxInteger, "daemon.status result.malformedMessages");
  writer.integer(14);
  writer.list(in.missing, in.missing_count, 32, "daemon.status result.missing",
              [&](const mosis_string& one) { writer.text(one, 512, "daemon.status result.missing[]"); });
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_line_configure_params& out) {
  out = {};
  Fields fields(reader, 0x0u, "line.configure params: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.server = reader.text(1024, "line.configure params.server");
        break;
      case 2:
        out.phone_id = reader.text(128, "line.configure params.phoneId");
        break;
      case 3:
        out.display_name = reader.text(256, "line.configure params.displayName");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_configure_params& in) {
  writer.map(0u + (in.server.data != nullptr ? 1u : 0u) + (in.phone_id.data != nullptr ? 1u : 0u) + (in.display_name.data != nullptr ? 1u : 0u));
  if (in.server.data != nullptr) {
    writer.integer(1);
    writer.text(in.server, 1024, "line.configure params.server");
  }
  if (in.phone_id.data != nullptr) {
    writer.integer(2);
    writer.text(in.phone_id, 128, "line.configure params.phoneId");
  }
  if (in.display_name.data != nullptr) {
    writer.integer(3);
    writer.text(in.display_name, 256, "line.configure params.displayName");
  }
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_line_configure_result& out) {
  out = {};
  Fields fields(reader, 0x2u, "line.configure result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        read(reader, arena, out.line);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_configure_result& in) {
  writer.map(1u);
  writer.integer(1);
  write(writer, in.line);
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_line_close_result& out) {
  out = {};
  Fields fields(reader, 0x2u, "line.close result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        read(reader, arena, out.line);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_close_result& in) {
  writer.map(1u);
  writer.integer(1);
  write(writer, in.line);
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_peers_list_result& out) {
  out = {};
  Fields fields(reader, 0x2u, "peers.list result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        reader.list(arena, out.peers, out.peers_count, 1024, "peers.list result.peers",
                    [&](mosis_peer_info& one) { read(reader, arena, one); });
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_list_result& in) {
  writer.map(1u);
  writer.integer(1);
  writer.list(in.peers, in.peers_count, 1024, "peers.list result.peers",
              [&](const mosis_peer_info& one) { write(writer, one); });
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peers_get_params& out) {
  out = {};
  Fields fields(reader, 0x2u, "peers.get params: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "peers.get params.peerId");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_get_params& in) {
  writer.map(1u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "peers.get params.peerId");
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_peers_get_result& out) {
  out = {};
  Fields fields(reader, 0x2u, "peers.get result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        read(reader, arena, out.peer);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_get_result& in) {
  writer.map(1u);
  writer.integer(1);
  write(writer, in.peer);
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peers_statistics_params& out) {
  out = {};
  Fields fields(reader, 0x2u, "peers.statistics params: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "peers.statistics params.peerId");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_statistics_params& in) {
  writer.map(1u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "peers.statistics params.peerId");
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peers_statistics_result& out) {
  out = {};
  Fields fields(reader, 0x806u, "peers.statistics result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.state = read_connection_state(reader, "peers.statistics result.state");
        break;
      case 2:
        out.plain = reader.boolean("peers.statistics result.plain");
        break;
      case 3:
        out.local_candidate = reader.text(256, "peers.statistics result.localCandidate");
        break;
      case 4:
        out.remote_candidate = reader.text(256, "peers.statistics result.remoteCandidate");
        break;
      case 5:
        out.dtls_state = reader.text(32, "peers.statistics result.dtlsState");
        break;
      case 6:
        out.ice_state = reader.text(32, "peers.statistics result.iceState");
        break;
      case 7:
        out.has_round_trip_ms = true;
        out.round_trip_ms = static_cast<uint32_t>(reader.integer(kMaxUint32, "peers.statistics result.roundTripMs"));
        break;
      case 8:
        out.has_bytes_sent = true;
        out.bytes_sent = reader.integer(kMaxInteger, "peers.statistics result.bytesSent");
        break;
      case 9:
        out.has_bytes_received = true;
        out.bytes_received = reader.integer(kMaxInteger, "peers.statistics result.bytesReceived");
        break;
      case 10:
        out.has_connect_time_ms = true;
        out.connect_time_ms = static_cast<uint32_t>(reader.integer(kMaxUint32, "peers.statistics result.connectTimeMs"));
        break;
      case 11:
        out.rebuilds = static_cast<uint32_t>(reader.integer(kMaxUint32, "peers.statistics result.rebuilds"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_statistics_result& in) {
  writer.map(3u + (in.local_candidate.data != nullptr ? 1u : 0u) + (in.remote_candidate.data != nullptr ? 1u : 0u) + (in.dtls_state.data != nullptr ? 1u : 0u) + (in.ice_state.data != nullptr ? 1u : 0u) + (in.has_round_trip_ms ? 1u : 0u) + (in.has_bytes_sent ? 1u : 0u) + (in.has_bytes_received ? 1u : 0u) + (in.has_connect_time_ms ? 1u : 0u));
  writer.integer(1);
  write_connection_state(writer, in.state, "peers.statistics result.state");
  writer.integer(2);
  writer.boolean(in.plain);
  if (in.local_candidate.data != nullptr) {
    writer.integer(3);
    writer.text(in.local_candidate, 256, "peers.statistics result.localCandidate");
  }
  if (in.remote_candidate.data != nullptr) {
    writer.integer(4);
    writer.text(in.remote_candidate, 256, "peers.statistics result.remoteCandidate");
  }
  if (in.dtls_state.data != nullptr) {
    writer.integer(5);
    writer.text(in.dtls_state, 32, "peers.statistics result.dtlsState");
  }
  if (in.ice_state.data != nullptr) {
    writer.integer(6);
    writer.text(in.ice_state, 32, "peers.statistics result.iceState");
  }
  if (in.has_round_trip_ms) {
    writer.integer(7);
    writer.integer(in.round_trip_ms);
  }
  if (in.has_bytes_sent) {
    writer.integer(8);
    writer.integer(in.bytes_sent, kMaxInteger, "peers.statistics result.bytesSent");
  }
  if (in.has_bytes_received) {
    writer.integer(9);
    writer.integer(in.bytes_received, kMaxInteger, "peers.statistics result.bytesReceived");
  }
  if (in.has_connect_time_ms) {
    writer.integer(10);
    writer.integer(in.connect_time_ms);
  }
  writer.integer(11);
  writer.integer(in.rebuilds);
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peers_trust_params& out) {
  out = {};
  Fields fields(reader, 0x2u, "peers.trust params: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "peers.trust params.peerId");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peers_trust_params& in) {
  writer.map(1u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "peers.trust params.peerId");
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_message_send_params& out) {
  out = {};
  Fields fields(reader, 0x6u, "message.send params: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "message.send params.peerId");
        break;
      case 2:
        out.text = reader.text(65536, "message.send params.text");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_message_send_params& in) {
  writer.map(2u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "message.send params.peerId");
  writer.integer(2);
  writer.text(in.text, 65536, "message.send params.text");
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_message_send_result& out) {
  out = {};
  Fields fields(reader, 0x2u, "message.send result: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.message_id = reader.integer(kMaxInteger, "message.send result.messageId");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_message_send_result& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.message_id, kMaxInteger, "message.send result.messageId");
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_line_changed& out) {
  out = {};
  Fields fields(reader, 0x2u, "line.changed: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        read(reader, arena, out.line);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_line_changed& in) {
  writer.map(1u);
  writer.integer(1);
  write(writer, in.line);
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, mosis_peer_changed& out) {
  out = {};
  Fields fields(reader, 0x2u, "peer.changed: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        read(reader, arena, out.peer);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peer_changed& in) {
  writer.map(1u);
  writer.integer(1);
  write(writer, in.peer);
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_peer_identity_changed& out) {
  out = {};
  Fields fields(reader, 0x6u, "peer.identityChanged: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.peer_id = reader.text(128, "peer.identityChanged.peerId");
        break;
      case 2:
        out.fingerprint = reader.text(128, "peer.identityChanged.fingerprint");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_peer_identity_changed& in) {
  writer.map(2u);
  writer.integer(1);
  writer.text(in.peer_id, 128, "peer.identityChanged.peerId");
  writer.integer(2);
  writer.text(in.fingerprint, 128, "peer.identityChanged.fingerprint");
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_message_received& out) {
  out = {};
  Fields fields(reader, 0x3eu, "message.received: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.message_id = reader.integer(kMaxInteger, "message.received.messageId");
        break;
      case 2:
        out.peer_id = reader.text(128, "message.received.peerId");
        break;
      case 3:
        out.text = reader.text(65536, "message.received.text");
        break;
      case 4:
        out.sent_at = reader.integer(kMaxInteger, "message.received.sentAt");
        break;
      case 5:
        out.received_at = reader.integer(kMaxInteger, "message.received.receivedAt");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_message_received& in) {
  writer.map(5u);
  writer.integer(1);
  writer.integer(in.message_id, kMaxInteger, "message.received.messageId");
  writer.integer(2);
  writer.text(in.peer_id, 128, "message.received.peerId");
  writer.integer(3);
  writer.text(in.text, 65536, "message.received.text");
  writer.integer(4);
  writer.integer(in.sent_at, kMaxInteger, "message.received.sentAt");
  writer.integer(5);
  writer.integer(in.received_at, kMaxInteger, "message.received.receivedAt");
  return writer.ok();
}

bool read(Reader& reader, Arena&, mosis_message_changed& out) {
  out = {};
  Fields fields(reader, 0x1eu, "message.changed: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.message_id = reader.integer(kMaxInteger, "message.changed.messageId");
        break;
      case 2:
        out.peer_id = reader.text(128, "message.changed.peerId");
        break;
      case 3:
        out.state = read_message_state(reader, "message.changed.state");
        break;
      case 4:
        out.confirmed = reader.boolean("message.changed.confirmed");
        break;
      case 5:
        out.has_reason = true;
        out.reason = read_error_code(reader, "message.changed.reason");
        break;
      case 6:
        out.text = reader.text(1024, "message.changed.text");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const mosis_message_changed& in) {
  writer.map(4u + (in.has_reason ? 1u : 0u) + (in.text.data != nullptr ? 1u : 0u));
  writer.integer(1);
  writer.integer(in.message_id, kMaxInteger, "message.changed.messageId");
  writer.integer(2);
  writer.text(in.peer_id, 128, "message.changed.peerId");
  writer.integer(3);
  write_message_state(writer, in.state, "message.changed.state");
  writer.integer(4);
  writer.boolean(in.confirmed);
  if (in.has_reason) {
    writer.integer(5);
    write_error_code(writer, in.reason, "message.changed.reason");
  }
  if (in.text.data != nullptr) {
    writer.integer(6);
    writer.text(in.text, 1024, "message.changed.text");
  }
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, Hello& out) {
  out = {};
  Fields fields(reader, 0x53eu, "hello: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.protocol_min = static_cast<uint32_t>(reader.integer(kMaxUint32, "hello.protocolMin"));
        break;
      case 2:
        out.protocol_max = static_cast<uint32_t>(reader.integer(kMaxUint32, "hello.protocolMax"));
        break;
      case 3:
        out.token = reader.text(128, "hello.token");
        break;
      case 4:
        out.session_key = reader.bytes(16, 16, "hello.sessionKey");
        break;
      case 5:
        out.app = reader.text(128, "hello.app");
        break;
      case 6:
        out.app_version = reader.text(64, "hello.appVersion");
        break;
      case 7:
        out.engine = reader.text(64, "hello.engine");
        break;
      case 8:
        out.pid = static_cast<uint32_t>(reader.integer(kMaxUint32, "hello.pid"));
        break;
      case 9:
        reader.list(arena, out.scopes, out.scopes_count, 32, "hello.scopes",
                    [&](mosis_string& one) { one = reader.text(64, "hello.scopes[]"); });
        break;
      case 10:
        out.events = static_cast<uint32_t>(reader.integer(kMaxUint32, "hello.events"));
        break;
      case 11:
        out.has_since = true;
        out.since = reader.integer(kMaxInteger, "hello.since");
        break;
      case 12:
        out.has_line = true;
        read(reader, arena, out.line);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Hello& in) {
  writer.map(7u + (in.app_version.data != nullptr ? 1u : 0u) + (in.engine.data != nullptr ? 1u : 0u) + (in.scopes != nullptr ? 1u : 0u) + (in.has_since ? 1u : 0u) + (in.has_line ? 1u : 0u));
  writer.integer(1);
  writer.integer(in.protocol_min);
  writer.integer(2);
  writer.integer(in.protocol_max);
  writer.integer(3);
  writer.text(in.token, 128, "hello.token");
  writer.integer(4);
  writer.bytes(in.session_key, 16, 16, "hello.sessionKey");
  writer.integer(5);
  writer.text(in.app, 128, "hello.app");
  if (in.app_version.data != nullptr) {
    writer.integer(6);
    writer.text(in.app_version, 64, "hello.appVersion");
  }
  if (in.engine.data != nullptr) {
    writer.integer(7);
    writer.text(in.engine, 64, "hello.engine");
  }
  writer.integer(8);
  writer.integer(in.pid);
  if (in.scopes != nullptr) {
    writer.integer(9);
    writer.list(in.scopes, in.scopes_count, 32, "hello.scopes",
              [&](const mosis_string& one) { writer.text(one, 64, "hello.scopes[]"); });
  }
  writer.integer(10);
  writer.integer(in.events);
  if (in.has_since) {
    writer.integer(11);
    writer.integer(in.since, kMaxInteger, "hello.since");
  }
  if (in.has_line) {
    writer.integer(12);
    write(writer, in.line);
  }
  return writer.ok();
}

bool read(Reader& reader, Arena& arena, Identified& out) {
  out = {};
  Fields fields(reader, 0x1feu, "identified: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.protocol = static_cast<uint32_t>(reader.integer(kMaxUint32, "identified.protocol"));
        break;
      case 2:
        out.daemon_version = reader.text(64, "identified.daemonVersion");
        break;
      case 3:
        out.pid = static_cast<uint32_t>(reader.integer(kMaxUint32, "identified.pid"));
        break;
      case 4:
        out.profile = reader.text(64, "identified.profile");
        break;
      case 5:
        out.session_id = reader.integer(kMaxInteger, "identified.sessionId");
        break;
      case 6:
        reader.list(arena, out.scopes, out.scopes_count, 32, "identified.scopes",
                    [&](mosis_string& one) { one = reader.text(64, "identified.scopes[]"); });
        break;
      case 7:
        out.resumed = reader.boolean("identified.resumed");
        break;
      case 8:
        read(reader, arena, out.snapshot);
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Identified& in) {
  writer.map(8u);
  writer.integer(1);
  writer.integer(in.protocol);
  writer.integer(2);
  writer.text(in.daemon_version, 64, "identified.daemonVersion");
  writer.integer(3);
  writer.integer(in.pid);
  writer.integer(4);
  writer.text(in.profile, 64, "identified.profile");
  writer.integer(5);
  writer.integer(in.session_id, kMaxInteger, "identified.sessionId");
  writer.integer(6);
  writer.list(in.scopes, in.scopes_count, 32, "identified.scopes",
              [&](const mosis_string& one) { writer.text(one, 64, "identified.scopes[]"); });
  writer.integer(7);
  writer.boolean(in.resumed);
  writer.integer(8);
  write(writer, in.snapshot);
  return writer.ok();
}

bool read(Reader& reader, Arena&, Refused& out) {
  out = {};
  Fields fields(reader, 0x6u, "refused: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.code = read_error_code(reader, "refused.code");
        break;
      case 2:
        out.text = reader.text(1024, "refused.text");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Refused& in) {
  writer.map(2u);
  writer.integer(1);
  write_error_code(writer, in.code, "refused.code");
  writer.integer(2);
  writer.text(in.text, 1024, "refused.text");
  return writer.ok();
}

bool read(Reader& reader, Arena&, Who& out) {
  out = {};
  Fields fields(reader, 0x0u, "who: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Who&) {
  writer.map(0u);
  return writer.ok();
}

bool read(Reader& reader, Arena&, Goodbye& out) {
  out = {};
  Fields fields(reader, 0x2u, "goodbye: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.reason = read_goodbye_reason(reader, "goodbye.reason");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Goodbye& in) {
  writer.map(1u);
  writer.integer(1);
  write_goodbye_reason(writer, in.reason, "goodbye.reason");
  return writer.ok();
}

bool read(Reader& reader, Arena&, Ping& out) {
  out = {};
  Fields fields(reader, 0x2u, "ping: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.nonce = static_cast<uint32_t>(reader.integer(kMaxUint32, "ping.nonce"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Ping& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.nonce);
  return writer.ok();
}

bool read(Reader& reader, Arena&, Pong& out) {
  out = {};
  Fields fields(reader, 0x2u, "pong: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.nonce = static_cast<uint32_t>(reader.integer(kMaxUint32, "pong.nonce"));
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Pong& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.nonce);
  return writer.ok();
}

bool read(Reader& reader, Arena&, Taken& out) {
  out = {};
  Fields fields(reader, 0x2u, "taken: not a map, or a field is missing");
  while (fields.next()) {
    switch (fields.tag()) {
      case 1:
        out.sequence = reader.integer(kMaxInteger, "taken.sequence");
        break;
      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const Taken& in) {
  writer.map(1u);
  writer.integer(1);
  writer.integer(in.sequence, kMaxInteger, "taken.sequence");
  return writer.ok();
}

const LinkInfo kLinks[] = {
    {1, "hello", CodecOf<Hello>::value},
    {2, "identified", CodecOf<Identified>::value},
    {3, "refused", CodecOf<Refused>::value},
    {4, "who", CodecOf<Who>::value},
    {5, "goodbye", CodecOf<Goodbye>::value},
    {6, "ping", CodecOf<Ping>::value},
    {7, "pong", CodecOf<Pong>::value},
    {8, "taken", CodecOf<Taken>::value},
};
const size_t kLinksCount = sizeof kLinks / sizeof kLinks[0];

const LinkInfo* find_link(uint32_t id) {
  for (const LinkInfo& one : kLinks) {
    if (one.kind == id) return &one;
  }
  return nullptr;
}

const MethodInfo kMethods[] = {
    {MOSIS_METHOD_DAEMON_STATUS, "daemon.status", false, kNothing,
     CodecOf<mosis_daemon_status_result>::value},
    {MOSIS_METHOD_DAEMON_STOP, "daemon.stop", false, kNothing,
     kNothing},
    {MOSIS_METHOD_LINE_CONFIGURE, "line.configure", false, CodecOf<mosis_line_configure_params>::value,
     CodecOf<mosis_line_configure_result>::value},
    {MOSIS_METHOD_LINE_CLOSE, "line.close", false, kNothing,
     CodecOf<mosis_line_close_result>::value},
    {MOSIS_METHOD_PEERS_LIST, "peers.list", false, kNothing,
     CodecOf<mosis_peers_list_result>::value},
    {MOSIS_METHOD_PEERS_GET, "peers.get", false, CodecOf<mosis_peers_get_params>::value,
     CodecOf<mosis_peers_get_result>::value},
    {MOSIS_METHOD_PEERS_STATISTICS, "peers.statistics", false, CodecOf<mosis_peers_statistics_params>::value,
     CodecOf<mosis_peers_statistics_result>::value},
    {MOSIS_METHOD_PEERS_TRUST, "peers.trust", false, CodecOf<mosis_peers_trust_params>::value,
     kNothing},
    {MOSIS_METHOD_MESSAGE_SEND, "message.send", true, CodecOf<mosis_message_send_params>::value,
     CodecOf<mosis_message_send_result>::value},
};
const size_t kMethodsCount = sizeof kMethods / sizeof kMethods[0];

const MethodInfo* find_method(uint32_t id) {
  for (const MethodInfo& one : kMethods) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const EventInfo kEvents[] = {
    {MOSIS_EVENT_LINE_CHANGED, "line.changed", MOSIS_EVENTS_LINES, false,
     CodecOf<mosis_line_changed>::value},
    {MOSIS_EVENT_PEER_CHANGED, "peer.changed", MOSIS_EVENTS_PEERS, false,
     CodecOf<mosis_peer_changed>::value},
    {MOSIS_EVENT_PEER_IDENTITY_CHANGED, "peer.identityChanged", MOSIS_EVENTS_PEERS, false,
     CodecOf<mosis_peer_identity_changed>::value},
    {MOSIS_EVENT_MESSAGE_RECEIVED, "message.received", MOSIS_EVENTS_MESSAGES, true,
     CodecOf<mosis_message_received>::value},
    {MOSIS_EVENT_MESSAGE_CHANGED, "message.changed", MOSIS_EVENTS_MESSAGES, true,
     CodecOf<mosis_message_changed>::value},
};
const size_t kEventsCount = sizeof kEvents / sizeof kEvents[0];

const EventInfo* find_event(uint32_t id) {
  for (const EventInfo& one : kEvents) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

}  // namespace mosis::protocol
