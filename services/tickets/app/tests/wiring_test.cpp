#include <gmock/gmock.h>

#include <array>

#include "runtime/migrations.h"
#include "runtime/testing/facts.h"
#include "runtime/testing/statements.h"
#include "tickets/domain/promises.h"
#include "tickets/domain/ticket_life.h"
#include "tickets/migrations.h"
#include "tickets/store/all_statements.h"

namespace holdfast::tickets {
namespace {

using ::testing::IsEmpty;

TEST(Wiring, EveryStatementFitsTheSchema) {
  constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                  sql::Migrations{"tickets", migrations}};
  EXPECT_THAT(testing::not_understood(components, statements::all), IsEmpty());
}

TEST(Wiring, EveryEventHasAFactThatFits) {
  const auto others =
      testing::events_besides<TicketOpened, TicketChanged, TicketAssigned, TicketStatusChanged, TicketResolved,
                              TicketClosed, SlaWarning, SlaBreached, SlaMet>("holdfast.tickets.v1");
  EXPECT_THAT(others, IsEmpty());
}

}  // namespace
}  // namespace holdfast::tickets
