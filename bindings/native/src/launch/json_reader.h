// A pull reader for small JSON texts: strings, whole numbers, arrays, one object. Keeps no tree, allocates only what is asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mosis {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  bool begin_object() { return begin('{'); }
  bool begin_array() { return begin('['); }
  /** False at the end of the object, or when the text is wrong: ok() tells which. */
  bool next_key(std::string& key);
  bool next_item() { return next(']'); }
  bool string(std::string& value, size_t max_bytes);
  /** 0 … 2^53 − 1, without fraction or exponent. */
  bool integer(uint64_t& value);
  bool skip_value();
  bool ok() const { return ok_; }
  /** Only white space follows. */
  bool at_end();

 private:
  bool begin(char opening);
  bool next(char closing);
  bool take(char wanted);
  bool skip_word();
  bool skip_nested();
  bool escape(std::string& value);
  bool hex4(uint32_t& unit);
  void skip_space();
  bool wrong() { return ok_ = false; }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
  bool first_ = true;
  bool ok_ = true;
};

}  // namespace mosis
