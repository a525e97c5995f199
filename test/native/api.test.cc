// Rules of the C functions that need no daemon: versions, options, NULL, statistics, texts.
#include <gtest/gtest.h>

#include <cstring>
#include <regex>
#include <set>

#include "mosis/mosis.h"
#include "protocol/messages.gen.h"
#include "support/temp_folder.h"

namespace {

class ApiTest : public testing::Test {
 protected:
  ApiTest() {
    mosis_client_options_init(&options_);
    options_.app = "test";
    options_.do_not_start_daemon = 1;
  }
  mosis_result create() {
    mosis_client* client = reinterpret_cast<mosis_client*>(this);
    const mosis_result result = mosis_client_create(&options_, &client);
    EXPECT_EQ(client != nullptr, result == MOSIS_OK);
    mosis_client_destroy(client);
    return result;
  }

  mosis_test::MosisFolders folders_;
  mosis_client_options options_;
};

TEST_F(ApiTest, Version_IsThatOfTheHeader) {
  EXPECT_EQ(mosis_abi_version(), MOSIS_ABI_VERSION_MAJOR << 16 | MOSIS_ABI_VERSION_MINOR);
}

TEST_F(ApiTest, EveryResult_HasASentenceOfItsOwn) {
  std::set<std::string> sentences;
  const std::string unknown = mosis_result_text(-9999);
  size_t codes = 0;
  for (int32_t code = 1; code < 1000; ++code) {
    if (!mosis::protocol::is_error_code(static_cast<uint64_t>(code))) continue;
    ++codes;
    EXPECT_NE(mosis_result_text(-code), unknown) << code;
    sentences.insert(mosis_result_text(-code));
  }
  EXPECT_EQ(sentences.size(), codes);
  const std::string header = mosis_test::read_file(std::string(REPOSITORY_PATH) + "/bindings/native/include/mosis/mosis_types.h");
  const std::string in_one_line = std::regex_replace(header, std::regex("\n +\\* "), " ");
  for (const std::string& sentence : sentences) {
    EXPECT_NE(in_one_line.find(sentence), std::string::npos) << "the schema says it otherwise: " << sentence;
  }
  EXPECT_STRNE(mosis_result_text(MOSIS_OK), "");
}

TEST_F(ApiTest, GoodOptions_MakeAClient) { EXPECT_EQ(create(), MOSIS_OK); }

TEST_F(ApiTest, NullPointers_AreRefused) {
  mosis_client* client = nullptr;
  EXPECT_EQ(mosis_client_create(nullptr, &client), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_create(&options_, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  const mosis_event* event = nullptr;
  EXPECT_EQ(mosis_client_poll(nullptr, &event), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_peers(nullptr, nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_get_stats(nullptr, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(mosis_client_get_state(nullptr), MOSIS_CLIENT_FAILED);
  mosis_client_destroy(nullptr);
  mosis_client_options_init(nullptr);
  mosis_request_options_init(nullptr);
  mosis_stats_init(nullptr);
}

TEST_F(ApiTest, AppMissingEmptyOrTooLong_IsRefused) {
  const std::string longest(128, 'a');
  const std::string too_long(129, 'a');
  for (const char* app : {static_cast<const char*>(nullptr), "", too_long.c_str(), "\xff"}) {
    options_.app = app;
    EXPECT_EQ(create(), MOSIS_ERR_INVALID_ARGUMENT);
  }
  options_.app = longest.c_str();
  EXPECT_EQ(create(), MOSIS_OK);
}

TEST_F(ApiTest, TextThatBreaksItsLimit_IsRefused) {
  const std::string too_long(5000, 'a');
  for (const char* mosis_client_options::*field :
       {&mosis_client_options::app_version, &mosis_client_options::engine, &mosis_client_options::server,
        &mosis_client_options::phone_id, &mosis_client_options::display_name, &mosis_client_options::profile,
        &mosis_client_options::daemon_path}) {
    options_.*field = too_long.c_str();
    EXPECT_EQ(create(), MOSIS_ERR_INVALID_ARGUMENT);
    options_.*field = "\xc3\x28";
    EXPECT_EQ(create(), MOSIS_ERR_INVALID_ARGUMENT);
    options_.*field = nullptr;
  }
}

TEST_F(ApiTest, BadProfile_IsRefusedAlsoFromTheEnvironment) {
  options_.profile = "Ada/..";
  EXPECT_EQ(create(), MOSIS_ERR_INVALID_ARGUMENT);
  options_.profile = nullptr;
  setenv("MOSIS_PROFILE", "Not Good", 1);
  EXPECT_EQ(create(), MOSIS_ERR_INVALID_ARGUMENT);
  options_.profile = "good";
  EXPECT_EQ(create(), MOSIS_OK) << "the option goes before the environment";
  unsetenv("MOSIS_PROFILE");
}

TEST_F(ApiTest, StructOfAnOlderGame_IsReadAsFarAsItGoes) {
  mosis_client_options garbage;
  std::memset(&garbage, 0xff, sizeof garbage);
  garbage.struct_size = offsetof(mosis_client_options, app_version);
  garbage.app = "old game";
  mosis_client* client = nullptr;
  EXPECT_EQ(mosis_client_create(&garbage, &client), MOSIS_OK);
  mosis_client_destroy(client);
  garbage.struct_size = 4;
  EXPECT_EQ(mosis_client_create(&garbage, &client), MOSIS_ERR_INVALID_ARGUMENT);
}

TEST_F(ApiTest, Stats_FillNoMoreThanTheCallersStruct) {
  mosis_client* client = nullptr;
  ASSERT_EQ(mosis_client_create(&options_, &client), MOSIS_OK);
  mosis_stats stats;
  std::memset(&stats, 0xaa, sizeof stats);
  stats.struct_size = offsetof(mosis_stats, events_queued);
  EXPECT_EQ(mosis_client_get_stats(client, &stats), MOSIS_OK);
  EXPECT_EQ(stats.reconnects, 0u);
  EXPECT_EQ(stats.events_queued, 0xaaaaaaaau);
  EXPECT_EQ(stats.struct_size, offsetof(mosis_stats, events_queued));
  mosis_client_destroy(client);
}

TEST_F(ApiTest, EmptyPoll_SaysSo) {
  mosis_client* client = nullptr;
  ASSERT_EQ(mosis_client_create(&options_, &client), MOSIS_OK);
  const mosis_event* event = reinterpret_cast<const mosis_event*>(this);
  EXPECT_EQ(mosis_client_poll(client, &event), 0);
  EXPECT_EQ(event, nullptr);
  EXPECT_EQ(mosis_client_poll(client, nullptr), MOSIS_ERR_INVALID_ARGUMENT);
  mosis_client_destroy(client);
}

}  // namespace
