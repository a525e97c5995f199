#include "link/outbox.h"

namespace mosis {

Outbox::Outbox() : stub_(new Request), head_(stub_), tail_(stub_) {}

Outbox::~Outbox() {
  while (pop() != nullptr) {
  }
  delete stub_;
}

void Outbox::push(std::unique_ptr<Request> request) { append(request.release()); }

void Outbox::append(Request* request) {
  request->next.store(nullptr, std::memory_order_relaxed);
  Request* before = tail_.exchange(request, std::memory_order_acq_rel);
  before->next.store(request, std::memory_order_release);
}

std::unique_ptr<Request> Outbox::pop() {
  Request* first = head_;
  Request* next = first->next.load(std::memory_order_acquire);
  if (first == stub_) {
    if (next == nullptr) return nullptr;
    head_ = first = next;
    next = first->next.load(std::memory_order_acquire);
  }
  if (next == nullptr) {
    // `first` is the last one, unless a writer is between its two steps; the stub goes behind it so that it can be taken.
    if (tail_.load(std::memory_order_acquire) != first) return nullptr;
    append(stub_);
    next = first->next.load(std::memory_order_acquire);
    if (next == nullptr) return nullptr;
  }
  head_ = next;
  return std::unique_ptr<Request>(first);
}

}  // namespace mosis
