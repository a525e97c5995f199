// The requests that have no answer yet: which go out next, which were sent, which have waited too long. I/O thread only; time comes
// in.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "link/outbox.h"

namespace mosis {

class RequestTable {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void accept(std::unique_ptr<Request> request);
  /** The oldest unsent one; null when there is none. It stays in the table. */
  Request* next_unsent();
  void mark_sent(const Request& request);
  /** Takes it out; null for an id that is not (or no longer) waited for. */
  std::unique_ptr<Request> answered(uint64_t id);
  /** Takes out those whose deadline has passed. */
  std::vector<std::unique_ptr<Request>> expired(Time now);
  /** Takes out those that were sent and must not be repeated; repeatable ones become unsent, in their old order. */
  std::vector<std::unique_ptr<Request>> link_lost();
  /** Takes out everything. */
  std::vector<std::unique_ptr<Request>> clear();
  /** Time::max() when empty. */
  Time next_deadline() const;
  size_t size() const { return requests_.size(); }

 private:
  std::unique_ptr<Request> take(std::map<uint64_t, std::unique_ptr<Request>>::iterator found);

  std::map<uint64_t, std::unique_ptr<Request>> requests_;
  std::set<uint64_t> unsent_;
  std::set<std::pair<Time, uint64_t>> deadlines_;
};

}  // namespace mosis
