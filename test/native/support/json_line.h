// Writes one flat JSON object as a line of text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "mosis/mosis.h"

namespace mosis_test {

class JsonLine {
 public:
  JsonLine& number(const char* name, uint64_t value) { return raw(name, std::to_string(value)); }
  JsonLine& integer(const char* name, int64_t value) { return raw(name, std::to_string(value)); }
  JsonLine& boolean(const char* name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonLine& text(const char* name, const std::string& value) { return raw(name, quoted(value)); }
  JsonLine& text(const char* name, const mosis_string& value) {
    return text(name, value.data == nullptr ? std::string() : std::string(value.data, value.size));
  }
  /** `value` is JSON. */
  JsonLine& raw(const char* name, const std::string& value) {
    if (!fields_.empty()) fields_ += ',';
    fields_ += quoted(name) + ':' + value;
    return *this;
  }
  std::string object() const { return '{' + fields_ + '}'; }
  std::string finish() const { return object() + '\n'; }

 private:
  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      char escape[8];
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        out += escape;
      } else {
        out += c;
      }
    }
    return out + '"';
  }

  std::string fields_;
};

}  // namespace mosis_test
