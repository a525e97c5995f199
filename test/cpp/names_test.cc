// The words of names.hpp are those of mosis_types.h and mosis.h: a constant that is added there must be added here.
#include <gtest/gtest.h>
#include <mosis/names.hpp>

#include <cctype>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <sstream>
#include <string>

namespace {

std::string CamelCase(const std::string& constant) {
  std::string word;
  for (size_t i = 0; i < constant.size(); ++i) {
    if (constant[i] == '_') {
      word += constant[++i];
    } else {
      word += static_cast<char>(std::tolower(constant[i]));
    }
  }
  return word;
}

/** The constants of the headers that begin so: number -> word. */
std::map<int, std::string> WordsOf(const std::string& prefix) {
  std::stringstream text;
  for (const char* header : {"mosis_types.h", "mosis.h"}) {
    std::ifstream file(std::string(MOSIS_TEST_SOURCE_FOLDER "/../../bindings/native/include/mosis/") + header);
    EXPECT_TRUE(file) << header;
    text << file.rdbuf();
  }
  const std::string all = text.str();
  const std::regex pattern("\\b" + prefix + "([A-Z_]+) = (-?[0-9]+)");
  std::map<int, std::string> words;
  for (std::sregex_iterator match(all.begin(), all.end(), pattern), end; match != end; ++match) {
    words[std::stoi((*match)[2])] = CamelCase((*match)[1]);
  }
  EXPECT_GT(words.size(), 2u) << prefix;
  return words;
}

void ExpectSame(const std::string& prefix, const std::function<std::string(int)>& name) {
  const auto words = WordsOf(prefix);
  for (const auto& [number, word] : words) EXPECT_EQ(name(number), word) << prefix << number;
  const int next = prefix == "MOSIS_ERR_" ? words.begin()->first - 1 : words.rbegin()->first + 1;
  EXPECT_EQ(name(next), "unknown");
}

TEST(NamesTest, EveryConstantOfTheHeaders_HasItsWord) {
  ExpectSame("MOSIS_ERR_", [](int n) { return mosis::ErrorName(n); });
  ExpectSame("MOSIS_CLIENT_", [](int n) { return mosis::ClientStateName(static_cast<mosis_client_state>(n)); });
  ExpectSame("MOSIS_LINE_STATE_", [](int n) { return mosis::LineStateName(static_cast<mosis_line_state>(n)); });
  ExpectSame("MOSIS_MESSAGE_STATE_", [](int n) { return mosis::MessageStateName(static_cast<mosis_message_state>(n)); });
  ExpectSame("MOSIS_CONNECTION_STATE_", [](int n) { return mosis::ConnectionStateName(static_cast<mosis_connection_state>(n)); });
  EXPECT_STREQ(mosis::ErrorName(MOSIS_OK), "ok");
  EXPECT_STREQ(mosis::ErrorName(7), "unknown");
}

}  // namespace
