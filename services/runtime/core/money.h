#pragma once

#include <cstdint>
#include <string>

namespace holdfast {

// An amount in the currency's minor unit (cents), never a fraction of it. ISO 4217.
struct Money {
  std::int64_t minor = 0;
  std::string currency = "USD";

  bool operator==(const Money&) const = default;
};

}  // namespace holdfast
