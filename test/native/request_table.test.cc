// Rules of src/link/request_table: order, deadlines, and what a lost link means for each request.
#include "link/request_table.h"

#include <gtest/gtest.h>

namespace {

using mosis::Request;
using mosis::RequestTable;
using std::chrono::milliseconds;

const RequestTable::Time kNow{};

std::unique_ptr<Request> request(uint64_t id, bool repeatable, int deadline_ms = 1000) {
  auto made = std::make_unique<Request>();
  made->id = id;
  made->repeatable = repeatable;
  made->deadline = kNow + milliseconds(deadline_ms);
  return made;
}

std::vector<uint64_t> ids(const std::vector<std::unique_ptr<Request>>& requests) {
  std::vector<uint64_t> all;
  for (const auto& each : requests) all.push_back(each->id);
  return all;
}

std::vector<uint64_t> send_all(RequestTable& table) {
  std::vector<uint64_t> sent;
  while (Request* next = table.next_unsent()) {
    sent.push_back(next->id);
    table.mark_sent(*next);
  }
  return sent;
}

TEST(RequestTable, UnsentRequests_GoOutOldestFirst) {
  RequestTable table;
  for (uint64_t id : {1, 2, 3}) table.accept(request(id, true));
  EXPECT_EQ(send_all(table), (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_EQ(table.size(), 3u) << "they wait for their answers";
}

TEST(RequestTable, Answer_IsMatchedOnce) {
  RequestTable table;
  table.accept(request(5, true));
  send_all(table);
  EXPECT_EQ(table.answered(4), nullptr);
  EXPECT_EQ(table.answered(5)->id, 5u);
  EXPECT_EQ(table.answered(5), nullptr);
  EXPECT_EQ(table.next_deadline(), RequestTable::Time::max());
}

TEST(RequestTable, Deadline_TakesOutSentAndUnsentOnes) {
  RequestTable table;
  table.accept(request(1, true, 100));
  send_all(table);
  table.accept(request(2, false, 50));
  table.accept(request(3, false, 500));
  EXPECT_EQ(table.next_deadline(), kNow + milliseconds(50));
  EXPECT_TRUE(table.expired(kNow + milliseconds(49)).empty());
  EXPECT_EQ(ids(table.expired(kNow + milliseconds(100))), (std::vector<uint64_t>{2, 1}));
  EXPECT_EQ(send_all(table), std::vector<uint64_t>{3});
}

TEST(RequestTable, LostLink_RepeatsRepeatableOnesInOrderBeforeNewOnes) {
  RequestTable table;
  for (uint64_t id : {1, 2, 3, 4}) table.accept(request(id, id % 2 == 1));
  send_all(table);
  table.accept(request(5, false));
  EXPECT_EQ(ids(table.link_lost()), (std::vector<uint64_t>{2, 4})) << "sent, and must not be repeated";
  EXPECT_EQ(send_all(table), (std::vector<uint64_t>{1, 3, 5}));
}

TEST(RequestTable, Clear_TakesOutEverything) {
  RequestTable table;
  for (uint64_t id : {1, 2}) table.accept(request(id, true));
  EXPECT_EQ(ids(table.clear()), (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.next_unsent(), nullptr);
}

}  // namespace
