#include <algorithm>
#include <iterator>

#include "accounts/app/imports.h"
#include "accounts/store/imports.sql.h"
#include "runtime/sql/page.h"

namespace holdfast::accounts {

struct RowPlace {
  std::int32_t sheet = 0;
  std::int32_t row = 0;

  auto operator<=>(const RowPlace&) const = default;
};

struct ListedRow {
  RowPlace place;
  std::string sheet;
  std::string file;
  RowVerdict verdict{};
  std::int32_t first_row = 0;
};

struct PlacedFinding {
  RowPlace place;
  bool rejects = false;
  std::string reason;
  std::string column;
  std::string value;
  std::string message;
  std::int32_t first_row = 0;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::RowPlace> {
  using T = accounts::RowPlace;
  static constexpr auto list = FieldList{Field{"sheet", &T::sheet}, Field{"row", &T::row}};
};

template <>
struct Fields<accounts::ListedRow> {
  using T = accounts::ListedRow;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"sheet", &T::sheet}, Field{"file", &T::file},
                                         Field{"verdict", &T::verdict}, Field{"first_row", &T::first_row}};
};

template <>
struct Fields<accounts::PlacedFinding> {
  using T = accounts::PlacedFinding;
  static constexpr auto list =
      FieldList{Field{"place", &T::place},        Field{"rejects", &T::rejects}, Field{"reason", &T::reason},
                Field{"column", &T::column},      Field{"value", &T::value},     Field{"message", &T::message},
                Field{"first_row", &T::first_row}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

Result<> add_findings(sql::Transaction& transaction, const ImportId& id, const std::vector<ListedRow>& listed,
                      std::vector<ImportRow>& rows) {
  std::vector<std::int32_t> sheets, numbers;
  for (const auto& row : listed) {
    sheets.push_back(row.place.sheet);
    numbers.push_back(row.place.row);
  }
  auto findings =
      TRY(transaction.many<PlacedFinding>(statements::findings_of, id, sheets, numbers, transaction.agency()));
  size_t at = 0;
  for (auto& found : findings) {
    while (listed[at].place != found.place) ++at;
    rows[at].findings.push_back({found.rejects, std::move(found.reason), std::move(found.column),
                                 std::move(found.value), std::move(found.message), found.first_row});
  }
  return {};
}

}  // namespace

Result<ImportRowList> list_import_rows(sql::Transaction& transaction, const ListImportRows& query) {
  const auto page = TRY(sql::page_of<RowPlace>(query, RowPlace{-1, 0}));
  const auto import = TRY(get_import(transaction, {query.id}));
  auto listed = TRY(transaction.many<ListedRow>(statements::list_import_rows, query.id, page.after, query.verdict,
                                                query.with_warnings, query.sheet, page.limit()));
  ImportRowList list;
  list.next_page_token = sql::next_page(page, listed, [](const ListedRow& row) { return row.place; });
  std::ranges::transform(listed, std::back_inserter(list.rows), [](const ListedRow& row) {
    return ImportRow{row.sheet, row.file, row.place.row, row.verdict, row.first_row, {}};
  });
  CHECK_OK(add_findings(transaction, query.id, listed, list.rows));
  return list;
}

}  // namespace holdfast::accounts
