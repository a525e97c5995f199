#include "link/peer_table.h"

#include <algorithm>

namespace mosis {
namespace {

/** The server's rooms hold 500; beyond this a peer is reached by its id all the same, only not listed. */
constexpr size_t kMaxPeers = 4096;

}  // namespace

void PeerTable::apply(Event& event) {
  if (event.shown.type == MOSIS_EVENT_SNAPSHOT) return replace(event);
  if (event.shown.type == MOSIS_EVENT_PEER_CHANGED)
    return change(event, static_cast<const mosis_peer_changed*>(event.shown.data)->peer);
  if (event.shown.type == MOSIS_EVENT_CLIENT_STATE && event.client_state.state == MOSIS_CLIENT_FAILED) clear();
}

void PeerTable::replace(Event& snapshot) {
  clear();
  peers_.swap(snapshot.peers_by_id);
  owners_.assign(peers_.size(), &snapshot);
  snapshot.references += static_cast<uint32_t>(owners_.size());
}

void PeerTable::change(Event& event, const mosis_peer_info& peer) {
  const auto found = std::lower_bound(peers_.begin(), peers_.end(), peer, [](const mosis_peer_info& a, const mosis_peer_info& b) {
    return compare(a.peer_id, b.peer_id) < 0;
  });
  const auto owner = owners_.begin() + (found - peers_.begin());
  const bool listed = found != peers_.end() && compare(found->peer_id, peer.peer_id) == 0;
  if (!peer.online && listed) {
    release(*owner);
    owners_.erase(owner);
    peers_.erase(found);
  } else if (peer.online && listed) {
    retain(event);
    release(*owner);
    *owner = &event;
    *found = peer;
  } else if (peer.online && peers_.size() < kMaxPeers) {
    retain(event);
    owners_.insert(owner, &event);
    peers_.insert(found, peer);
  }
}

void PeerTable::clear() {
  for (Event* owner : owners_) release(owner);
  owners_.clear();
  peers_.clear();
}

}  // namespace mosis
