// What happens, on stdout: one JSON object per line for scripts, a short text for people.
#ifndef MOSIS_SAMPLE_LOG_HPP
#define MOSIS_SAMPLE_LOG_HPP

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

/** The fields of a line; empty texts are left out. */
class Fields {
 public:
  Fields& Text(const char* name, std::string_view text) { return text.empty() ? *this : Raw(name, Quoted(text)); }
  Fields& Number(const char* name, uint64_t number) { return Raw(name, std::to_string(number)); }
  Fields& Flag(const char* name, bool flag) { return Raw(name, flag ? "true" : "false"); }
  Fields& Object(const char* name, const Fields& fields) { return Raw(name, "{" + fields.json_ + "}"); }
  const std::string& json() const { return json_; }

 private:
  Fields& Raw(const char* name, const std::string& value) {
    json_ += (json_.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
    return *this;
  }
  static std::string Quoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      if (static_cast<unsigned char>(c) >= 0x20) {
        quoted += c;
      } else {
        char escape[8];
        std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
        quoted += escape;
      }
    }
    return quoted + '"';
  }
  std::string json_;
};

class Log {
 public:
  explicit Log(bool json) : json_(json) {}

  /** Writes one event: {"t": Unix time in ms, "event": …, fields}. */
  void Write(const char* event, const Fields& fields) const {
    const auto now = std::chrono::system_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now.time_since_epoch()).count();
    if (json_) {
      std::printf("{\"t\":%.3f,\"event\":\"%s\"%s%s}\n", ms, event, fields.json().empty() ? "" : ",", fields.json().c_str());
    } else {
      const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
      char clock[16];
      std::strftime(clock, sizeof(clock), "%H:%M:%S", std::localtime(&seconds));
      std::printf("%s.%03d %-17s %s\n", clock, static_cast<int>(static_cast<int64_t>(ms) % 1000), event, fields.json().c_str());
    }
    std::fflush(stdout);
  }

 private:
  bool json_;
};

#endif
