#pragma once

#include <string>
#include <utility>
#include <vector>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// A file of the test's own making; gone when the test is over.
class MadeFile {
 public:
  explicit MadeFile(const std::string& bytes, const std::string& name = "made.csv");
  ~MadeFile();
  MadeFile(const MadeFile&) = delete;
  MadeFile& operator=(const MadeFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string folder_;
  std::string path_;
};

// A .zip file with these parts.
std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts);

// The smallest workbook with one sheet, whose sheetData is given; shared strings and styles if they are not empty.
std::string workbook(const std::string& sheet_data, const std::string& shared_strings = "",
                     const std::string& cell_formats = "", const std::string& after_rows = "",
                     const std::string& properties = "");

// All rows of the first table as lines of cells joined by a bar, behind the row's number.
std::vector<std::string> lines_of(const Table& table);

// Recognises the columns of one delimited text and reads it.
Book book_of(const std::string& delimited, const std::string& name = "made.csv");

}  // namespace holdfast::accounts::import_book
