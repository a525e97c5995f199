#include "json.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace mosis::protocol {
namespace {

class Parser {
 public:
  Parser(std::string text, std::string path) : text_(std::move(text)), path_(std::move(path)) {}

  Json parse() {
    Json value = read_value();
    skip_space();
    if (at_ != text_.size()) fail();
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    std::fprintf(stderr, "%s: not JSON at byte %zu\n", path_.c_str(), at_);
    std::exit(2);
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) at_++;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    at_++;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) fail();
  }
  bool take_word(const char* word) {
    const std::string expected = word;
    if (text_.compare(at_, expected.size(), expected) != 0) return false;
    at_ += expected.size();
    return true;
  }

  Json read_value() {
    const char first = peek();
    if (first == '{') return read_object();
    if (first == '[') return read_array();
    if (first == '"') return Json(read_string());
    if (take_word("true")) return Json(true);
    if (take_word("false")) return Json(false);
    if (take_word("null")) return Json();
    return read_number();
  }
  Json read_number() {
    const size_t begin = at_;
    uint64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; at_++) value = value * 10 + uint64_t(text_[at_] - '0');
    if (at_ == begin) fail();
    return Json(value);
  }
  Json read_array() {
    Json list = Json::array();
    expect('[');
    if (take(']')) return list;
    do list.items.push_back(read_value());
    while (take(','));
    expect(']');
    return list;
  }
  Json read_object() {
    Json object = Json::object();
    expect('{');
    if (take('}')) return object;
    do {
      if (peek() != '"') fail();
      std::string name = read_string();
      expect(':');
      object.fields[name] = read_value();
    } while (take(','));
    expect('}');
    return object;
  }

  std::string read_string() {
    std::string out;
    for (at_++; at_ < text_.size() && text_[at_] != '"'; at_++) {
      if (text_[at_] == '\\') {
        read_escape(out);
      } else {
        out += text_[at_];
      }
    }
    if (at_ == text_.size()) fail();
    at_++;
    return out;
  }
  void read_escape(std::string& out) {
    const char kind = ++at_ < text_.size() ? text_[at_] : '\0';
    static const std::string names = "\"\\/bfnrt";
    static const std::string values = "\"\\/\b\f\n\r\t";
    const size_t known = names.find(kind);
    if (kind == 'u') {
      append_point(out);
    } else if (known != std::string::npos) {
      out += values[known];
    } else {
      fail();
    }
  }
  uint32_t read_unit() {
    if (at_ + 4 >= text_.size()) fail();
    const uint32_t unit = static_cast<uint32_t>(std::strtoul(text_.substr(at_ + 1, 4).c_str(), nullptr, 16));
    at_ += 4;
    return unit;
  }
  void append_point(std::string& out) {
    uint32_t point = read_unit();
    if (point >= 0xd800 && point < 0xdc00) {
      if (text_.compare(at_ + 1, 2, "\\u") != 0) fail();
      at_ += 2;
      point = 0x10000 + ((point - 0xd800) << 10) + (read_unit() - 0xdc00);
    }
    const uint32_t tails = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(leads[tails] | point >> (6 * tails));
    for (uint32_t i = tails; i-- > 0;) out += static_cast<char>(0x80 | (point >> (6 * i) & 0x3f));
  }

  std::string text_;
  std::string path_;
  size_t at_ = 0;
};

}  // namespace

Json read_json(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read\n", path.c_str());
    std::exit(2);
  }
  std::ostringstream content;
  content << file.rdbuf();
  return Parser(content.str(), path).parse();
}

std::string Json::print() const {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return number != 0 ? "true" : "false";
    case Kind::kNumber:
      return std::to_string(number);
    case Kind::kText:
      return '"' + text + '"';
    case Kind::kArray: {
      std::string out;
      for (const Json& item : items) out += (out.empty() ? "" : ",") + item.print();
      return '[' + out + ']';
    }
    case Kind::kObject: {
      std::string out;
      for (const auto& [name, value] : fields) out += (out.empty() ? "" : ",") + name + ':' + value.print();
      return '{' + out + '}';
    }
  }
  return "";
}

std::string to_hex(const void* data, size_t size) {
  static const char digits[] = "0123456789abcdef";
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  std::string out;
  for (size_t i = 0; i < size; i++) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

std::string from_hex(const std::string& hex) {
  std::string digits;
  for (char one : hex) {
    if (one != ' ') digits += one;
  }
  std::string out;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    out += static_cast<char>(std::strtoul(digits.substr(i, 2).c_str(), nullptr, 16));
  }
  return out;
}

}  // namespace mosis::protocol
