#include "link/event.h"

#include <algorithm>
#include <cstring>

namespace mosis {
namespace {

mosis_string view(const std::string& text) { return {text.data(), static_cast<uint32_t>(text.size())}; }

}  // namespace

std::unique_ptr<Event> client_state_event(mosis_client_state state, const Failure& failure, uint32_t daemon_pid) {
  auto event = std::make_unique<Event>();
  event->bytes = failure.text;
  event->client_state.state = state;
  event->client_state.error = failure.code;
  event->client_state.text = view(event->bytes);
  event->client_state.daemon_pid = daemon_pid;
  event->shown.struct_size = sizeof(mosis_event);
  event->shown.type = MOSIS_EVENT_CLIENT_STATE;
  event->shown.data = &event->client_state;
  return event;
}

std::unique_ptr<Event> failed_response_event(uint64_t request_id, uint32_t method, const Failure& failure) {
  auto event = std::make_unique<Event>();
  event->bytes = failure.text;
  event->shown.struct_size = sizeof(mosis_event);
  event->shown.type = MOSIS_EVENT_RESPONSE;
  event->shown.request_id = request_id;
  event->shown.method = method;
  event->shown.result = failure.code;
  event->shown.text = view(event->bytes);
  return event;
}

std::unique_ptr<Event> received_event(const protocol::Codec& codec, const protocol::Envelope& envelope, std::string& message) {
  auto event = std::make_unique<Event>();
  const size_t offset = static_cast<size_t>(reinterpret_cast<const char*>(envelope.body.data) - message.data());
  // The move may carry the characters elsewhere, so the body is found again by its offset.
  event->bytes = std::move(message);
  event->shown.struct_size = sizeof(mosis_event);
  event->shown.payload = {reinterpret_cast<const uint8_t*>(event->bytes.data()) + offset, envelope.body.size};
  protocol::Reader reader(event->shown.payload.data, event->shown.payload.size, 1);
  return protocol::read_into(reader, event->arena, codec, &event->shown.data) ? std::move(event) : nullptr;
}

int compare(const mosis_string& a, const mosis_string& b) {
  const int order = std::memcmp(a.data, b.data, std::min(a.size, b.size));
  if (order != 0) return order;
  return a.size < b.size ? -1 : a.size > b.size ? 1 : 0;
}

void sort_peers(Event& event, const mosis_snapshot& snapshot) {
  const auto before = [](const mosis_peer_info& a, const mosis_peer_info& b) { return compare(a.peer_id, b.peer_id) < 0; };
  const auto same = [](const mosis_peer_info& a, const mosis_peer_info& b) { return compare(a.peer_id, b.peer_id) == 0; };
  std::vector<mosis_peer_info>& peers = event.peers_by_id;
  peers.assign(snapshot.peers, snapshot.peers + snapshot.peers_count);
  std::sort(peers.begin(), peers.end(), before);
  peers.erase(std::unique(peers.begin(), peers.end(), same), peers.end());
}

}  // namespace mosis
