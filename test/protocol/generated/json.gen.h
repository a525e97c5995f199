// Generated from proto/schema by `npm run generate`; do not edit.
#pragma once

#include "json.h"
#include "protocol/messages.gen.h"
#include "peer.gen.h"

namespace mosis::protocol {

inline const char* line_state_name(uint32_t number) {
  switch (number) {
    case 0:
      return "unconfigured";
    case 1:
      return "offline";
    case 2:
      return "connecting";
    case 3:
      return "online";
    default:
      return "not a LineState";
  }
}

inline const char* error_code_name(mosis_result number) {
  switch (number) {
    case -1:
      return "invalidArgument";
    case -2:
      return "malformed";
    case -3:
      return "unknownMethod";
    case -4:
      return "protocolMismatch";
    case -5:
      return "notIdentified";
    case -6:
      return "tokenWrong";
    case -7:
      return "notPermitted";
    case -8:
      return "tooLarge";
    case -9:
      return "deadlineExceeded";
    case -10:
      return "queueFull";
    case -11:
      return "connectionLost";
    case -12:
      return "lineNotConfigured";
    case -13:
      return "peerOffline";
    case -14:
      return "peerUnreachable";
    case -15:
      return "identityChanged";
    case -16:
      return "notSupported";
    case -17:
      return "storeFailed";
    case -18:
      return "mediaFailed";
    case -19:
      return "takenOver";
    case -20:
      return "serverRefused";
    case -21:
      return "serverUnreachable";
    case -22:
      return "rateLimited";
    case -23:
      return "shuttingDown";
    case -24:
      return "notFound";
    case -25:
      return "internal";
    case -26:
      return "daemonNotFound";
    case -27:
      return "daemonStartFailed";
    case -28:
      return "unsafeFolder";
    case -29:
      return "wrongThread";
    default:
      return "not a ErrorCode";
  }
}

inline const char* goodbye_reason_name(uint32_t number) {
  switch (number) {
    case 0:
      return "gameEnds";
    case 1:
      return "daemonStops";
    default:
      return "not a GoodbyeReason";
  }
}

inline const char* media_state_name(uint32_t number) {
  switch (number) {
    case 0:
      return "stopped";
    case 1:
      return "starting";
    case 2:
      return "running";
    case 3:
      return "failed";
    default:
      return "not a MediaState";
  }
}

inline const char* connection_state_name(uint32_t number) {
  switch (number) {
    case 0:
      return "idle";
    case 1:
      return "connecting";
    case 2:
      return "verifying";
    case 3:
      return "open";
    default:
      return "not a ConnectionState";
  }
}

inline const char* message_state_name(uint32_t number) {
  switch (number) {
    case 0:
      return "accepted";
    case 1:
      return "delivered";
    case 2:
      return "failed";
    default:
      return "not a MessageState";
  }
}

inline Json to_json(const mosis_line_settings& in) {
  Json out = Json::object();
  if (in.server.data != nullptr) {
    out.fields["server"] = to_json(in.server);
  }
  if (in.phone_id.data != nullptr) {
    out.fields["phoneId"] = to_json(in.phone_id);
  }
  if (in.display_name.data != nullptr) {
    out.fields["displayName"] = to_json(in.display_name);
  }
  return out;
}

inline Json to_json(const mosis_line_info& in) {
  Json out = Json::object();
  {
    out.fields["lineId"] = to_json(in.line_id);
  }
  {
    out.fields["state"] = Json(line_state_name(in.state));
  }
  {
    out.fields["server"] = to_json(in.server);
  }
  {
    out.fields["phoneId"] = to_json(in.phone_id);
  }
  {
    out.fields["displayName"] = to_json(in.display_name);
  }
  if (in.has_error) {
    out.fields["error"] = Json(error_code_name(in.error));
  }
  if (in.text.data != nullptr) {
    out.fields["text"] = to_json(in.text);
  }
  if (in.has_retry_in_ms) {
    out.fields["retryInMs"] = to_json(in.retry_in_ms);
  }
  return out;
}

inline Json to_json(const mosis_peer_info& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  {
    out.fields["displayName"] = to_json(in.display_name);
  }
  {
    out.fields["online"] = to_json(in.online);
  }
  return out;
}

inline Json to_json(const mosis_snapshot& in) {
  Json out = Json::object();
  {
    out.fields["sequence"] = to_json(in.sequence);
  }
  {
    out.fields["line"] = to_json(in.line);
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.peers_count; i++) list.items.push_back(to_json(in.peers[i]));
    out.fields["peers"] = list;
  }
  return out;
}

inline Json to_json(const mosis_session_info& in) {
  Json out = Json::object();
  {
    out.fields["sessionId"] = to_json(in.session_id);
  }
  {
    out.fields["app"] = to_json(in.app);
  }
  if (in.engine.data != nullptr) {
    out.fields["engine"] = to_json(in.engine);
  }
  {
    out.fields["pid"] = to_json(in.pid);
  }
  {
    out.fields["lineId"] = to_json(in.line_id);
  }
  {
    out.fields["eventsQueued"] = to_json(in.events_queued);
  }
  return out;
}

inline Json to_json(const mosis_daemon_status_result& in) {
  Json out = Json::object();
  {
    out.fields["version"] = to_json(in.version);
  }
  {
    out.fields["pid"] = to_json(in.pid);
  }
  {
    out.fields["profile"] = to_json(in.profile);
  }
  {
    out.fields["uptimeMs"] = to_json(in.uptime_ms);
  }
  {
    out.fields["stay"] = to_json(in.stay);
  }
  {
    out.fields["residentBytes"] = to_json(in.resident_bytes);
  }
  {
    out.fields["media"] = Json(media_state_name(in.media));
  }
  if (in.has_media_pid) {
    out.fields["mediaPid"] = to_json(in.media_pid);
  }
  {
    out.fields["mediaRestarts"] = to_json(in.media_restarts);
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.sessions_count; i++) list.items.push_back(to_json(in.sessions[i]));
    out.fields["sessions"] = list;
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.lines_count; i++) list.items.push_back(to_json(in.lines[i]));
    out.fields["lines"] = list;
  }
  {
    out.fields["outboxMessages"] = to_json(in.outbox_messages);
  }
  {
    out.fields["malformedMessages"] = to_json(in.malformed_messages);
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.missing_count; i++) list.items.push_back(to_json(in.missing[i]));
    out.fields["missing"] = list;
  }
  return out;
}

inline Json to_json(const mosis_line_configure_params& in) {
  Json out = Json::object();
  if (in.server.data != nullptr) {
    out.fields["server"] = to_json(in.server);
  }
  if (in.phone_id.data != nullptr) {
    out.fields["phoneId"] = to_json(in.phone_id);
  }
  if (in.display_name.data != nullptr) {
    out.fields["displayName"] = to_json(in.display_name);
  }
  return out;
}

inline Json to_json(const mosis_line_configure_result& in) {
  Json out = Json::object();
  {
    out.fields["line"] = to_json(in.line);
  }
  return out;
}

inline Json to_json(const mosis_line_close_result& in) {
  Json out = Json::object();
  {
    out.fields["line"] = to_json(in.line);
  }
  return out;
}

inline Json to_json(const mosis_peers_list_result& in) {
  Json out = Json::object();
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.peers_count; i++) list.items.push_back(to_json(in.peers[i]));
    out.fields["peers"] = list;
  }
  return out;
}

inline Json to_json(const mosis_peers_get_params& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  return out;
}

inline Json to_json(const mosis_peers_get_result& in) {
  Json out = Json::object();
  {
    out.fields["peer"] = to_json(in.peer);
  }
  return out;
}

inline Json to_json(const mosis_peers_statistics_params& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  return out;
}

inline Json to_json(const mosis_peers_statistics_result& in) {
  Json out = Json::object();
  {
    out.fields["state"] = Json(connection_state_name(in.state));
  }
  {
    out.fields["plain"] = to_json(in.plain);
  }
  if (in.local_candidate.data != nullptr) {
    out.fields["localCandidate"] = to_json(in.local_candidate);
  }
  if (in.remote_candidate.data != nullptr) {
    out.fields["remoteCandidate"] = to_json(in.remote_candidate);
  }
  if (in.dtls_state.data != nullptr) {
    out.fields["dtlsState"] = to_json(in.dtls_state);
  }
  if (in.ice_state.data != nullptr) {
    out.fields["iceState"] = to_json(in.ice_state);
  }
  if (in.has_round_trip_ms) {
    out.fields["roundTripMs"] = to_json(in.round_trip_ms);
  }
  if (in.has_bytes_sent) {
    out.fields["bytesSent"] = to_json(in.bytes_sent);
  }
  if (in.has_bytes_received) {
    out.fields["bytesReceived"] = to_json(in.bytes_received);
  }
  if (in.has_connect_time_ms) {
    out.fields["connectTimeMs"] = to_json(in.connect_time_ms);
  }
  {
    out.fields["rebuilds"] = to_json(in.rebuilds);
  }
  return out;
}

inline Json to_json(const mosis_peers_trust_params& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  return out;
}

inline Json to_json(const mosis_message_send_params& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  {
    out.fields["text"] = to_json(in.text);
  }
  return out;
}

inline Json to_json(const mosis_message_send_result& in) {
  Json out = Json::object();
  {
    out.fields["messageId"] = to_json(in.message_id);
  }
  return out;
}

inline Json to_json(const mosis_line_changed& in) {
  Json out = Json::object();
  {
    out.fields["line"] = to_json(in.line);
  }
  return out;
}

inline Json to_json(const mosis_peer_changed& in) {
  Json out = Json::object();
  {
    out.fields["peer"] = to_json(in.peer);
  }
  return out;
}

inline Json to_json(const mosis_peer_identity_changed& in) {
  Json out = Json::object();
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  {
    out.fields["fingerprint"] = to_json(in.fingerprint);
  }
  return out;
}

inline Json to_json(const mosis_message_received& in) {
  Json out = Json::object();
  {
    out.fields["messageId"] = to_json(in.message_id);
  }
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  {
    out.fields["text"] = to_json(in.text);
  }
  {
    out.fields["sentAt"] = to_json(in.sent_at);
  }
  {
    out.fields["receivedAt"] = to_json(in.received_at);
  }
  return out;
}

inline Json to_json(const mosis_message_changed& in) {
  Json out = Json::object();
  {
    out.fields["messageId"] = to_json(in.message_id);
  }
  {
    out.fields["peerId"] = to_json(in.peer_id);
  }
  {
    out.fields["state"] = Json(message_state_name(in.state));
  }
  {
    out.fields["confirmed"] = to_json(in.confirmed);
  }
  if (in.has_reason) {
    out.fields["reason"] = Json(error_code_name(in.reason));
  }
  if (in.text.data != nullptr) {
    out.fields["text"] = to_json(in.text);
  }
  return out;
}

inline Json to_json(const Hello& in) {
  Json out = Json::object();
  {
    out.fields["protocolMin"] = to_json(in.protocol_min);
  }
  {
    out.fields["protocolMax"] = to_json(in.protocol_max);
  }
  {
    out.fields["token"] = to_json(in.token);
  }
  {
    out.fields["sessionKey"] = to_json(in.session_key);
  }
  {
    out.fields["app"] = to_json(in.app);
  }
  if (in.app_version.data != nullptr) {
    out.fields["appVersion"] = to_json(in.app_version);
  }
  if (in.engine.data != nullptr) {
    out.fields["engine"] = to_json(in.engine);
  }
  {
    out.fields["pid"] = to_json(in.pid);
  }
  if (in.scopes != nullptr) {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.scopes_count; i++) list.items.push_back(to_json(in.scopes[i]));
    out.fields["scopes"] = list;
  }
  {
    out.fields["events"] = to_json(in.events);
  }
  if (in.has_since) {
    out.fields["since"] = to_json(in.since);
  }
  if (in.has_line) {
    out.fields["line"] = to_json(in.line);
  }
  return out;
}

inline Json to_json(const Identified& in) {
  Json out = Json::object();
  {
    out.fields["protocol"] = to_json(in.protocol);
  }
  {
    out.fields["daemonVersion"] = to_json(in.daemon_version);
  }
  {
    out.fields["pid"] = to_json(in.pid);
  }
  {
    out.fields["profile"] = to_json(in.profile);
  }
  {
    out.fields["sessionId"] = to_json(in.session_id);
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.scopes_count; i++) list.items.push_back(to_json(in.scopes[i]));
    out.fields["scopes"] = list;
  }
  {
    out.fields["resumed"] = to_json(in.resumed);
  }
  {
    out.fields["snapshot"] = to_json(in.snapshot);
  }
  return out;
}

inline Json to_json(const Refused& in) {
  Json out = Json::object();
  {
    out.fields["code"] = Json(error_code_name(in.code));
  }
  {
    out.fields["text"] = to_json(in.text);
  }
  return out;
}

inline Json to_json(const Who&) {
  Json out = Json::object();
  return out;
}

inline Json to_json(const Goodbye& in) {
  Json out = Json::object();
  {
    out.fields["reason"] = Json(goodbye_reason_name(in.reason));
  }
  return out;
}

inline Json to_json(const Ping& in) {
  Json out = Json::object();
  {
    out.fields["nonce"] = to_json(in.nonce);
  }
  return out;
}

inline Json to_json(const Pong& in) {
  Json out = Json::object();
  {
    out.fields["nonce"] = to_json(in.nonce);
  }
  return out;
}

inline Json to_json(const Taken& in) {
  Json out = Json::object();
  {
    out.fields["sequence"] = to_json(in.sequence);
  }
  return out;
}

inline Json to_json(const PeerHello& in) {
  Json out = Json::object();
  {
    out.fields["protocolMin"] = to_json(in.protocol_min);
  }
  {
    out.fields["protocolMax"] = to_json(in.protocol_max);
  }
  {
    out.fields["phoneId"] = to_json(in.phone_id);
  }
  {
    out.fields["displayName"] = to_json(in.display_name);
  }
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.capabilities_count; i++) list.items.push_back(to_json(in.capabilities[i]));
    out.fields["capabilities"] = list;
  }
  {
    out.fields["publicKey"] = to_json(in.public_key);
  }
  {
    out.fields["signature"] = to_json(in.signature);
  }
  if (in.software.data != nullptr) {
    out.fields["software"] = to_json(in.software);
  }
  return out;
}

inline Json to_json(const PeerRefused& in) {
  Json out = Json::object();
  {
    out.fields["code"] = Json(error_code_name(in.code));
  }
  {
    out.fields["text"] = to_json(in.text);
  }
  return out;
}

inline Json to_json(const PeerPing& in) {
  Json out = Json::object();
  {
    out.fields["nonce"] = to_json(in.nonce);
  }
  return out;
}

inline Json to_json(const PeerPong& in) {
  Json out = Json::object();
  {
    out.fields["nonce"] = to_json(in.nonce);
  }
  return out;
}

inline Json to_json(const PeerText& in) {
  Json out = Json::object();
  {
    out.fields["uuid"] = to_json(in.uuid);
  }
  {
    out.fields["text"] = to_json(in.text);
  }
  {
    out.fields["sentAt"] = to_json(in.sent_at);
  }
  return out;
}

inline Json to_json(const PeerStored& in) {
  Json out = Json::object();
  {
    Json list = Json::array();
    for (uint32_t i = 0; i < in.uuids_count; i++) list.items.push_back(to_json(in.uuids[i]));
    out.fields["uuids"] = list;
  }
  return out;
}

inline Json link_json(uint32_t id, const void* value) {
  switch (id) {
    case 0x0001:
      return to_json(*static_cast<const Hello*>(value));
    case 0x0002:
      return to_json(*static_cast<const Identified*>(value));
    case 0x0003:
      return to_json(*static_cast<const Refused*>(value));
    case 0x0004:
      return to_json(*static_cast<const Who*>(value));
    case 0x0005:
      return to_json(*static_cast<const Goodbye*>(value));
    case 0x0006:
      return to_json(*static_cast<const Ping*>(value));
    case 0x0007:
      return to_json(*static_cast<const Pong*>(value));
    case 0x0008:
      return to_json(*static_cast<const Taken*>(value));
    default:
      return Json();
  }
}

inline Json params_json(uint32_t id, const void* value) {
  switch (id) {
    case 0x0101:
      return Json::object();
    case 0x0102:
      return Json::object();
    case 0x0201:
      return to_json(*static_cast<const mosis_line_configure_params*>(value));
    case 0x0202:
      return Json::object();
    case 0x0301:
      return Json::object();
    case 0x0302:
      return to_json(*static_cast<const mosis_peers_get_params*>(value));
    case 0x0303:
      return to_json(*static_cast<const mosis_peers_statistics_params*>(value));
    case 0x0304:
      return to_json(*static_cast<const mosis_peers_trust_params*>(value));
    case 0x0401:
      return to_json(*static_cast<const mosis_message_send_params*>(value));
    default:
      return Json();
  }
}

inline Json result_json(uint32_t id, const void* value) {
  switch (id) {
    case 0x0101:
      return to_json(*static_cast<const mosis_daemon_status_result*>(value));
    case 0x0102:
      return Json::object();
    case 0x0201:
      return to_json(*static_cast<const mosis_line_configure_result*>(value));
    case 0x0202:
      return to_json(*static_cast<const mosis_line_close_result*>(value));
    case 0x0301:
      return to_json(*static_cast<const mosis_peers_list_result*>(value));
    case 0x0302:
      return to_json(*static_cast<const mosis_peers_get_result*>(value));
    case 0x0303:
      return to_json(*static_cast<const mosis_peers_statistics_result*>(value));
    case 0x0304:
      return Json::object();
    case 0x0401:
      return to_json(*static_cast<const mosis_message_send_result*>(value));
    default:
      return Json();
  }
}

inline Json event_json(uint32_t id, const void* value) {
  switch (id) {
    case 0x0281:
      return to_json(*static_cast<const mosis_line_changed*>(value));
    case 0x0381:
      return to_json(*static_cast<const mosis_peer_changed*>(value));
    case 0x0382:
      return to_json(*static_cast<const mosis_peer_identity_changed*>(value));
    case 0x0481:
      return to_json(*static_cast<const mosis_message_received*>(value));
    case 0x0482:
      return to_json(*static_cast<const mosis_message_changed*>(value));
    default:
      return Json();
  }
}

inline Json peer_json(uint32_t id, const void* value) {
  switch (id) {
    case 0x0001:
      return to_json(*static_cast<const PeerHello*>(value));
    case 0x0002:
      return to_json(*static_cast<const PeerRefused*>(value));
    case 0x0003:
      return to_json(*static_cast<const PeerPing*>(value));
    case 0x0004:
      return to_json(*static_cast<const PeerPong*>(value));
    case 0x0010:
      return to_json(*static_cast<const PeerText*>(value));
    case 0x0011:
      return to_json(*static_cast<const PeerStored*>(value));
    default:
      return Json();
  }
}

}  // namespace mosis::protocol
