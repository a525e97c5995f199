// Rules of src/link/peer_table: the online peers as of the last polled event.
#include "link/peer_table.h"

#include <gtest/gtest.h>

namespace {

using mosis::Event;
using mosis::PeerTable;

/** A table fed as by the queue: each event is let go of right after it was applied. */
class PeerTableTest : public testing::Test {
 protected:
  void snapshot(const std::vector<std::string>& ids) {
    auto* event = new Event;
    event->bytes.reserve(4096);
    std::vector<mosis_peer_info> peers;
    for (const std::string& id : ids) peers.push_back({kept(*event, id), kept(*event, id), true});
    event->shown.type = MOSIS_EVENT_SNAPSHOT;
    mosis::sort_peers(*event, mosis_snapshot{0, {}, peers.data(), static_cast<uint32_t>(peers.size())});
    table_.apply(*event);
    mosis::release(event);
  }
  void change(const std::string& id, const std::string& name, bool online) {
    auto* event = new Event;
    event->bytes.reserve(4096);
    auto* changed = event->arena.make<mosis_peer_changed>(1);
    changed->peer = {kept(*event, id), kept(*event, name), online};
    event->shown.type = MOSIS_EVENT_PEER_CHANGED;
    event->shown.data = changed;
    table_.apply(*event);
    mosis::release(event);
  }
  std::string listed() const {
    std::string all;
    for (const mosis_peer_info& peer : table_.peers()) {
      all += std::string(peer.peer_id.data, peer.peer_id.size) + '=' + std::string(peer.display_name.data, peer.display_name.size) +
             ' ';
    }
    return all;
  }

  PeerTable table_;

 private:
  static mosis_string kept(Event& event, const std::string& value) {
    const size_t at = event.bytes.size();
    event.bytes += value;
    return {event.bytes.data() + at, static_cast<uint32_t>(value.size())};
  }
};

TEST_F(PeerTableTest, Snapshot_ReplacesTheTableInOrderOfIds) {
  snapshot({"carl", "ada", "bob", "ada"});
  EXPECT_EQ(listed(), "ada=ada bob=bob carl=carl ");
  snapshot({"dora"});
  EXPECT_EQ(listed(), "dora=dora ");
  snapshot({});
  EXPECT_EQ(listed(), "");
}

TEST_F(PeerTableTest, ChangedPeer_IsAddedRenamedAndRemoved) {
  snapshot({"bob", "dora"});
  change("carl", "Carl", true);
  change("ada", "Ada", true);
  change("dora", "Dora B.", true);
  EXPECT_EQ(listed(), "ada=Ada bob=bob carl=Carl dora=Dora B. ");
  change("bob", "bob", false);
  change("nobody", "", false);
  EXPECT_EQ(listed(), "ada=Ada carl=Carl dora=Dora B. ");
}

TEST_F(PeerTableTest, IdsThatBeginAlike_AreDifferentPeers) {
  snapshot({"ab", "a", "abc"});
  change("ab", "", false);
  EXPECT_EQ(listed(), "a=a abc=abc ");
}

TEST_F(PeerTableTest, FailedClient_HasNoPeers) {
  snapshot({"bob"});
  Event* event = mosis::client_state_event(MOSIS_CLIENT_RECONNECTING, {}, 0).release();
  table_.apply(*event);
  mosis::release(event);
  EXPECT_EQ(listed(), "bob=bob ");
  event = mosis::client_state_event(MOSIS_CLIENT_FAILED, {}, 0).release();
  table_.apply(*event);
  mosis::release(event);
  EXPECT_EQ(listed(), "");
}

}  // namespace
