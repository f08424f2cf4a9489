#pragma once

#include <array>

#include "runtime/sql/connection.h"

namespace holdfast::tickets {

// What the violation of a constraint means to whoever asked.
inline constexpr std::array constraints{
    sql::ConstraintReason{"tickets_id_new", Reason::already_exists, "id"},
};

}  // namespace holdfast::tickets
