#pragma once

#include <string>
#include <vector>

#include "accounts/import/book.h"
#include "accounts/import/mentions.h"

namespace holdfast::accounts::import_book {

// What an agency already has, asked for while a book of it is read. Its thread is that of interpret().
class KnownBook {
 public:
  virtual ~KnownBook() = default;

  // The names of all; there are few.
  virtual Result<std::vector<std::string>> carriers() = 0;
  // All of them; asked for when the book has disconnects, which open ones hold (R5).
  virtual Result<std::vector<Order>> ports() = 0;
  // Tells the catalog of whatever has one of these keys. Of accounts also those of which only a location or a contact
  // has one, and all that they stand under; of each account that is new to the catalog all its locations. Of a key that
  // several have two suffice, the eldest first, where they are no products.
  virtual Result<> find(const Mentions& mentions, Catalog& catalog) = 0;
};

}  // namespace holdfast::accounts::import_book
