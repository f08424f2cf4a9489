#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/import/table.h"
#include "accounts/import/zip_archive.h"

namespace holdfast::accounts::import_book {

// Texts by number, in one allocation: a workbook of 100,000 rows has some 200,000 of them.
class SharedStrings {
 public:
  void add(std::string_view text, bool too_long);
  bool get(std::size_t index, std::string_view& text, bool& too_long) const;
  std::size_t bytes() const { return text_.size() + starts_.size() * sizeof(std::uint32_t); }

 private:
  static constexpr std::uint32_t too_long_bit = 1u << 31;
  std::string text_;
  std::vector<std::uint32_t> starts_;
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
