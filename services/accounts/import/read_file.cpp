#include "accounts/import/read_file.h"

#include <filesystem>
#include <fstream>

#include "accounts/import/delimited.h"
#include "accounts/import/spreadsheet.h"
#include "runtime/core/limits.h"

namespace holdfast::accounts::import_book {

Result<Tables> read_file(const std::string& path, const std::string& file_name, const Mapping* mapping,
                         const Limits& limits) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return fail(Reason::file_damaged, file_name + " cannot be read: " + error.message());
  if (size == 0) return fail(Reason::file_damaged, file_name + " is empty");
  if (size > limits.file_bytes) {
    return fail(Reason::file_too_large, file_name + " exceeds " + bytes_text(limits.file_bytes));
  }
  std::string magic(8, '\0');
  std::ifstream(path, std::ios::binary).read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (magic.starts_with("PK")) return open_spreadsheet(path, file_name, limits);
  if (magic == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
    return fail(Reason::file_unknown,
                file_name + " is an old .xls or a locked workbook: save it as .xlsx, without a password");
  }
  if (magic.starts_with("%PDF")) return fail(Reason::file_unknown, file_name + " is a PDF");
  const auto* sheet = mapping == nullptr ? nullptr : mapping->find(file_name, file_name);
  return open_delimited(path, file_name, sheet == nullptr ? DialectHint{} : sheet->dialect, limits);
}

}  // namespace holdfast::accounts::import_book
