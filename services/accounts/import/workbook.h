#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/spool.h"
#include "accounts/import/table.h"
#include "accounts/import/zip_archive.h"

namespace holdfast::accounts::import_book {

// Texts by number: a workbook of 100,000 rows has some 200,000 of them, so they stand in a spool, and the place of one
// in sixteen in memory. Not thread-safe.
class SharedStrings {
 public:
  void add(std::string_view text, bool too_long);
  // False when there is none of this number.
  bool get(std::size_t index, std::string& text, bool& too_long) const;
  std::size_t bytes() const { return bytes_; }
  // Whether the texts are what they were.
  Result<> state() const { return spool_.state(); }

 private:
  static constexpr std::size_t texts_a_place = 16;

  Spool spool_;
  std::vector<SpoolPlace> places_;
  std::size_t count_ = 0, bytes_ = 0;
};

// What the sheets of one workbook share.
struct Workbook {
  struct Sheet {
    std::string name;
    std::string part;
    bool hidden = false;
  };
  ZipArchive archive;
  Limits limits;
  std::vector<Sheet> sheets;
  SharedStrings strings;
  std::vector<bool> date_styles;  // by a cell's style number: is it shown as a date?
  Date serial_zero = serial_zero_1900;
};

Result<std::shared_ptr<const Workbook>> open_workbook(const std::string& path, const Limits& limits);

// Excel writes characters that XML cannot hold as _x000D_: such a text with them put back.
std::string unescaped(std::string_view text);

}  // namespace holdfast::accounts::import_book
