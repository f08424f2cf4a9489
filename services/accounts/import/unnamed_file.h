#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "runtime/core/result.h"

namespace holdfast::accounts::import_book {

// A file in the temporary folder that nobody else can open: without a name, so that it is gone with the process,
// however that ends. Blocks on the file system; not thread-safe.
class UnnamedFile {
 public:
  static Result<UnnamedFile> open();
  UnnamedFile(UnnamedFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), size_(std::exchange(other.size_, 0)) {}
  UnnamedFile& operator=(UnnamedFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~UnnamedFile();

  Result<> append(std::string_view bytes);
  // Up to `count` bytes from `begins_at` on; how many there were.
  Result<std::size_t> read(std::uint64_t begins_at, char* into, std::size_t count) const;

  std::uint64_t size() const { return size_; }
  int descriptor() const { return descriptor_; }

 private:
  explicit UnnamedFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace holdfast::accounts::import_book
