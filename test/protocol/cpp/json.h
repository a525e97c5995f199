// JSON trees for the vectors: whole numbers, no fractions. Reads files of ours, so a wrong one ends the test program.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mosis/mosis_types.h"

namespace mosis::protocol {

struct Json {
  enum class Kind { kNull, kBoolean, kNumber, kText, kArray, kObject };

  Json() = default;
  explicit Json(bool value) : kind(Kind::kBoolean), number(value ? 1 : 0) {}
  explicit Json(uint64_t value) : kind(Kind::kNumber), number(value) {}
  explicit Json(std::string value) : kind(Kind::kText), text(std::move(value)) {}
  explicit Json(const char* value) : kind(Kind::kText), text(value) {}
  static Json array() { return of(Kind::kArray); }
  static Json object() { return of(Kind::kObject); }

  bool operator==(const Json& other) const {
    return kind == other.kind && number == other.number && text == other.text && items == other.items && fields == other.fields;
  }
  bool has(const std::string& name) const { return fields.count(name) > 0; }
  /** The field, which must be there. */
  const Json& at(const std::string& name) const { return fields.at(name); }
  /** For failure messages. */
  std::string print() const;

  Kind kind = Kind::kNull;
  uint64_t number = 0;
  std::string text;
  std::vector<Json> items;
  std::map<std::string, Json> fields;

 private:
  static Json of(Kind kind) {
    Json made;
    made.kind = kind;
    return made;
  }
};

/** Ends the program when the file is missing or not JSON. */
Json read_json(const std::string& path);

std::string to_hex(const void* data, size_t size);
/** Blanks are passed over. */
std::string from_hex(const std::string& hex);

inline Json to_json(bool value) { return Json(value); }
inline Json to_json(uint32_t value) { return Json(uint64_t{value}); }
inline Json to_json(uint64_t value) { return Json(value); }
inline Json to_json(mosis_string value) { return Json(std::string(value.data, value.size)); }
inline Json to_json(mosis_bytes value) { return Json(to_hex(value.data, value.size)); }

}  // namespace mosis::protocol
