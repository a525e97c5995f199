// A callback that may be replaced while it runs.
#ifndef MOSIS_CALLBACK_HPP
#define MOSIS_CALLBACK_HPP

#include <functional>
#include <memory>
#include <utility>

namespace mosis {

/** Holds a function or none. A call keeps the function alive until it returns, even if it replaces itself. Not synchronised. */
template <typename... Arguments>
class Callback {
 public:
  using Function = std::function<void(Arguments...)>;

  void Set(Function function) { function_ = function ? std::make_shared<const Function>(std::move(function)) : nullptr; }
  explicit operator bool() const noexcept { return function_ != nullptr; }

  void operator()(Arguments... arguments) const {
    const std::shared_ptr<const Function> function = function_;
    if (function) (*function)(arguments...);
  }

 private:
  std::shared_ptr<const Function> function_;
};

}  // namespace mosis
#endif
