#include "accounts/import/spreadsheet.h"

#include <charconv>
#include <cmath>
#include <deque>
#include <map>
#include <optional>

#include "accounts/import/text.h"
#include "accounts/import/workbook.h"
#include "accounts/import/xml.h"

namespace holdfast::accounts::import_book {
namespace {

struct Place {
  std::uint32_t row = 0;     // from 1
  std::uint32_t column = 0;  // from 0
};

// "BC23"; nothing when it is not of that form.
std::optional<Place> parse_place(std::string_view text) {
  std::uint32_t column = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && at < 4; ++at) {
    column = column * 26 + static_cast<std::uint32_t>(text[at] - 'A' + 1);
  }
  Place place{0, column - 1};
  const auto digits = text.substr(at);
  const auto end = digits.data() + digits.size();
  if (column == 0 || std::from_chars(digits.data(), end, place.row).ptr != end || place.row == 0) return std::nullopt;
  return place;
}

// A merge of several rows: the value at its top belongs to the rows below as well.
struct MergedRange {
  std::uint32_t column, top, bottom;
};

struct MergeReader : XmlHandler {
  const Limits& limits;
  std::vector<MergedRange> ranges;

  explicit MergeReader(const Limits& bound) : limits(bound) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "mergeCell") return;
    const auto text = attributes.get("ref");
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return;
    const auto from = parse_place(text.substr(0, colon));
    const auto to = parse_place(text.substr(colon + 1));
    if (!from || !to || to->row <= from->row) return;
    if (ranges.size() == limits.merged_ranges)
      return report(fail(Reason::file_too_large, "a sheet has too many merged cells"));
    ranges.push_back({from->column, from->row, to->row});
  }
  void end(std::string_view) override {}
};

// Builds the rows of one sheet; they wait in `ready` until the parser has returned, so that nobody else's code runs
// inside it.
class RowReader : public XmlHandler {
 public:
  RowReader(const Workbook& book, const std::string& sheet) : book_(book), sheet_(sheet) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "row") return start_row(attributes);
    if (name == "c") return start_cell(attributes);
    if (name == "rPh") ++phonetic_;
    if (name == "f") cell_.formula = true;
    collecting_ = in_cell_ && phonetic_ == 0 && (name == "v" || name == "t");
  }

  void end(std::string_view name) override {
    if (name == "rPh") --phonetic_;
    if (name == "v" || name == "t") collecting_ = false;
    if (name == "c") end_cell();
    if (name == "row") end_row();
  }

  void text(std::string_view piece) override {
    if (!collecting_) return;
    value_ += piece;
    if (value_.size() <= book_.limits.cell_bytes) return;
    value_ = clipped(value_, book_.limits.cell_bytes);
    too_long_ = true;
  }

  std::deque<Row> ready;

 private:
  void start_row(const Attributes& attributes) {
    std::uint32_t number = row_.number + 1;  // some programs leave the numbers out
    const auto text = attributes.get("r");
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (number <= row_.number) {
      return report(fail(Reason::file_damaged, "sheet " + sheet_ + ": row " + std::to_string(number) + " comes twice"));
    }
    row_ = Row{number, {}};
    next_column_ = 0;
  }

  void start_cell(const Attributes& attributes) {
    const auto place = parse_place(attributes.get("r"));
    column_ = place ? place->column : next_column_;
    next_column_ = column_ + 1;
    kind_ = attributes.get("t");
    const auto style = attributes.get("s");
    std::size_t index = 0;
    std::from_chars(style.data(), style.data() + style.size(), index);
    dated_ = index < book_.date_styles.size() && book_.date_styles[index];
    cell_ = Cell{};
    value_.clear();
    too_long_ = false;
    in_cell_ = true;
  }

  void end_cell() {
    in_cell_ = false;
    fill_cell();
    if (cell_.kind == Cell::Kind::empty && !cell_.formula) return;
    if (column_ >= book_.limits.columns) {
      return report(fail(Reason::file_too_large, "sheet " + sheet_ + ", row " + std::to_string(row_.number) +
                                                     ": more than " + std::to_string(book_.limits.columns) +
                                                     " columns"));
    }
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = std::move(cell_);
  }

  void fill_cell() {
    bool too_long = too_long_;
    cell_.text = value_;
    if (kind_ == "s") {
      std::size_t index = 0;
      const auto end = value_.data() + value_.size();
      if (value_.empty()) return;
      if (std::from_chars(value_.data(), end, index).ptr != end || !book_.strings.get(index, cell_.text, too_long)) {
        return report(fail(Reason::file_damaged, "sheet " + sheet_ + ", row " + std::to_string(row_.number) +
                                                     ": a cell points to a text that is not there"));
      }
      cell_.kind = Cell::Kind::text;
    } else if (kind_ == "inlineStr" || kind_ == "str" || kind_ == "d") {
      cell_.text = unescaped(value_);
      cell_.kind = Cell::Kind::text;
    } else if (kind_ == "e") {
      cell_.kind = Cell::Kind::error;
    } else if (kind_ == "b") {
      cell_.text = value_ == "1" ? "TRUE" : "FALSE";
      cell_.kind = Cell::Kind::text;
    } else {
      fill_number();
    }
    if (cell_.text.empty()) cell_.kind = Cell::Kind::empty;
    if (too_long) cell_.kind = Cell::Kind::too_long;
  }

  void fill_number() {
    if (value_.empty()) return;
    const auto end = value_.data() + value_.size();
    if (std::from_chars(value_.data(), end, cell_.number).ptr != end || !std::isfinite(cell_.number)) {
      cell_.kind = Cell::Kind::text;  // a program that writes texts as numbers: the cell says what it says
      return;
    }
    cell_.kind = dated_ ? Cell::Kind::date : Cell::Kind::number;
    char shortest[64];
    const bool whole = std::abs(cell_.number) < 1e15 && cell_.number == std::floor(cell_.number);
    const auto done = whole
                          ? std::to_chars(shortest, shortest + sizeof shortest, static_cast<std::int64_t>(cell_.number))
                          : std::to_chars(shortest, shortest + sizeof shortest, cell_.number);
    cell_.text.assign(shortest, done.ptr);
  }

  void end_row() {
    if (row_.cells.empty()) return;
    if (++rows_ > book_.limits.rows) {
      return report(fail(Reason::file_too_large,
                         "sheet " + sheet_ + " has more than " + std::to_string(book_.limits.rows) + " rows"));
    }
    ready.push_back(std::move(row_));
    row_ = Row{ready.back().number, {}};
  }

  const Workbook& book_;
  const std::string& sheet_;
  Row row_;
  Cell cell_;
  std::string kind_, value_;
  std::uint32_t column_ = 0, next_column_ = 0, rows_ = 0;
  int phonetic_ = 0;
  bool dated_ = false, in_cell_ = false, collecting_ = false, too_long_ = false;
};

// Copies the tops of vertical merges into the rows below them.
class MergeFiller {
 public:
  explicit MergeFiller(const std::vector<MergedRange>& ranges) {
    for (const auto& range : ranges) by_top_.emplace(range.top, range);
  }

  void apply(Row& row) {
    while (!by_top_.empty() && by_top_.begin()->first <= row.number) {
      const auto range = by_top_.begin()->second;
      by_top_.erase(by_top_.begin());
      if (range.top == row.number && range.column < row.cells.size()) {
        open_[range.column] = {range.bottom, row.cells[range.column]};
      }
    }
    for (auto it = open_.begin(); it != open_.end();) {
      auto& [column, state] = *it;
      if (state.bottom < row.number) {
        it = open_.erase(it);
        continue;
      }
      if (row.cells.size() <= column) row.cells.resize(column + 1);
      if (row.cells[column].kind == Cell::Kind::empty) {
        row.cells[column] = state.cell;
        row.cells[column].merged = true;
      }
      ++it;
    }
  }

 private:
  struct Open {
    std::uint32_t bottom;
    Cell cell;
  };
  std::multimap<std::uint32_t, MergedRange> by_top_;
  std::map<std::uint32_t, Open> open_;
};

class SheetTable final : public Table {
 public:
  SheetTable(std::shared_ptr<const Workbook> book, std::size_t sheet, std::string file, std::vector<MergedRange> merges)
      : Table(book->sheets[sheet].name, std::move(file), book->sheets[sheet].hidden, book->serial_zero),
        book_(std::move(book)),
        part_(book_->sheets[sheet].part),
        merges_(std::move(merges)) {}

  Result<Unit> each_row(const std::function<bool(const Row&)>& visit) const override {
    RowReader reader(*book_, name());
    XmlParser parser(part_, reader, book_->limits);
    MergeFiller merges(merges_);
    bool wanted = true;
    const auto hand_over = [&] {
      for (; wanted && !reader.ready.empty(); reader.ready.pop_front()) {
        merges.apply(reader.ready.front());
        wanted = visit(reader.ready.front());
      }
    };
    Result<Unit> parsed;
    CHECK_OK(book_->archive.read(part_, [&](std::string_view piece) {
      parsed = parser.feed(piece);
      hand_over();
      return parsed.has_value() && wanted;
    }));
    CHECK_OK(std::move(parsed));
    CHECK_OK(book_->strings.state());
    return wanted ? parser.finish() : Result<Unit>(Unit{});
  }

 private:
  std::shared_ptr<const Workbook> book_;
  std::string part_;
  std::vector<MergedRange> merges_;
};

// Merged cells are listed after the rows, so they need a pass of their own.
Result<std::vector<MergedRange>> read_merges(const Workbook& book, const std::string& part) {
  MergeReader reader(book.limits);
  XmlParser parser(part, reader, book.limits);
  Result<Unit> parsed;
  CHECK_OK(book.archive.read(part, [&](std::string_view piece) {
    parsed = parser.feed(piece);
    return parsed.has_value();
  }));
  CHECK_OK(std::move(parsed));
  CHECK_OK(parser.finish());
  return std::move(reader.ranges);
}

}  // namespace

Result<Tables> open_spreadsheet(const std::string& path, const std::string& file_name, const Limits& limits) {
  const auto book = TRY(open_workbook(path, limits));
  Tables tables;
  for (std::size_t sheet = 0; sheet < book->sheets.size(); ++sheet) {
    auto merges = TRY(read_merges(*book, book->sheets[sheet].part));
    tables.push_back(std::make_unique<SheetTable>(book, sheet, file_name, std::move(merges)));
  }
  return tables;
}

}  // namespace holdfast::accounts::import_book
