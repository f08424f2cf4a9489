#pragma once

#include "accounts/app/imports.h"
#include "accounts/import/book.h"

namespace holdfast::accounts {

// Writes down what a book says: its sheets, the verdicts of its rows as the files alone tell them, the findings, and
// its records in the order in which they are applied. How many records there are.
Result<std::int32_t> stage_book(sql::Transaction& transaction, const ImportId& id, const import_book::Book& book);

}  // namespace holdfast::accounts
