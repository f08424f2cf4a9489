#pragma once

#include <string>
#include <string_view>

#include "runtime/core/result.h"

namespace holdfast::accounts {

struct Phone {
  std::string e164;  // empty: none
  std::string extension;

  bool operator==(const Phone&) const = default;
};

// One telephone number as written in the United States, or anywhere with a +. PHONE_INCOMPLETE without area code,
// PHONE_INVALID for what is no number. libphonenumber needs some 16 µs. Any thread.
Result<Phone> parse_phone(std::string_view text);

// "+16175550149;ext=12", as RFC 3966 has it.
std::string format_phone(const Phone& phone);

// A number that a request gives, as it is kept; empty stays empty.
Result<std::string> read_phone(const char* field, std::string_view text);

}  // namespace holdfast::accounts
