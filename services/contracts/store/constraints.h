#pragma once

#include <array>

#include "runtime/sql/connection.h"

namespace holdfast::contracts {

// What the violation of a constraint means to whoever asked.
inline constexpr std::array constraints{
    sql::ConstraintReason{"contracts_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"contracts_number_new", Reason::already_exists, "number"},
};

}  // namespace holdfast::contracts
