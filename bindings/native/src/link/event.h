// One event on its way to the game: what mosis_client_poll shows, and the memory that this points into.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "failure.h"
#include "mosis/mosis.h"
#include "protocol/codec.h"
#include "protocol/envelope.h"

namespace mosis {

/** Made and filled by the I/O thread; belongs to the polling thread once it is in the queue. */
struct Event {
  mosis_event shown{};
  /** What the strings in `shown` and its data point into. */
  std::string bytes;
  /** Of a snapshot: its MessagePack, which is not a range of `bytes`. */
  std::string payload;
  protocol::Arena arena;
  mosis_client_state_event client_state{};
  /** Of a snapshot: its peers by id, each once, so that the polling thread has nothing to sort. */
  std::vector<mosis_peer_info> peers_by_id;

  std::atomic<Event*> next{nullptr};
  /** The queue and each entry of the peer table hold one; polling thread only. */
  uint32_t references = 1;
};

inline void retain(Event& event) { ++event.references; }
inline void release(Event* event) {
  if (--event->references == 0) delete event;
}

/** MOSIS_EVENT_CLIENT_STATE. */
std::unique_ptr<Event> client_state_event(mosis_client_state state, const Failure& failure, uint32_t daemon_pid);

/** MOSIS_EVENT_RESPONSE that says why there is no result. */
std::unique_ptr<Event> failed_response_event(uint64_t request_id, uint32_t method, const Failure& failure);

/** An event around a received message: data and payload are set, the rest is the caller's; `message` is moved from. Null: the body
 * does not fit `codec`. */
std::unique_ptr<Event> received_event(const protocol::Codec& codec, const protocol::Envelope& envelope, std::string& message);

/** Bytes as unsigned numbers, the shorter one first when one begins with the other: the order of the peer table. */
int compare(const mosis_string& a, const mosis_string& b);

/** Fills peers_by_id from the snapshot that the event shows. */
void sort_peers(Event& event, const mosis_snapshot& snapshot);

}  // namespace mosis
