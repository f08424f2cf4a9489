#pragma once

#include "runtime/core/enum_names.h"

namespace holdfast::tickets {

// How much is out: p1 out of service, p2 partial, p3 quality, p4 anything else (R60).
enum class Priority { p1, p2, p3, p4 };

// Who is asking: key accounts have a lane of their own (R61).
enum class Lane { standard, key };

}  // namespace holdfast::tickets

template <>
inline constexpr auto holdfast::enum_names<holdfast::tickets::Priority> = std::to_array<std::string_view>({"p1", "p2",
                                                                                                           "p3", "p4"});

template <>
inline constexpr auto holdfast::enum_names<holdfast::tickets::Lane> = std::to_array<std::string_view>({"standard",
                                                                                                       "key"});
