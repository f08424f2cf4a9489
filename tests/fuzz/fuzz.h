#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// What the targets share: each is one file that defines what follows for its own kind of input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size);

namespace holdfast::fuzz {

inline std::string_view text_of(const std::uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A promise that does not hold ends the process, as a crash does: libFuzzer keeps the input.
inline void require(bool holds, std::string_view promise, std::string_view what = {}) {
  if (holds) return;
  fmt::print(stderr, "broken promise: {}\n{}\n", promise, what);
  std::abort();
}

// The parts of an input that stand between record separators; what is not there is empty.
constexpr char separator = '\x1e';
std::vector<std::string> parts_of(std::string_view input, size_t count);

// A file in memory, for readers that take a path; gone with this object.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_ = -1;
};

}  // namespace holdfast::fuzz
