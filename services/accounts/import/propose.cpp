#include "accounts/import/propose.h"

#include <algorithm>
#include <array>

#include "accounts/import/dates.h"
#include "accounts/import/headings.h"
#include "accounts/import/limits.h"
#include "accounts/import/text.h"

namespace holdfast::accounts::import_book {
namespace {

constexpr std::array date_fields{Field::account_since,   Field::product_install, Field::product_terminated,
                                 Field::contract_signed, Field::contract_start,  Field::contract_end,
                                 Field::order_submitted, Field::order_date,      Field::carrier_contact_verified};

std::vector<Field> required_fields(RowKind kind) {
  switch (kind) {
    case RowKind::account:
    case RowKind::location:
      return {Field::account_name};
    case RowKind::contact:
      return {Field::contact_name};
    case RowKind::carrier:
      return {Field::carrier};
    case RowKind::carrier_contact:
      return {Field::carrier, Field::carrier_contact_function};
    case RowKind::carrier_account:
      return {Field::carrier, Field::carrier_account_number, Field::account_name};
    case RowKind::product:
      return {Field::product_circuit_id, Field::account_name, Field::carrier};
    case RowKind::contract:
      return {Field::contract_number, Field::account_name, Field::carrier};
    case RowKind::port:
    case RowKind::disconnect:
      return {Field::order_ref, Field::account_name};
    case RowKind::port_or_disconnect:
      return {Field::order_kind, Field::order_ref, Field::account_name};
  }
  return {};
}

std::map<Field, std::string> default_values(RowKind kind) {
  switch (kind) {
    case RowKind::account:
      return {{Field::account_status, "active"}};
    case RowKind::location:
      return {{Field::account_status, "active"}, {Field::location_name, "Main"}};
    case RowKind::product:
      return {{Field::product_status, "active"}};
    case RowKind::contract:
      return {{Field::contract_notice, "60 days"},
              {Field::contract_end_action, "roll"},
              {Field::contract_roll_months, "1"},
              {Field::contract_renewal_months, "12"}};
    default:
      return {};
  }
}

// A list of sites that says nothing else of the customer speaks of the site's status, not the customer's.
void settle_status(SheetMapping& sheet) {
  const auto has = [&](Field field) { return sheet.columns.contains(field); };
  const bool of_customer =
      has(Field::account_number) || has(Field::account_rep) || has(Field::account_since) || has(Field::account_parent);
  if (sheet.row_is != RowKind::location || of_customer || !has(Field::account_status) || has(Field::location_status))
    return;
  auto column = sheet.columns.extract(Field::account_status);
  column.key() = Field::location_status;
  sheet.columns.insert(std::move(column));
}

// What only the rows can tell: which number leads in dates, and whether a customer's name stands only at its first row.
Result<Unit> look_at_rows(const Table& table, SheetMapping& sheet) {
  const auto header = TRY(find_header(table, sheet));
  const auto cell_at = [&](const Row& row, Field field) -> const Cell* {
    const auto found = header.columns.find(field);
    if (found == header.columns.end() || found->second.front() >= row.cells.size()) return nullptr;
    const auto& cell = row.cells[found->second.front()];
    return clean(clipped(cell.text, 200)).empty() ? nullptr : &cell;
  };
  int votes = 0;
  std::uint64_t rows = 0;
  std::uint64_t unnamed = 0;
  CHECK_OK(table.each_row([&](const Row& row) {
    if (row.number <= header.row || row.blank()) return true;
    ++rows;
    const auto* customer = cell_at(row, Field::account_name);
    if (customer == nullptr || customer->merged) ++unnamed;
    for (const auto field : date_fields) {
      const auto* cell = cell_at(row, field);
      if (cell != nullptr && cell->kind == Cell::Kind::text) votes += order_vote(cell->text);
    }
    return true;
  }));
  if (votes < 0) sheet.dates = DateOrder::day_first;
  const bool customers = sheet.row_is == RowKind::account || sheet.row_is == RowKind::location;
  if (!sheet.columns.contains(Field::account_name) || (!customers && unnamed * 5 < rows)) return Unit{};
  if (sheet.columns.contains(Field::account_number)) sheet.continues_when_empty.push_back(Field::account_number);
  sheet.continues_when_empty.push_back(Field::account_name);
  return Unit{};
}

}  // namespace

Result<Mapping> propose(const Tables& tables, bool hidden_sheets) {
  Mapping mapping = empty_mapping();
  for (const auto& table : tables) {
    if (table->hidden() && !hidden_sheets) continue;
    std::optional<HeadingReading> best;
    std::uint32_t header_row = 0;
    for (const auto& row : TRY(heading_rows(*table, Limits{}.header_search_rows))) {
      auto reading = read_headings(row, table->name());
      if (!reading || (best && reading->score <= best->score)) continue;
      best = std::move(reading);
      header_row = row.number;
    }
    if (!best) continue;
    SheetMapping sheet;
    sheet.name = table->name();
    sheet.header_rows = {header_row};
    sheet.row_is = best->kind;
    sheet.columns = std::move(best->columns);
    for (const auto field : required_fields(sheet.row_is)) {
      if (sheet.columns.contains(field)) sheet.required.push_back(field);
    }
    sheet.defaults = default_values(sheet.row_is);
    settle_status(sheet);
    CHECK_OK(look_at_rows(*table, sheet));
    mapping.sheets.push_back(std::move(sheet));
  }
  return mapping;
}

}  // namespace holdfast::accounts::import_book
