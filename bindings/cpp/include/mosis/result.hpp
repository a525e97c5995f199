// A value or the reason why there is none; the binding reports this way so that it works in builds without exceptions.
#ifndef MOSIS_RESULT_HPP
#define MOSIS_RESULT_HPP

#include <string>
#include <utility>
#include <variant>

#include <mosis/mosis.h>

namespace mosis {

/** Why something failed: MOSIS_ERR_*, and one English sentence that says what to check. */
struct Error {
  mosis_result code = MOSIS_OK;
  std::string text;
};

/** The error of a code, with the library's own sentence. */
inline Error ErrorOf(mosis_result code) { return Error{code, mosis_result_text(code)}; }

/**
 * Either a T or an Error. Test it before use:
 *
 *     if (auto sent = phone.SendMessage("bob", "hi"); !sent) Show(sent.error().text);
 */
template <typename T>
class Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /** Only when ok(). */
  T& value() noexcept { return *std::get_if<0>(&content_); }
  const T& value() const noexcept { return *std::get_if<0>(&content_); }
  T& operator*() noexcept { return value(); }
  const T& operator*() const noexcept { return value(); }
  T* operator->() noexcept { return &value(); }
  const T* operator->() const noexcept { return &value(); }

  /** Only when not ok(). */
  const Error& error() const noexcept { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, Error> content_;
};

/** Result of a request that answers nothing but "done". */
struct Done {};

}  // namespace mosis
#endif
