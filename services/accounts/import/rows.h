#pragma once

#include <functional>
#include <vector>

#include "accounts/import/catalog.h"
#include "accounts/import/merge.h"
#include "accounts/import/row_facts.h"

// What the kinds of rows share while a book is read: one function a kind, each in the file of its records.
namespace holdfast::accounts::import_book {

// What a customer's place is called where the book does not name it, in lists of customers and of circuits alike.
inline constexpr const char* unnamed_location = "Main";

struct RowOutcome {
  Verdict verdict = Verdict::created;
  RowPlace first;                              // of an unchanged row
  std::function<bool(Field)> warns = nullptr;  // whether a warning about the field belongs to what the row brings
  RowPlace follows = {};                       // see RowVerdict
};

struct BookReading {
  Book& book;
  Catalog catalog;
  CarrierNames carriers;
  PhoneReader phones;
};

// Each reads one row and adds what it brings. A rejected row leaves the book as it was; its outcome is not looked at.
RowOutcome read_customer_row(BookReading& reading, RowFacts& row);  // account, location, contact
RowOutcome read_carrier_row(BookReading& reading, RowFacts& row);
RowOutcome read_carrier_contact_row(BookReading& reading, RowFacts& row);
RowOutcome read_carrier_account_row(BookReading& reading, RowFacts& row);
RowOutcome read_contract_row(BookReading& reading, RowFacts& row);
RowOutcome read_product_row(BookReading& reading, RowFacts& row);
RowOutcome read_order_row(BookReading& reading, RowFacts& row);

// Settles what only the whole book can tell.
void settle_parents(BookReading& reading, const std::vector<const TableReading*>& tables);
void settle_zones(BookReading& reading,
                  const std::vector<const TableReading*>& tables);  // of locations, then of contracts
void warn_of_near_duplicates(BookReading& reading, const std::vector<const TableReading*>& tables);
void settle_holds(BookReading& reading);  // R5

// A person by the whole name, however many cells it has.
std::string contact_name(RowFacts& row);
// The account that a row names; rejects the row when the book does not have it.
std::optional<Account> named_account(BookReading& reading, RowFacts& row);
// Makes the carrier known as soon as a row that stays refers to it.
void note_carrier(BookReading& reading, const RowFacts& row, const std::string& name);
void note_carrier_account(BookReading& reading, const RowFacts& row, const std::string& carrier,
                          const std::string& number, const std::string& account);

// What a row that repeats, adds to or contradicts the record at `at` comes to. `pair` sets the record beside the row.
template <class Record, class Pair>
RowOutcome merge_row(RowFacts& row, Records<Record>& records, std::uint32_t at, const Record& said, Pair pair) {
  auto kept = records[at];
  Merge merge;
  pair(merge, kept, said);
  if (merge.contradicts()) {
    row.reject(merge.contradiction(), Reason::duplicate_conflict,
               "an earlier row says otherwise, and the first one counts", kept.place);
    return {};
  }
  merge.apply();
  pair(merge, kept, said);
  if (merge.adds()) records.set(at, kept);
  return {merge.adds() ? Verdict::updated : Verdict::unchanged, kept.place, nullptr};
}

}  // namespace holdfast::accounts::import_book
