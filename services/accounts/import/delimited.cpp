#include "accounts/import/delimited.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "accounts/import/encoding.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

Result<Unit> each_piece(const std::string& path, const std::function<bool(std::string_view)>& sink) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Reason::file_damaged, "the file cannot be opened");
  std::vector<char> piece(piece_bytes);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (file.gcount() > 0 && !sink(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount()))))
      return Unit{};
  }
  if (file.bad()) return fail(Reason::file_damaged, "the file cannot be read to its end");
  return Unit{};
}

// Cuts bytes into records, fed in pieces. Works on bytes: delimiters and quotes are ASCII in both encodings.
class RecordReader {
 public:
  using Visit = std::function<bool(std::uint32_t number, const std::vector<std::string>& fields,
                                   const std::vector<bool>& too_long)>;

  RecordReader(char delimiter, const Limits& limits, Visit visit)
      : delimiter_(delimiter), limits_(limits), visit_(std::move(visit)) {}

  // False when the visitor wants no more, or something is wrong: see error().
  bool feed(std::string_view piece) {
    for (const char c : piece) {
      step(c);
      if (done_) return false;
    }
    return true;
  }

  Result<Unit> finish() {
    if (done_) return error_ ? Result<Unit>(*error_) : Result<Unit>(Unit{});
    if (state_ == State::quoted) {
      return fail(Reason::file_damaged, "record " + std::to_string(number_ + 1) +
                                            ": a quote is opened and never closed; the file may have been cut off");
    }
    if (touched_ || !fields_.empty()) end_record();
    return error_ ? Result<Unit>(*error_) : Result<Unit>(Unit{});
  }

 private:
  enum class State { start, plain, quoted, closed };

  void step(char c) {
    if (state_ == State::quoted) {
      if (c == '"')
        state_ = State::closed;
      else
        append(c);
      return;
    }
    if (skip_line_feed_ && c == '\n') {
      skip_line_feed_ = false;
      return;
    }
    skip_line_feed_ = false;
    if (state_ == State::closed && c == '"') {  // a doubled quote
      append(c);
      state_ = State::quoted;
    } else if (c == delimiter_) {
      touched_ = true;
      end_field();
    } else if (c == '\n' || c == '\r') {
      skip_line_feed_ = c == '\r';
      end_record();
    } else if (c == '"' && state_ == State::start) {
      touched_ = true;
      state_ = State::quoted;
    } else {
      touched_ = true;
      append(c);
      state_ = State::plain;
    }
  }

  void append(char c) {
    if (field_.size() < limits_.cell_bytes)
      field_ += c;
    else
      too_long_field_ = true;
  }

  void end_field() {
    if (fields_.size() == limits_.columns && !field_.empty()) {
      return stop(fail(Reason::file_too_large, "record " + std::to_string(number_ + 1) + " has more than " +
                                                   std::to_string(limits_.columns) + " columns"));
    }
    if (fields_.size() < limits_.columns) {
      fields_.push_back(std::move(field_));
      too_long_.push_back(too_long_field_);
    }
    field_.clear();
    too_long_field_ = false;
    state_ = State::start;
  }

  void end_record() {
    end_field();
    if (done_) return;
    ++number_;
    const bool filled = std::ranges::any_of(fields_, [](const auto& field) { return !field.empty(); });
    if (filled && ++filled_ > limits_.rows) {
      return stop(fail(Reason::file_too_large, "more than " + std::to_string(limits_.rows) + " records"));
    }
    if (!visit_(number_, fields_, too_long_)) done_ = true;
    fields_.clear();
    too_long_.clear();
    touched_ = false;
  }

  void stop(Error error) {
    error_ = std::move(error);
    done_ = true;
  }

  char delimiter_;
  const Limits& limits_;
  Visit visit_;
  State state_ = State::start;
  std::string field_;
  std::vector<std::string> fields_;
  std::vector<bool> too_long_;
  std::uint32_t number_ = 0, filled_ = 0;
  bool too_long_field_ = false, skip_line_feed_ = false, touched_ = false, done_ = false;
  std::optional<Error> error_;
};

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

// How well a delimiter explains the beginning of a file: the share of records that have the commonest number of fields,
// times the fields that one gains by it.
double fit(std::string_view beginning, char delimiter, const Limits& limits) {
  std::map<std::size_t, int> widths;
  int records = 0;
  RecordReader reader(delimiter, limits, [&](std::uint32_t, const auto& fields, const auto&) {
    if (fields.size() == 1 && fields[0].empty()) return true;
    ++widths[fields.size()];
    return ++records < 500;
  });
  reader.feed(beginning);  // the last record may be cut: it is not counted, for it has not ended
  double best = 0;
  for (const auto& [width, count] : widths) {
    best = std::max(best, static_cast<double>(count) / records * static_cast<double>(width - 1));
  }
  return best;
}

// Excel's way to keep a leading zero in a CSV: ="00123" is the text 00123.
bool is_quoted_text(std::string_view text) {
  return text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"') &&
         text.substr(2, text.size() - 3).find('"') == std::string_view::npos;
}

Cell make_cell(std::string_view bytes, bool too_long, Encoding encoding, std::size_t limit) {
  Cell cell;
  if (bytes.empty()) return cell;
  cell.kind = too_long ? Cell::Kind::too_long : Cell::Kind::text;
  cell.text = encoding == Encoding::utf_8 ? std::string(bytes) : from_windows_1252(bytes);
  if (too_long) cell.text = clipped(cell.text, limit - 4);  // the last character may have been cut by the limit
  if (is_quoted_text(cell.text))
    cell.text = cell.text.substr(2, cell.text.size() - 3);
  else
    cell.formula = cell.text.starts_with('=');
  if (cell.text.starts_with('#') && cell.text.size() > 2 &&
      cell.text.find_first_not_of("#NA/REFVALUNM0DIO!?") == std::string::npos) {
    cell.kind = Cell::Kind::error;
  }
  return cell;
}

class DelimitedTable final : public Table {
 public:
  DelimitedTable(std::string path, const std::string& file, Dialect dialect, const Limits& limits)
      : Table(file, file, false, serial_zero_1900), path_(std::move(path)), dialect_(dialect), limits_(limits) {}

  Result<Unit> each_row(const std::function<bool(const Row&)>& visit) const override {
    Row row;
    RecordReader reader(
        dialect_.delimiter, limits_, [&](std::uint32_t number, const auto& fields, const auto& too_long) {
          row.number = number;
          row.cells.clear();
          std::size_t width = fields.size();
          while (width > 0 && fields[width - 1].empty()) --width;
          for (std::size_t column = 0; column < width; ++column) {
            row.cells.push_back(make_cell(fields[column], too_long[column], dialect_.encoding, limits_.cell_bytes));
          }
          return width == 0 || visit(row);
        });
    bool first = true;
    CHECK_OK(each_piece(path_, [&](std::string_view piece) {
      const auto text = first ? without_mark(piece) : piece;
      first = false;
      return reader.feed(text);
    }));
    return reader.finish();
  }

 private:
  std::string path_;
  Dialect dialect_;
  Limits limits_;
};

}  // namespace

Result<Dialect> recognise_dialect(const std::string& path, const DialectHint& hint, const Limits& limits) {
  EncodingDetector detector;
  std::string beginning;
  CHECK_OK(each_piece(path, [&](std::string_view piece) {
    detector.feed(piece);
    if (beginning.empty()) beginning = without_mark(piece);
    return true;
  }));
  const auto encoding = TRY(detector.encoding());
  Dialect dialect{encoding, hint.delimiter.value_or(',')};
  if (hint.encoding == Encoding::windows_1252) dialect.encoding = Encoding::windows_1252;
  if (hint.encoding == Encoding::utf_8 && encoding != Encoding::utf_8) {
    return fail(Reason::text_not_utf8, "the mapping says UTF-8, and the file is not");
  }
  if (hint.delimiter) return dialect;
  double best = 0;
  for (const char delimiter : {',', ';', '\t', '|'}) {
    const double found = fit(beginning, delimiter, limits);
    if (found > best) dialect.delimiter = delimiter;
    best = std::max(best, found);
  }
  return dialect;
}

Result<Tables> open_delimited(const std::string& path, const std::string& file_name, const DialectHint& hint,
                              const Limits& limits) {
  const auto dialect = TRY(recognise_dialect(path, hint, limits));
  Tables tables;
  tables.push_back(std::make_unique<DelimitedTable>(path, file_name, dialect, limits));
  return tables;
}

}  // namespace holdfast::accounts::import_book
