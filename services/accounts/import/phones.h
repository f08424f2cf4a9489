#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

struct PhoneReading {
  enum class Kind {
    phone,
    several,     // more than one in the cell: this is the first
    incomplete,  // no area code
    invalid,
  };
  Kind kind = Kind::invalid;
  Phone phone;
};

// Telephone numbers as written in the United States, to E.164 with extension. libphonenumber needs 16 us a number and
// books repeat their numbers, so readings are remembered, 100,000 at most. One thread at a time.
class PhoneReader {
 public:
  PhoneReading read(std::string_view text);

 private:
  std::unordered_map<std::string, PhoneReading> seen_;
};

}  // namespace holdfast::accounts::import_book
