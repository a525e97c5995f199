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

class SpentEvents;

/** Made and filled by the I/O thread; belongs to the polling thread while it is in the queue. */
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

  /** The next one in the queue, later in the list of the spent ones. */
  std::atomic<Event*> next{nullptr};
  /** The queue and each entry of the peer table hold one; polling thread only. */
  uint32_t references = 1;
  /** Where it goes when nothing holds it any more; null: it is freed on the spot. */
  SpentEvents* spent = nullptr;
};

/**
 * Events that the game is done with, on their way back to the I/O thread, which frees them: freeing can mean that the C library
 * gives memory back to the system, tens of microseconds that the game's thread should not pay. Lock-free: one pushes, one takes
 * all.
 */
class SpentEvents {
 public:
  SpentEvents() = default;
  SpentEvents(const SpentEvents&) = delete;
  SpentEvents& operator=(const SpentEvents&) = delete;
  ~SpentEvents() { free_all(); }

  /** Polling thread. */
  void push(Event* event) {
    Event* below = newest_.load(std::memory_order_relaxed);
    do event->next.store(below, std::memory_order_relaxed);
    while (!newest_.compare_exchange_weak(below, event, std::memory_order_release, std::memory_order_relaxed));
  }
  /** I/O thread. */
  void free_all() {
    Event* event = newest_.exchange(nullptr, std::memory_order_acquire);
    while (event != nullptr) {
      Event* below = event->next.load(std::memory_order_relaxed);
      delete event;
      event = below;
    }
  }

 private:
  std::atomic<Event*> newest_{nullptr};
};

inline void retain(Event& event) { ++event.references; }
inline void release(Event* event) {
  if (--event->references > 0) return;
  if (event->spent != nullptr)
    event->spent->push(event);
  else
    delete event;
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
