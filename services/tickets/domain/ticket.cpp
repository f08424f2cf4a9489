#include "tickets/domain/ticket.h"

#include "runtime/core/limits.h"

namespace holdfast::tickets {
namespace {

Result<> check_texts(const OpenTicket& command) {
  if (command.name.empty()) return fail(Reason::field_required, "name", "a ticket says in one line what is wrong");
  CHECK_OK(check_size("name", command.name, max_name_bytes));
  CHECK_OK(check_size("description", command.description, max_description_bytes));
  return {};
}

Result<> check_places(const OpenTicket& command, const Entitlement& entitlement) {
  if (command.location_id && !entitlement.account_of_location) {
    return fail(Reason::location_not_found, "location_id", "there is no location " + to_string(*command.location_id));
  }
  if (command.location_id && *entitlement.account_of_location != command.account_id) {
    return fail(Reason::location_of_other_account, "location_id", "the location belongs to another account");
  }
  if (command.contact_id && entitlement.account_of_contact != command.account_id) {
    return fail(Reason::contact_not_found, "contact_id",
                "the account has no contact " + to_string(*command.contact_id));
  }
  return {};
}

}  // namespace

Result<TicketOpened> open(const OpenTicket& command, const Entitlement& entitlement, Instant now) {
  CHECK_OK(check_texts(command));
  CHECK_OK(check_places(command, entitlement));
  if (entitlement.account_status == AccountStatus::closed) {
    return fail(Reason::account_closed, "account_id", "the account is closed");
  }
  return TicketOpened{{.id = command.id.value_or(new_id<TicketId>(now)),
                       .account_id = command.account_id,
                       .location_id = command.location_id,
                       .contact_id = command.contact_id,
                       .name = command.name,
                       .description = command.description,
                       .priority = command.priority,
                       .status = TicketStatus::acknowledged,
                       .owner_id = entitlement.owner_id,
                       .opened_at = now,
                       .version = 1}};
}

}  // namespace holdfast::tickets
