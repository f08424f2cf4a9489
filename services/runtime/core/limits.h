#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>

#include "runtime/core/result.h"

// What is refused by a limit says the limit, from its constant: a text that repeats the number says another one day.
namespace holdfast {

// "64 KiB", "200 bytes": in the largest unit that it is a multiple of.
std::string bytes_text(std::uint64_t bytes);

// FIELD_TOO_LONG: "has more than 200 bytes".
Error too_long(std::string field, size_t limit_bytes, std::source_location at = std::source_location::current());

// too_long, if it is.
Result<> check_size(std::string field, std::string_view text, size_t limit_bytes,
                    std::source_location at = std::source_location::current());

// FIELD_OUT_OF_RANGE: "has more than 100 holidays".
Error too_many(std::string field, size_t limit, std::string_view things,
               std::source_location at = std::source_location::current());

// FIELD_OUT_OF_RANGE: "is 1 to 600 months".
Error outside(std::string field, std::int64_t least, std::int64_t most, std::string_view unit,
              std::source_location at = std::source_location::current());

}  // namespace holdfast
