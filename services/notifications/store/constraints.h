#pragma once

#include <array>

#include "runtime/sql/connection.h"

namespace holdfast::notifications {

// What the violation of a constraint means to whoever asked.
inline constexpr std::array constraints{
    sql::ConstraintReason{"subscriptions_id_new", Reason::already_exists, "id"},
};

}  // namespace holdfast::notifications
