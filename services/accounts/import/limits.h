#pragma once

#include <cstddef>
#include <cstdint>

namespace holdfast::accounts::import_book {

// What a file may hold. Beyond a limit the file is refused, except where the comment says that only the row is.
struct Limits {
  std::uint64_t file_bytes = 256ull << 20;
  std::uint64_t inflated_bytes = 768ull << 20;   // of one part of an .xlsx, as it unpacks
  std::uint64_t inflated_ratio = 200;            // unpacked to packed, once a part exceeds `ratio_from_bytes`
  std::uint64_t ratio_from_bytes = 16ull << 20;  // small parts may pack as well as they like
  std::size_t zip_entries = 10'000;
  std::size_t sheets = 200;
  std::size_t shared_string_bytes = 64ull << 20;  // laid into a file while the workbook is open
  std::size_t styles = 65'000;
  std::size_t merged_ranges = 100'000;  // vertical ones of one sheet
  std::uint32_t rows = 1'000'000;       // with something in them, of one table
  std::uint32_t columns = 1'024;
  std::size_t cell_bytes = 32'767;  // Excel's own limit; a longer cell rejects its row
  std::size_t name_bytes = 500;     // a cell that becomes anything but a note; longer rejects its row
  std::size_t xml_depth = 64;
  std::uint32_t header_search_rows = 60;  // the header row stands within these
};

}  // namespace holdfast::accounts::import_book
