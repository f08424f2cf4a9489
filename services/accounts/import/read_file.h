#pragma once

#include <string>

#include "accounts/import/limits.h"
#include "accounts/import/mapping.h"
#include "accounts/import/table.h"

namespace holdfast::accounts::import_book {

// The tables of a file at `path`, called `file_name` by the user: the sheets of an .xlsx workbook, or the one table of
// a delimited text file. The bytes tell which, not the name. The file must stay there as long as the tables are read:
// they are never held in memory. A mapping, if there is one already, says how the delimited file is encoded.
Result<Tables> read_file(const std::string& path, const std::string& file_name, const Mapping* mapping = nullptr,
                         const Limits& limits = {});

}  // namespace holdfast::accounts::import_book
