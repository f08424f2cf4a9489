#pragma once

#include <array>

#include "runtime/sql/connection.h"

namespace holdfast::accounts {

// What the violation of a constraint means to whoever asked.
inline constexpr std::array constraints{
    sql::ConstraintReason{"agencies_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"staff_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"staff_email_free", Reason::already_exists, "email"},
    sql::ConstraintReason{"accounts_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"accounts_name_free", Reason::already_exists, "name"},
    sql::ConstraintReason{"locations_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"locations_name_free", Reason::already_exists, "name"},
    sql::ConstraintReason{"contacts_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"carriers_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"carriers_name_free", Reason::already_exists, "name"},
    sql::ConstraintReason{"carrier_contacts_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"carrier_contacts_free", Reason::already_exists, "name"},
    sql::ConstraintReason{"carrier_accounts_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"carrier_accounts_number_free", Reason::already_exists, "number"},
    sql::ConstraintReason{"products_id_new", Reason::already_exists, "id"},
    sql::ConstraintReason{"products_circuit_free", Reason::already_exists, "circuit_id"},
};

}  // namespace holdfast::accounts
