#include "accounts/import/unnamed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace holdfast::accounts::import_book {
namespace {

Error no_room(const std::string& why) {
  return fail(Reason::dependency_unavailable, "the temporary folder takes no file: " + why);
}
Error no_room(int error) { return no_room(std::strerror(error)); }

}  // namespace

Result<UnnamedFile> UnnamedFile::open() {
  std::error_code missing;
  auto path = (std::filesystem::temp_directory_path(missing) / "holdfast-import-XXXXXX").string();
  if (missing) return no_room(missing.message());
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return no_room(errno);
  ::unlink(path.c_str());
  return UnnamedFile(descriptor);
}

UnnamedFile::~UnnamedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<> UnnamedFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return no_room(errno);
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> UnnamedFile::read(std::uint64_t begins_at, char* into, std::size_t count) const {
  std::size_t got = 0;
  while (got < count) {
    const auto read = ::pread(descriptor_, into + got, count - got, static_cast<off_t>(begins_at + got));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return no_room(errno);
    if (read == 0) break;
    got += static_cast<std::size_t>(read);
  }
  return got;
}

}  // namespace holdfast::accounts::import_book
