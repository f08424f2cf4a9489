#include "accounts/app/spooled_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "accounts/import/read_file.h"
#include "accounts/store/imports.sql.h"

namespace holdfast::accounts {
namespace {

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
    auto opened = TRY(import_book::UnnamedFile::open());
    auto& bytes = spooled.files_.emplace_back(files[at].name, std::move(opened)).bytes;
    std::int32_t begins_at = 0;
    while (begins_at < files[at].size_bytes) {
      const auto piece =
          TRY(transaction.one<sql::Bytes>(statements::load_piece, id, static_cast<std::int32_t>(at), begins_at));
      CHECK_OK(bytes.append(piece.data));
      begins_at += static_cast<std::int32_t>(piece.data.size());
    }
  }
  return spooled;
}

Result<import_book::Tables> SpooledFiles::open(const import_book::Mapping* mapping) const {
  import_book::Tables all;
  for (const auto& file : files_) {
    auto tables =
        import_book::read_file("/proc/self/fd/" + std::to_string(file.bytes.descriptor()), file.name, mapping);
    if (!tables) return named(std::move(tables).error(), file.name);
    std::ranges::move(*tables, std::back_inserter(all));
  }
  return all;
}

}  // namespace holdfast::accounts
