// Rules of src/launch/endpoint_file: what a daemon writes is read, everything else is refused whole.
#include "launch/endpoint_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>

#include "support/temp_folder.h"

namespace {

using mosis::Endpoint;
using mosis::EndpointFileState;
using mosis_test::TempFolder;

const std::string kGood =
    R"({"version":1,"pid":4711,"daemonVersion":"0.1.0","protocolMin":1,"protocolMax":1,"endpoints":["ipc:///run/control.sock"],"token":"abc"})";

TEST(EndpointFile, WhatADaemonWrites_IsRead) {
  Endpoint endpoint;
  const mosis::Failure failure = mosis::parse_endpoint(kGood + "\n", endpoint);
  ASSERT_FALSE(failure) << failure.text;
  EXPECT_EQ(endpoint.pid, 4711u);
  EXPECT_EQ(endpoint.daemon_version, "0.1.0");
  EXPECT_EQ(endpoint.endpoints, std::vector<std::string>{"ipc:///run/control.sock"});
  EXPECT_EQ(endpoint.token, "abc");
  EXPECT_TRUE(endpoint.curve_server_key.empty());
}

TEST(EndpointFile, UnknownKeys_AreSkipped) {
  Endpoint endpoint;
  const mosis::Failure failure = mosis::parse_endpoint(
      R"( { "later" : { "a" : [ 1 , -2.5e3 , null , { } , [ ] ] , "b" : "\u00e9" } , "version" : 1 , "pid" : 1 , "endpoints" : [ "a" , "b" ] , "token" : "\u0074\"" } )",
      endpoint);
  ASSERT_FALSE(failure) << failure.text;
  EXPECT_EQ(endpoint.token, "t\"");
  EXPECT_EQ(endpoint.endpoints.size(), 2u);
}

TEST(EndpointFile, Escapes_BecomeUtf8) {
  Endpoint endpoint;
  ASSERT_FALSE(mosis::parse_endpoint(R"({"version":1,"pid":1,"endpoints":["\/\b\f\n\r\t\\"],"token":"\u00e9\u20ac\ud83d\ude00"})",
                                     endpoint));
  EXPECT_EQ(endpoint.endpoints[0], "/\b\f\n\r\t\\");
  EXPECT_EQ(endpoint.token, "é€😀");
}

TEST(EndpointFile, HostileText_IsRefused) {
  const std::string long_text(300, 'x');
  const std::string bad[] = {
      "",
      "{",
      "}",
      "[]",
      "null",
      kGood + "x",
      kGood.substr(0, kGood.size() - 1),
      kGood + kGood,
      R"({"version":2,"pid":1,"endpoints":["a"],"token":"t"})",
      R"({"pid":1,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":0,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":4294967296,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":99999999999999999999999,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":-1,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":1.5,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":1e3,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":01,"endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":"1","endpoints":["a"],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":[],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":"a","token":"t"})",
      R"({"version":1,"pid":1,"endpoints":[1],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":["a",],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":["a" "b"],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":["1","2","3","4","5","6","7","8","9"],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":["a"],"endpoints":["b"],"token":"t"})",
      R"({"version":1,"pid":1,"endpoints":["a"]})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":""})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":null})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"t"},)",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"t",})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"\ud800"})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"\udc00"})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"\u0000"})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"\x41"})",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"\u12)",
      R"({"version":1,"pid":1,"endpoints":["a"],"token":"t","curveServerKey":"short"})",
      "{\"version\":1,\"pid\":1,\"endpoints\":[\"a\"],\"token\":\"a\nb\"}",
      "{\"version\":1,\"pid\":1,\"endpoints\":[\"" + long_text + "\"],\"token\":\"t\"}",
      "{\"version\":1,\"pid\":1,\"endpoints\":[\"a\"],\"token\":\"" + long_text + "\"}",
      "{\"" + long_text + "\":1,\"version\":1,\"pid\":1,\"endpoints\":[\"a\"],\"token\":\"t\"}",
      "{\"deep\":" + std::string(5000, '[') + std::string(5000, ']') + "}",
  };
  for (const std::string& text : bad) {
    Endpoint endpoint;
    EXPECT_EQ(mosis::parse_endpoint(text, endpoint).code, MOSIS_ERR_DAEMON_START_FAILED) << text;
  }
}

TEST(EndpointFile, DamagedText_NeverReadsOutOfBounds) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text = kGood;
    for (unsigned changes = random() % 4 + 1; changes > 0; --changes) text[random() % text.size()] = static_cast<char>(random());
    text.resize(random() % (text.size() + 1));
    Endpoint endpoint;
    mosis::parse_endpoint(text, endpoint);
    EXPECT_LE(endpoint.token.size(), 129u);
  }
}

TEST(EndpointFile, PrivateFile_IsRead) {
  const TempFolder temp;
  Endpoint endpoint;
  mosis::Failure failure;
  EXPECT_EQ(mosis::read_endpoint_file(temp / "endpoint.json", endpoint, failure), EndpointFileState::missing);
  mosis_test::write_file(temp / "endpoint.json", kGood);
  EXPECT_EQ(mosis::read_endpoint_file(temp / "endpoint.json", endpoint, failure), EndpointFileState::read);
  EXPECT_EQ(endpoint.token, "abc");
}

TEST(EndpointFile, FileThatOthersMayTouch_IsRefused) {
  const TempFolder temp;
  for (const unsigned mode : {0644u, 0620u, 0604u}) {
    mosis_test::write_file(temp / "endpoint.json", kGood, mode);
    Endpoint endpoint;
    mosis::Failure failure;
    EXPECT_EQ(mosis::read_endpoint_file(temp / "endpoint.json", endpoint, failure), EndpointFileState::refused);
    EXPECT_NE(failure.text.find("not a private file"), std::string::npos) << failure.text;
  }
}

TEST(EndpointFile, LinkFolderPipeOrHugeFile_IsRefused) {
  const TempFolder temp;
  mosis_test::write_file(temp / "real", kGood);
  ASSERT_EQ(symlink((temp / "real").c_str(), (temp / "link").c_str()), 0);
  ASSERT_EQ(mkfifo((temp / "pipe").c_str(), 0600), 0);
  mosis_test::make_private_folders(temp / "folder");
  mosis_test::write_file(temp / "huge", std::string(17 * 1024, ' ') + kGood);
  for (const char* name : {"link", "pipe", "folder", "huge"}) {
    Endpoint endpoint;
    mosis::Failure failure;
    EXPECT_EQ(mosis::read_endpoint_file(temp / name, endpoint, failure), EndpointFileState::refused) << name;
    EXPECT_EQ(failure.code, MOSIS_ERR_DAEMON_START_FAILED) << name;
  }
}

}  // namespace
