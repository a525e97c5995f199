// Rules of the outbox (many writers, one reader) and of the event queue (one writer, one reader, a bound).
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "link/event_queue.h"
#include "link/outbox.h"

namespace {

using mosis::Event;
using mosis::EventQueue;
using mosis::Outbox;
using mosis::Request;
using mosis::WakePipe;

std::unique_ptr<Request> request(uint64_t id) {
  auto made = std::make_unique<Request>();
  made->id = id;
  return made;
}

std::unique_ptr<Event> event(uint64_t sequence) {
  auto made = std::make_unique<Event>();
  made->shown.sequence = sequence;
  return made;
}

TEST(Outbox, Requests_ComeOutInTheirOrder) {
  Outbox outbox;
  EXPECT_EQ(outbox.pop(), nullptr);
  for (uint64_t round = 0; round < 3; ++round) {
    for (uint64_t id = 1; id <= 5; ++id) outbox.push(request(id));
    for (uint64_t id = 1; id <= 5; ++id) EXPECT_EQ(outbox.pop()->id, id);
    EXPECT_EQ(outbox.pop(), nullptr);
  }
}

TEST(Outbox, WhatIsLeft_IsFreed) {
  Outbox outbox;
  for (uint64_t id = 1; id <= 5; ++id) outbox.push(request(id));
  EXPECT_EQ(outbox.pop()->id, 1u);
}

TEST(Outbox, ManyWriters_LoseNothingAndKeepEachOnesOrder) {
  constexpr uint64_t kWriters = 4;
  constexpr uint64_t kEach = 5000;
  Outbox outbox;
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&outbox, writer] {
      for (uint64_t i = 1; i <= kEach; ++i) outbox.push(request(writer << 32 | i));
    });
  }
  uint64_t newest[kWriters] = {};
  for (uint64_t taken = 0; taken < kWriters * kEach;) {
    const std::unique_ptr<Request> next = outbox.pop();
    if (next == nullptr) {
      std::this_thread::yield();
      continue;
    }
    ++taken;
    uint64_t& before = newest[next->id >> 32];
    ASSERT_EQ(next->id & 0xffffffff, before + 1);
    ++before;
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(outbox.pop(), nullptr);
}

class EventQueueTest : public testing::Test {
 protected:
  EventQueueTest() { wake_.open(); }
  static void count_wake(void* count) { ++*static_cast<int*>(count); }

  WakePipe wake_;
  int wakes_ = 0;
};

TEST_F(EventQueueTest, Wake_ComesOnlyWhenTheQueueWasEmpty) {
  EventQueue queue(10, count_wake, &wakes_, wake_);
  queue.push(event(1));
  queue.push(event(2));
  EXPECT_EQ(wakes_, 1);
  EXPECT_NE(queue.advance(), nullptr);
  queue.push(event(3));
  EXPECT_EQ(wakes_, 1) << "an event was still waiting";
  while (queue.advance() != nullptr) {
  }
  queue.push(event(4));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(EventQueueTest, BeyondTheLimit_EventsAreHeldInOrder) {
  EventQueue queue(3, nullptr, nullptr, wake_);
  for (uint64_t sequence = 1; sequence <= 3; ++sequence) EXPECT_FALSE(queue.push(event(sequence)));
  EXPECT_TRUE(queue.push(event(4))) << "holding begins";
  EXPECT_FALSE(queue.push(event(5))) << "holding goes on";
  EXPECT_EQ(queue.queued(), 3u);
  EXPECT_EQ(queue.held(), 2u);
  for (uint64_t sequence = 1; sequence <= 5; ++sequence) {
    Event* next = queue.advance();
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(next->shown.sequence, sequence);
    queue.release_held();
    EXPECT_LE(queue.queued(), 3u);
  }
  EXPECT_EQ(queue.advance(), nullptr);
  EXPECT_EQ(queue.most_queued(), 3u);
}

TEST_F(EventQueueTest, Event_IsTakenWhenTheNextPollComes) {
  EventQueue queue(10, nullptr, nullptr, wake_);
  queue.push(event(7));
  queue.push(event(0));
  EXPECT_EQ(queue.advance()->shown.sequence, 7u);
  EXPECT_FALSE(queue.has_taken_news()) << "the game is still looking at it";
  EXPECT_NE(queue.advance(), nullptr);
  EXPECT_TRUE(queue.has_taken_news());
  EXPECT_EQ(queue.take_taken(), 7u);
  EXPECT_EQ(queue.advance(), nullptr);
  EXPECT_FALSE(queue.has_taken_news()) << "events of the library have no number";
}

TEST_F(EventQueueTest, WriterAndReaderAtOnce_LoseNothing) {
  constexpr uint64_t kEvents = 20000;
  EventQueue queue(64, nullptr, nullptr, wake_);
  std::thread writer([&queue] {
    for (uint64_t sequence = 1; sequence <= kEvents; ++sequence) queue.push(event(sequence));
    while (queue.held() > 0) {
      queue.release_held();
      std::this_thread::yield();
    }
  });
  for (uint64_t expected = 1; expected <= kEvents;) {
    Event* next = queue.advance();
    if (next == nullptr) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(next->shown.sequence, expected++);
  }
  writer.join();
  EXPECT_EQ(queue.queued(), 0u);
}

}  // namespace
