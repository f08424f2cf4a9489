#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/result.h"
#include "runtime/core/time.h"

namespace holdfast::accounts::import_book {

// Where something stands: the table's place among those given, and the row's number in it (0: not from this file).
struct RowPlace {
  std::uint32_t table = 0;
  std::uint32_t row = 0;

  bool operator==(const RowPlace&) const = default;
};

// One cell as the file has it: nothing is evaluated, nothing is interpreted yet.
struct Cell {
  enum class Kind : std::uint8_t {
    empty,
    text,
    number,    // text is the shortest form that reads back as the number
    date,      // a number shown in a date format: days since the table's serial zero
    error,     // #N/A and its like
    too_long,  // exceeds Limits::cell_bytes; text holds the beginning
  };
  Kind kind = Kind::empty;
  bool formula = false;  // the file holds a formula here; text is the value that its program last showed
  bool merged = false;   // copied down from the top of a vertical merge
  std::string text;      // valid UTF-8
  double number = 0;
};

struct Row {
  std::uint32_t number = 0;  // as Excel shows it; in a delimited file the record's number, from 1
  std::vector<Cell> cells;   // up to the last one that is not empty

  // Merged cells do not count: a row that only continues a merge has nothing of its own.
  bool blank() const;
};

// A sheet or a delimited file that can be read again and again, row by row: memory does not grow with the rows.
// Not thread-safe; blocks on the file system.
class Table {
 public:
  virtual ~Table() = default;

  const std::string& name() const { return name_; }  // the sheet's name, or the file's without its folder
  const std::string& file() const { return file_; }
  bool hidden() const { return hidden_; }
  Date serial_zero() const { return serial_zero_; }  // the day that a date serial of 0 stands for

  // Calls `visit` for every row that holds a cell, in order, until it returns false. The row is reused: copy what you
  // keep. Fails when the file is damaged or exceeds a limit; rows before that point have been visited.
  virtual Result<Unit> each_row(const std::function<bool(const Row&)>& visit) const = 0;

 protected:
  Table(std::string name, std::string file, bool hidden, Date serial_zero)
      : name_(std::move(name)), file_(std::move(file)), hidden_(hidden), serial_zero_(serial_zero) {}

 private:
  std::string name_;
  std::string file_;
  bool hidden_;
  Date serial_zero_;
};

using Tables = std::vector<std::unique_ptr<Table>>;

// Day 0 of Excel's serials on Windows, and of the workbooks that count from 1904.
inline constexpr Date serial_zero_1900{std::chrono::year{1899} / 12 / 30};
inline constexpr Date serial_zero_1904{std::chrono::year{1904} / 1 / 1};

}  // namespace holdfast::accounts::import_book
