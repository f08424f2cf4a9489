#include "tickets/domain/ticket_life.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "runtime/core/etag.h"

namespace holdfast::tickets {
namespace {

const Instant now = *parse_instant("2026-01-05T09:00:00Z");

Ticket in(TicketStatus status) {
  Ticket ticket{.id = TicketId{new_uuid()}, .name = "Circuit down", .status = status, .version = 4};
  if (status == TicketStatus::pending) ticket.pause_reason = PauseReason::pending_customer;
  if (status == TicketStatus::held) ticket.pause_reason = PauseReason::no_access;
  return ticket;
}

// Which states each verb leads to from each state; everything else is refused.
using Verb = std::function<Result<Ticket>(Ticket)>;
struct Row {
  const char* name;
  Verb verb;
  std::set<TicketStatus> from;
  TicketStatus to;
};

std::vector<Row> rows() {
  using enum TicketStatus;
  return {
      {"pause for the customer",
       [](Ticket t) { return pause(t, {.reason = PauseReason::pending_customer}); },
       {in_progress},
       pending},
      {"pause for access", [](Ticket t) { return pause(t, {.reason = PauseReason::no_access}); }, {in_progress}, held},
      {"resume", [](Ticket t) { return resume(t, {}); }, {pending, held}, in_progress},
      {"resolve", [](Ticket t) { return resolve(t, {.resolution = "card replaced"}, now); }, {in_progress}, resolved},
      {"close", [](Ticket t) { return close(t, {}); }, {resolved}, closed},
      {"reopen", [](Ticket t) { return reopen(t, {}); }, {resolved}, in_progress},
      {"cancel", [](Ticket t) { return cancel(t, {}); }, {acknowledged, in_progress, pending, held}, cancelled},
  };
}

TEST(TicketLife, FollowsTmf621AndRefusesTheRest) {
  for (const auto& row : rows()) {
    for (size_t index = 0; index < enum_names<TicketStatus>.size(); ++index) {
      const auto status = static_cast<TicketStatus>(index);
      const auto after = row.verb(in(status));
      EXPECT_EQ(after.has_value(), row.from.contains(status)) << row.name << " from " << to_string(status);
      if (!after) {
        EXPECT_EQ(after.error().reason, Reason::illegal_transition);
        continue;
      }
      EXPECT_EQ(after->status, row.to);
      EXPECT_EQ(after->version, 5);
      EXPECT_EQ(after->pause_reason.has_value(), row.to == TicketStatus::pending || row.to == TicketStatus::held);
    }
  }
}

TEST(TicketLife, ARefusalNamesWhatMayFollow) {
  const auto refused = resolve(in(TicketStatus::resolved), {.resolution = "again"}, now);
  EXPECT_NE(refused.error().message.find("closed, inProgress"), std::string::npos) << refused.error().message;
}

TEST(TicketLife, AssigningTakesAnAcknowledgedTicketIntoProgressAndLeavesOthersAsTheyAre) {
  const StaffId staff{new_uuid()};
  EXPECT_EQ(assign(in(TicketStatus::acknowledged), {.owner_id = staff})->status, TicketStatus::in_progress);
  EXPECT_EQ(assign(in(TicketStatus::pending), {.owner_id = staff})->status, TicketStatus::pending);
  EXPECT_EQ(assign(in(TicketStatus::held), {.owner_id = staff})->owner_id, staff);
  EXPECT_EQ(assign(in(TicketStatus::closed), {.owner_id = staff}).error().reason, Reason::illegal_transition);
}

TEST(TicketLife, WhoWasAtItAlreadyIsNotGivenIt) {
  const auto given = [](TicketStatus status, std::optional<StaffId> to) {
    const auto before = in(status);
    return changed_hands(before, *assign(before, {.owner_id = to.value_or(before.owner_id)}));
  };
  EXPECT_TRUE(given(TicketStatus::in_progress, StaffId{new_uuid()}));
  EXPECT_FALSE(given(TicketStatus::in_progress, std::nullopt));
  EXPECT_TRUE(given(TicketStatus::acknowledged, std::nullopt)) << "whom it was only counted to takes it now";
}

TEST(TicketLife, NamesTheFieldAtFault) {
  EXPECT_EQ(resolve(in(TicketStatus::in_progress), {}, now).error().fields.at(0).field, "resolution");
  EXPECT_EQ(link_carrier(in(TicketStatus::held), {.carrier = "Lumen"}).error().fields.at(0).field, "carrier_ticket");
  EXPECT_EQ(check_etag(in(TicketStatus::held), "3").error().reason, Reason::etag_stale);
  EXPECT_TRUE(check_etag(in(TicketStatus::held), "4"));
  EXPECT_TRUE(check_etag(in(TicketStatus::held), ""));
}

// R65. From Monday to Thursday evening; over a weekend and a holiday (Monday, 2026-01-19); from a Saturday.
TEST(TicketLife, WithoutObjectionItClosesAfterThreeBusinessDays) {
  const std::map<std::string, std::string> resolved_and_closed{{"2026-01-05T15:00:00Z", "2026-01-09T05:00:00Z"},
                                                               {"2026-01-06T04:59:59Z", "2026-01-09T05:00:00Z"},
                                                               {"2026-01-15T15:00:00Z", "2026-01-22T05:00:00Z"},
                                                               {"2026-01-10T15:00:00Z", "2026-01-15T05:00:00Z"}};
  for (const auto& [resolved, closed] : resolved_and_closed) {
    EXPECT_EQ(format_instant(*closes_at(*parse_instant(resolved), "America/New_York")), closed) << resolved;
  }
  EXPECT_EQ(closes_at({}, "Mars/Olympus").error().reason, Reason::time_zone_unknown);
}

}  // namespace
}  // namespace holdfast::tickets
