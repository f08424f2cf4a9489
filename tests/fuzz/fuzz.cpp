#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

namespace holdfast::fuzz {

std::vector<std::string> parts_of(std::string_view input, size_t count) {
  std::vector<std::string> parts(count);
  for (auto& part : parts) {
    const auto end = input.find(separator);
    part = input.substr(0, end);
    if (end == input.npos) break;
    input.remove_prefix(end + 1);
  }
  return parts;
}

MemoryFile::MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
  const bool written = write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  require(written, "the machine has memory for a file");
}

MemoryFile::~MemoryFile() { close(descriptor_); }

}  // namespace holdfast::fuzz
