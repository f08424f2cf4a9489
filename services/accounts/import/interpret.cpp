#include <algorithm>
#include <array>

#include "accounts/import/book.h"
#include "accounts/import/book_fields.h"
#include "accounts/import/known_book.h"
#include "accounts/import/rows.h"

namespace holdfast::accounts::import_book {
namespace {

using ReadRow = RowOutcome (*)(BookReading&, RowFacts&);

ReadRow reader_of(RowKind kind) {
  switch (kind) {
    case RowKind::account:
    case RowKind::location:
    case RowKind::contact:
      return read_customer_row;
    case RowKind::carrier:
      return read_carrier_row;
    case RowKind::carrier_contact:
      return read_carrier_contact_row;
    case RowKind::carrier_account:
      return read_carrier_account_row;
    case RowKind::contract:
      return read_contract_row;
    case RowKind::product:
      return read_product_row;
    case RowKind::port:
    case RowKind::disconnect:
    case RowKind::port_or_disconnect:
      return read_order_row;
  }
  return nullptr;
}

// Tables are read in the order in which their rows refer to each other, whatever order the book has them in. Contacts
// that name a location come before those that leave it to be known who they are.
int rank(const SheetMapping& sheet) {
  constexpr std::array order{RowKind::carrier,         RowKind::account,         RowKind::location, RowKind::contact,
                             RowKind::carrier_contact, RowKind::carrier_account, RowKind::contract, RowKind::product};
  const auto found = std::ranges::find(order, sheet.row_is);
  const bool vague = sheet.row_is == RowKind::contact && !sheet.columns.contains(Field::location_name);
  return static_cast<int>(found - order.begin()) * 2 + (vague ? 1 : 0);
}

void count(TableSummary& summary, Verdict verdict) {
  ++summary.rows_read;
  switch (verdict) {
    case Verdict::created:
      ++summary.created;
      break;
    case Verdict::updated:
      ++summary.updated;
      break;
    case Verdict::unchanged:
      ++summary.unchanged;
      break;
    case Verdict::rejected:
      ++summary.rejected;
      break;
  }
}

void judge(BookReading& reading, TableReading& table, const Row& row) {
  RowFacts facts(table, row);
  RowOutcome outcome;
  if (!facts.rejected()) outcome = reader_of(table.sheet->row_is)(reading, facts);
  auto& book = reading.book;
  if (facts.rejected()) {
    outcome = {Verdict::rejected, facts.rejection().first, nullptr};
    book.findings.push_back(facts.rejection());
  } else if (outcome.verdict != Verdict::unchanged) {
    // A repeat says nothing that its first row has not been warned about.
    for (const auto& warning : facts.warnings()) {
      if (!outcome.warns || outcome.warns(warning.field)) book.findings.push_back(warning.finding);
    }
  }
  book.verdicts.push_back({facts.place(), outcome.verdict, outcome.first.row, outcome.follows});
  count(book.tables[table.table], outcome.verdict);
}

// Names that a list of carriers gives stand for themselves, so they are collected before anything is read.
Result<Unit> collect_carriers(BookReading& reading, const Tables& tables, const std::vector<TableReading>& readings) {
  for (const auto& table : readings) {
    if (table.sheet->row_is != RowKind::carrier) continue;
    const auto column = table.header.columns.find(Field::carrier);
    if (column == table.header.columns.end()) continue;
    CHECK_OK(tables[table.table]->each_row([&](const Row& row) {
      const auto at = column->second.front();
      if (row.number > table.header.row && at < row.cells.size()) reading.carriers.add_listed(row.cells[at].text);
      return true;
    }));
  }
  return Unit{};
}

Result<std::vector<TableReading>> prepare(BookReading& reading, const Tables& tables, const Mapping& mapping,
                                          const InterpretOptions& options) {
  std::vector<TableReading> readings;
  for (std::uint32_t at = 0; at < tables.size(); ++at) {
    const auto& table = *tables[at];
    auto& summary = reading.book.tables.emplace_back();
    summary.name = table.name();
    summary.file = table.file();
    const auto* sheet = mapping.find(table.name(), table.file());
    summary.ignored = sheet == nullptr || (table.hidden() && !options.hidden_sheets);
    if (table.hidden() && !options.hidden_sheets)
      summary.why_ignored = "the sheet is hidden";
    else if (sheet == nullptr)
      summary.why_ignored = "nothing tells what its rows are";
    if (summary.ignored) continue;
    auto header = TRY(find_header(table, *sheet));
    summary.header_row = header.row;
    readings.push_back({at,
                        sheet,
                        std::move(header),
                        Vocabulary(mapping, *sheet),
                        {sheet->dates, table.serial_zero(), mapping.last_year_of_2000s},
                        &reading.phones,
                        &reading.carriers,
                        options.name_bytes,
                        options.note_bytes,
                        {}});
  }
  std::ranges::stable_sort(readings, {}, [](const TableReading& one) { return rank(*one.sheet); });
  return readings;
}

// What the agency has of these few kinds is had whole.
Result<> begin_with(KnownBook& known, const Mapping& mapping, BookReading& reading) {
  for (const auto& name : TRY(known.carriers())) reading.carriers.add_listed(name);
  const bool disconnects = std::ranges::any_of(mapping.sheets, [](const SheetMapping& sheet) {
    return sheet.row_is == RowKind::disconnect || sheet.row_is == RowKind::port_or_disconnect;
  });
  if (!disconnects) return {};
  for (const auto& port : TRY(known.ports())) reading.catalog.know(port);
  return {};
}

// Rows of a table on their way to be judged: a batch at a time, so that what the agency has of what they mention is
// asked for once a batch.
class RowBatches {
 public:
  RowBatches(BookReading& reading, TableReading& table, KnownBook* known)
      : reading_(reading), table_(table), mentioning_(table), known_(known) {}

  Result<> add(const Row& row) {
    rows_.push_back(row);
    for (const auto& cell : row.cells) bytes_ += sizeof cell + cell.text.size();
    return rows_.size() == most_rows || bytes_ >= most_bytes ? judge_all() : Result<>();
  }

  Result<> judge_all() {
    if (known_ != nullptr) CHECK_OK(ask());
    for (const auto& row : rows_) judge(reading_, table_, row);
    rows_.clear();
    bytes_ = 0;
    return reading_.book.spool->state();
  }

 private:
  static constexpr std::size_t most_rows = 500, most_bytes = 1 << 20;

  Result<> ask() {
    Mentions mentions;
    for (const auto& row : rows_) {
      RowFacts facts(mentioning_, row);
      if (!facts.rejected()) mention(mentions, reading_.catalog, facts);
    }
    return mentions.empty() ? Result<>() : known_->find(mentions, reading_.catalog);
  }

  BookReading& reading_;
  TableReading& table_;
  TableReading mentioning_;  // carries cells from row to row by itself
  KnownBook* const known_;
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;
};

Result<> read_table(BookReading& reading, TableReading& table, const Table& rows, const InterpretOptions& options) {
  RowBatches batches(reading, table, options.known);
  std::size_t read = reading.book.verdicts.size();
  Result<> going;
  CHECK_OK(rows.each_row([&](const Row& row) {
    if (row.number <= table.header.row || row.blank()) return true;
    if (++read > options.rows) {
      going = fail(Reason::file_too_large, "the files have more than " + std::to_string(options.rows) +
                                               " rows together: import some by themselves");
    } else {
      going = batches.add(row);
    }
    return going.has_value();
  }));
  CHECK_OK(going);
  return batches.judge_all();
}

void settle(BookReading& reading, const std::vector<TableReading>& readings) {
  std::vector<const TableReading*> tables;
  for (const auto& table : readings) tables.push_back(&table);
  settle_parents(reading, tables);
  settle_zones(reading, tables);
  warn_of_near_duplicates(reading, tables);
  settle_holds(reading);
  reading.catalog.join_sites();
  reading.book.findings.sort();
  reading.book.verdicts.sort();
}

}  // namespace

Result<Book> interpret(const Tables& tables, const Mapping& mapping, const InterpretOptions& options) {
  Book book;
  BookReading reading{book, Catalog(book), CarrierNames(mapping), PhoneReader()};
  if (options.known != nullptr) CHECK_OK(begin_with(*options.known, mapping, reading));
  auto readings = TRY(prepare(reading, tables, mapping, options));
  CHECK_OK(collect_carriers(reading, tables, readings));
  for (auto& table : readings) CHECK_OK(read_table(reading, table, *tables[table.table], options));
  settle(reading, readings);
  CHECK_OK(book.spool->state());
  CHECK_OK(reading.catalog.known().spool->state());
  return book;
}

}  // namespace holdfast::accounts::import_book
