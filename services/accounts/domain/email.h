#pragma once

#include <string>
#include <string_view>

#include "runtime/core/result.h"

namespace holdfast::accounts {

// The address in lower case, without mailto: and blanks; empty when it is none.
std::string parse_email(std::string_view text);

// An address that a request gives, as it is kept; empty stays empty.
Result<std::string> read_email(const char* field, std::string_view text);

}  // namespace holdfast::accounts
