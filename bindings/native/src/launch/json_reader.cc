#include "launch/json_reader.h"

namespace mosis {
namespace {

constexpr int kMaxDepth = 8;
constexpr size_t kMaxKeyBytes = 64;
constexpr uint64_t kMaxInteger = (uint64_t{1} << 53) - 1;

void append_utf8(std::string& out, uint32_t point) {
  const auto byte = [&out](uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    byte(0xe0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3f));
  } else {
    byte(0xf0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3f));
    byte(0x80 | ((point >> 6) & 0x3f));
  }
  byte(0x80 | (point & 0x3f));
}

}  // namespace

void JsonReader::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
}

bool JsonReader::take(char wanted) {
  skip_space();
  if (at_ == text_.size() || text_[at_] != wanted) return false;
  ++at_;
  return true;
}

bool JsonReader::begin(char opening) {
  first_ = true;
  return (take(opening) && ++depth_ <= kMaxDepth) || wrong();
}

bool JsonReader::next(char closing) {
  if (!ok_) return false;
  if (take(closing)) {
    --depth_;
    first_ = false;
    return false;
  }
  if (!first_ && !take(',')) return wrong();
  first_ = false;
  return true;
}

bool JsonReader::next_key(std::string& key) { return next('}') && string(key, kMaxKeyBytes) && (take(':') || wrong()); }

bool JsonReader::string(std::string& value, size_t max_bytes) {
  value.clear();
  if (!take('"')) return wrong();
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') return true;
    if (static_cast<unsigned char>(c) < 0x20) return wrong();
    if (c != '\\')
      value.push_back(c);
    else if (!escape(value))
      return wrong();
    if (value.size() > max_bytes) return wrong();
  }
  return wrong();
}

bool JsonReader::escape(std::string& value) {
  if (at_ == text_.size()) return false;
  const char c = text_[at_++];
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  const size_t plain = kLetters.find(c);
  if (plain != std::string_view::npos) {
    value.push_back(kMeant[plain]);
    return true;
  }
  uint32_t unit = 0;
  if (c != 'u' || !hex4(unit) || unit == 0) return false;
  if (unit >= 0xd800 && unit < 0xdc00) {
    uint32_t low = 0;
    if (text_.substr(at_, 2) != "\\u") return false;
    at_ += 2;
    if (!hex4(low) || low < 0xdc00 || low > 0xdfff) return false;
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  } else if (unit >= 0xdc00 && unit < 0xe000) {
    return false;
  }
  append_utf8(value, unit);
  return true;
}

bool JsonReader::hex4(uint32_t& unit) {
  if (text_.size() - at_ < 4) return false;
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_++];
    uint32_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<uint32_t>(c - 'A' + 10);
    else
      return false;
    unit = unit << 4 | digit;
  }
  return true;
}

bool JsonReader::integer(uint64_t& value) {
  skip_space();
  const size_t begin = at_;
  value = 0;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
    value = value * 10 + static_cast<uint64_t>(text_[at_++] - '0');
    if (value > kMaxInteger) return wrong();
  }
  const bool leading_zero = at_ - begin > 1 && text_[begin] == '0';
  const bool goes_on = at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E');
  return (at_ > begin && !leading_zero && !goes_on) || wrong();
}

bool JsonReader::skip_value() {
  skip_space();
  if (at_ == text_.size()) return wrong();
  std::string ignored;
  if (text_[at_] == '"') return string(ignored, text_.size());
  return text_[at_] == '{' || text_[at_] == '[' ? skip_nested() : skip_word();
}

bool JsonReader::skip_nested() {
  const bool object = text_[at_] == '{';
  std::string key;
  if (!begin(object ? '{' : '[')) return false;
  while (object ? next_key(key) : next_item()) {
    if (!skip_value()) return false;
  }
  return ok_;
}

/** true, false, null, or any number. */
bool JsonReader::skip_word() {
  const size_t begin = at_;
  at_ = text_.find_first_not_of("+-.0123456789abcdefghijklmnopqrstuvwxyzE", at_);
  if (at_ == std::string_view::npos) at_ = text_.size();
  return at_ > begin || wrong();
}

bool JsonReader::at_end() {
  skip_space();
  return at_ == text_.size();
}

}  // namespace mosis
