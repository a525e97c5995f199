#include "link/request_table.h"

namespace mosis {

void RequestTable::accept(std::unique_ptr<Request> request) {
  unsent_.insert(request->id);
  deadlines_.emplace(request->deadline, request->id);
  const uint64_t id = request->id;
  requests_.emplace(id, std::move(request));
}

Request* RequestTable::next_unsent() {
  if (unsent_.empty()) return nullptr;
  return requests_.find(*unsent_.begin())->second.get();
}

void RequestTable::mark_sent(const Request& request) { unsent_.erase(request.id); }

std::unique_ptr<Request> RequestTable::take(std::map<uint64_t, std::unique_ptr<Request>>::iterator found) {
  std::unique_ptr<Request> request = std::move(found->second);
  unsent_.erase(request->id);
  deadlines_.erase({request->deadline, request->id});
  requests_.erase(found);
  return request;
}

std::unique_ptr<Request> RequestTable::answered(uint64_t id) {
  const auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : take(found);
}

std::vector<std::unique_ptr<Request>> RequestTable::expired(Time now) {
  std::vector<std::unique_ptr<Request>> late;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) late.push_back(take(requests_.find(deadlines_.begin()->second)));
  return late;
}

std::vector<std::unique_ptr<Request>> RequestTable::link_lost() {
  std::vector<std::unique_ptr<Request>> lost;
  for (auto each = requests_.begin(); each != requests_.end();) {
    const auto current = each++;
    if (unsent_.count(current->first) != 0) continue;
    if (current->second->repeatable)
      unsent_.insert(current->first);
    else
      lost.push_back(take(current));
  }
  return lost;
}

std::vector<std::unique_ptr<Request>> RequestTable::clear() {
  std::vector<std::unique_ptr<Request>> all;
  while (!requests_.empty()) all.push_back(take(requests_.begin()));
  return all;
}

RequestTable::Time RequestTable::next_deadline() const { return deadlines_.empty() ? Time::max() : deadlines_.begin()->first; }

}  // namespace mosis
