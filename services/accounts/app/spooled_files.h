#pragma once

#include <string>
#include <vector>

#include "accounts/domain/import.h"
#include "accounts/import/mapping.h"
#include "accounts/import/table.h"
#include "accounts/import/unnamed_file.h"
#include "runtime/sql/transaction.h"

namespace holdfast::accounts {

// An import's files as files. Tables that were opened from them must not outlive them.
class SpooledFiles {
 public:
  // Fetches their bytes, piece by piece. Blocks on the database and the file system.
  static Result<SpooledFiles> fetch(sql::Transaction& transaction, const ImportId& id,
                                    const std::vector<ImportFile>& files);

  // All tables, in the order of the files.
  Result<import_book::Tables> open(const import_book::Mapping* mapping) const;

 private:
  SpooledFiles() = default;

  struct Spooled {
    std::string name;
    import_book::UnnamedFile bytes;
  };
  std::vector<Spooled> files_;
};

}  // namespace holdfast::accounts
