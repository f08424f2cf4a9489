#pragma once

#include <functional>
#include <utility>

namespace holdfast::metrics {

// Something handed to a register until this object dies; when its destructor returns, nobody calls it any more.
class [[nodiscard]] Registration {
 public:
  Registration() = default;
  explicit Registration(std::function<void()> undo) : undo_(std::move(undo)) {}
  Registration(Registration&& other) noexcept : undo_(std::exchange(other.undo_, nullptr)) {}
  Registration& operator=(Registration&& other) noexcept {
    std::swap(undo_, other.undo_);
    return *this;
  }
  ~Registration() {
    if (undo_) undo_();
  }

 private:
  std::function<void()> undo_;
};

}  // namespace holdfast::metrics
