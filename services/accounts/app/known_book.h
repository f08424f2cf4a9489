#pragma once

#include "accounts/app/contracts_port.h"
#include "accounts/import/book.h"
#include "accounts/import/mapping.h"
#include "runtime/sql/transaction.h"

namespace holdfast::accounts {

// What the agency has, as far as rows of a book may refer to it: accounts, locations, contacts, carriers, contracts
// that were imported; products only for a book with ports or disconnects, which alone refer to them. Of each the
// place in the book's spool stays in memory.
Result<import_book::Book> load_known_book(sql::Transaction& transaction, const import_book::Mapping& mapping);

// Whether the book has disconnects: open ports hold them (R5).
bool has_disconnects(const import_book::Mapping& mapping);
void add_known_ports(import_book::Book& known, const std::vector<OrderRow>& ports);

}  // namespace holdfast::accounts
