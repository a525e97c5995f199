// The online peers as of the last polled event. Polling thread only. Copies no strings: an entry keeps the event that it came with.
#pragma once

#include <vector>

#include "link/event.h"

namespace mosis {

class PeerTable {
 public:
  PeerTable() = default;
  PeerTable(const PeerTable&) = delete;
  PeerTable& operator=(const PeerTable&) = delete;
  ~PeerTable() { clear(); }

  /** A snapshot replaces the table, peer.changed one entry, the end of the client everything; other events are nothing to it. */
  void apply(Event& event);
  /** Ordered by id. */
  const std::vector<mosis_peer_info>& peers() const { return peers_; }

 private:
  void replace(Event& snapshot);
  void change(Event& event, const mosis_peer_info& peer);
  void clear();

  std::vector<mosis_peer_info> peers_;
  /** owners_[i] holds the memory of peers_[i]. */
  std::vector<Event*> owners_;
};

}  // namespace mosis
