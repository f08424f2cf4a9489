#pragma once

#include <set>
#include <string>

#include "accounts/import/catalog.h"
#include "accounts/import/row_facts.h"

namespace holdfast::accounts::import_book {

// What rows say of what the agency may have already, as the keys that find it there; each key once.
struct Mentions {
  std::set<std::string> accounts;             // fold(name)
  std::set<std::string> forms;                // of accounts: form_key(name)
  std::set<std::string> locations, contacts;  // fold(name), where no account is named
  std::set<std::string> contracts;            // fold(number)
  std::set<std::string> billing_numbers;      // of products: E.164
  std::set<std::string> circuits;             // of products: identifier_key(circuit ID)

  bool empty() const;
};

// Adds what the row will be looked for by, unless the catalog has it already. Whatever the functions of rows.h ask the
// catalog for beyond the book itself is to be mentioned here: what is not is not there for them.
void mention(Mentions& mentions, const Catalog& catalog, RowFacts& row);

}  // namespace holdfast::accounts::import_book
