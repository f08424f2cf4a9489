#include "tickets/domain/ticket.h"

#include <gtest/gtest.h>

namespace holdfast::tickets {
namespace {

const AccountId account{new_uuid()};
const Instant now = *parse_instant("2026-01-05T09:00:00Z");
const Entitlement entitled{.account_status = AccountStatus::active,
                           .owner_id = StaffId{new_uuid()},
                           .account_of_location = account,
                           .account_of_contact = account};

OpenTicket command() {
  return {.account_id = account,
          .location_id = LocationId{new_uuid()},
          .contact_id = ContactId{new_uuid()},
          .name = "Circuit down",
          .priority = Priority::p1};
}

struct Refusal {
  const char* why;
  Reason reason;
  const char* field;
  OpenTicket command;
  Entitlement entitlement;
};

std::vector<Refusal> refusals() {
  auto nameless = command();
  nameless.name.clear();
  auto wordy = command();
  wordy.name.assign(max_name_bytes + 1, 'x');
  auto verbose = command();
  verbose.description.assign(max_description_bytes + 1, 'x');
  auto closed = entitled;
  closed.account_status = AccountStatus::closed;
  auto nowhere = entitled;
  nowhere.account_of_location.reset();
  auto elsewhere = entitled;
  elsewhere.account_of_location = AccountId{new_uuid()};
  auto stranger = entitled;
  stranger.account_of_contact = AccountId{new_uuid()};
  return {{"no name", Reason::field_required, "name", nameless, entitled},
          {"a long name", Reason::field_too_long, "name", wordy, entitled},
          {"a long description", Reason::field_too_long, "description", verbose, entitled},
          {"a closed account", Reason::account_closed, "account_id", command(), closed},
          {"an unknown location", Reason::location_not_found, "location_id", command(), nowhere},
          {"another account's location", Reason::location_of_other_account, "location_id", command(), elsewhere},
          {"another account's contact", Reason::contact_not_found, "contact_id", command(), stranger}};
}

TEST(OpenTicket, BelongsToTheAccountsOwner) {
  const auto opened = open(command(), entitled, now);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->ticket.owner_id, entitled.owner_id);
  EXPECT_EQ(opened->ticket.status, TicketStatus::acknowledged);
  EXPECT_EQ(opened->ticket.opened_at, now);
}

TEST(OpenTicket, KeepsTheIdItIsGiven) {
  auto named = command();
  named.id = TicketId{new_uuid()};
  EXPECT_EQ(open(named, entitled, now)->ticket.id, *named.id);
}

TEST(OpenTicket, RefusesWithTheFieldAtFault) {
  for (const auto& refusal : refusals()) {
    const auto opened = open(refusal.command, refusal.entitlement, now);
    ASSERT_FALSE(opened) << refusal.why;
    EXPECT_EQ(opened.error().reason, refusal.reason) << refusal.why;
    EXPECT_EQ(opened.error().fields.at(0).field, refusal.field) << refusal.why;
  }
}

}  // namespace
}  // namespace holdfast::tickets
