#include "accounts/app/spooled_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>

#include "accounts/import/read_file.h"
#include "accounts/store/imports.sql.h"

namespace holdfast::accounts {
namespace {

Error no_room(int error) {
  return fail(Reason::dependency_unavailable,
              std::string("the temporary folder takes no file: ") + std::strerror(error));
}

// A file that nobody else can open.
Result<int> open_unnamed() {
  auto path = (std::filesystem::temp_directory_path() / "holdfast-import-XXXXXX").string();
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return no_room(errno);
  ::unlink(path.c_str());
  return descriptor;
}

Result<> append(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return no_room(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// Of several files it must be said which one is at fault.
Error named(Error error, const std::string& file) {
  if (error.message.find(file) == std::string::npos) error.message = file + ": " + error.message;
  return error;
}

}  // namespace

Result<SpooledFiles> SpooledFiles::fetch(sql::Transaction& transaction, const ImportId& id,
                                         const std::vector<ImportFile>& files) {
  SpooledFiles spooled;
  for (size_t at = 0; at < files.size(); ++at) {
    const auto descriptor = TRY(open_unnamed());
    spooled.files_.push_back({files[at].name, descriptor});
    std::int32_t begins_at = 0;
    while (begins_at < files[at].size_bytes) {
      const auto piece =
          TRY(transaction.one<sql::Bytes>(statements::load_piece, id, static_cast<std::int32_t>(at), begins_at));
      CHECK_OK(append(descriptor, piece.data));
      begins_at += static_cast<std::int32_t>(piece.data.size());
    }
  }
  return spooled;
}

SpooledFiles::~SpooledFiles() {
  for (const auto& file : files_) ::close(file.descriptor);
}

Result<import_book::Tables> SpooledFiles::open(const import_book::Mapping* mapping) const {
  import_book::Tables all;
  for (const auto& file : files_) {
    auto tables = import_book::read_file("/proc/self/fd/" + std::to_string(file.descriptor), file.name, mapping);
    if (!tables) return named(std::move(tables).error(), file.name);
    std::ranges::move(*tables, std::back_inserter(all));
  }
  return all;
}

}  // namespace holdfast::accounts
