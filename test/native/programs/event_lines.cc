#include "programs/event_lines.h"

#include <chrono>

namespace mosis_test {
namespace {

using SteadyClock = std::chrono::steady_clock;

const SteadyClock::time_point started = SteadyClock::now();

void add_line(JsonLine& out, const mosis_line_info& info) {
  out.number("lineId", info.line_id).number("state", info.state).text("server", info.server).text("phoneId", info.phone_id);
  out.text("displayName", info.display_name);
  if (info.has_error) out.integer("error", info.error);
  if (info.text.data != nullptr) out.text("text", info.text);
  if (info.has_retry_in_ms) out.number("retryInMs", info.retry_in_ms);
}

void add_peer(JsonLine& out, const mosis_peer_info& peer) {
  out.text("peerId", peer.peer_id).text("displayName", peer.display_name).boolean("online", peer.online);
}

void add_result(JsonLine& out, uint32_t method, const void* data) {
  if (method == MOSIS_METHOD_MESSAGE_SEND) out.number("messageId", static_cast<const mosis_message_send_result*>(data)->message_id);
  if (method == MOSIS_METHOD_LINE_CONFIGURE) add_line(out, static_cast<const mosis_line_configure_result*>(data)->line);
  if (method == MOSIS_METHOD_LINE_CLOSE) add_line(out, static_cast<const mosis_line_close_result*>(data)->line);
  if (method == MOSIS_METHOD_DAEMON_STATUS) {
    const auto& status = *static_cast<const mosis_daemon_status_result*>(data);
    out.text("version", status.version)
        .number("pid", status.pid)
        .text("profile", status.profile)
        .number("uptimeMs", status.uptime_ms);
    out.number("residentBytes", status.resident_bytes).number("media", status.media).number("sessions", status.sessions_count);
    out.number("lines", status.lines_count).number("outboxMessages", status.outbox_messages);
    if (status.has_media_pid) out.number("mediaPid", status.media_pid);
    out.number("mediaRestarts", status.media_restarts).number("malformedMessages", status.malformed_messages);
  }
  if (method == MOSIS_METHOD_PEERS_STATISTICS) {
    const auto& statistics = *static_cast<const mosis_peers_statistics_result*>(data);
    out.number("state", statistics.state).boolean("plain", statistics.plain).number("rebuilds", statistics.rebuilds);
    if (statistics.local_candidate.data != nullptr) out.text("localCandidate", statistics.local_candidate);
    if (statistics.remote_candidate.data != nullptr) out.text("remoteCandidate", statistics.remote_candidate);
    if (statistics.dtls_state.data != nullptr) out.text("dtlsState", statistics.dtls_state);
    if (statistics.ice_state.data != nullptr) out.text("iceState", statistics.ice_state);
    if (statistics.has_connect_time_ms) out.number("connectTimeMs", statistics.connect_time_ms);
  }
}

JsonLine state_line(const mosis_event& event) {
  const auto& change = *static_cast<const mosis_client_state_event*>(event.data);
  JsonLine out = line("state");
  out.text("state", name_of(change.state))
      .integer("error", change.error)
      .text("text", change.text)
      .number("pid", change.daemon_pid);
  return out;
}

JsonLine response_line(const mosis_event& event) {
  JsonLine out = line("response");
  out.number("request", event.request_id).number("method", event.method).integer("result", event.result);
  if (event.result < 0)
    out.text("error", event.text);
  else if (event.data != nullptr)
    add_result(out, event.method, event.data);
  return out;
}

JsonLine snapshot_line(const mosis_event& event) {
  const auto& snapshot = *static_cast<const mosis_snapshot*>(event.data);
  JsonLine out = line("snapshot");
  out.number("snapshotSequence", snapshot.sequence);
  add_line(out, snapshot.line);
  out.raw("peers", peer_list(snapshot.peers, snapshot.peers_count));
  return out;
}

}  // namespace

JsonLine line(const char* type) {
  JsonLine out;
  out.number("t",
             static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - started).count()));
  out.text("type", type);
  return out;
}

std::string peer_list(const mosis_peer_info* peers, uint32_t count) {
  std::string list = "[";
  for (uint32_t i = 0; i < count; ++i) {
    JsonLine peer;
    add_peer(peer, peers[i]);
    if (i > 0) list += ',';
    list += peer.object();
  }
  return list + "]";
}

const char* name_of(mosis_client_state state) {
  const char* names[] = {"connecting", "ready", "reconnecting", "failed"};
  return names[state];
}

JsonLine event_line(const mosis_event& event) {
  switch (event.type) {
    case MOSIS_EVENT_CLIENT_STATE:
      return state_line(event);
    case MOSIS_EVENT_RESPONSE:
      return response_line(event);
    case MOSIS_EVENT_SNAPSHOT:
      return snapshot_line(event);
    case MOSIS_EVENT_LINE_CHANGED: {
      JsonLine out = line("line");
      add_line(out.number("sequence", event.sequence), static_cast<const mosis_line_changed*>(event.data)->line);
      return out;
    }
    case MOSIS_EVENT_PEER_CHANGED: {
      JsonLine out = line("peer");
      add_peer(out.number("sequence", event.sequence), static_cast<const mosis_peer_changed*>(event.data)->peer);
      return out;
    }
    case MOSIS_EVENT_PEER_IDENTITY_CHANGED: {
      const auto& changed = *static_cast<const mosis_peer_identity_changed*>(event.data);
      JsonLine out = line("identityChanged");
      out.number("sequence", event.sequence).text("peerId", changed.peer_id).text("fingerprint", changed.fingerprint);
      return out;
    }
    case MOSIS_EVENT_MESSAGE_RECEIVED: {
      const auto& message = *static_cast<const mosis_message_received*>(event.data);
      JsonLine out = line("message");
      out.number("sequence", event.sequence).number("messageId", message.message_id).text("peerId", message.peer_id);
      out.text("text", message.text).number("sentAt", message.sent_at).number("receivedAt", message.received_at);
      return out;
    }
    case MOSIS_EVENT_MESSAGE_CHANGED: {
      const auto& changed = *static_cast<const mosis_message_changed*>(event.data);
      JsonLine out = line("messageChanged");
      out.number("sequence", event.sequence).number("messageId", changed.message_id).text("peerId", changed.peer_id);
      out.number("state", changed.state).boolean("confirmed", changed.confirmed);
      if (changed.has_reason) out.integer("reason", changed.reason);
      if (changed.text.data != nullptr) out.text("text", changed.text);
      return out;
    }
    default:
      break;
  }
  JsonLine out = line("unknown");
  out.number("event", event.type).number("sequence", event.sequence);
  return out;
}

}  // namespace mosis_test
