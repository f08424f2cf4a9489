#include <gmock/gmock.h>

#include <array>

#include "notifications/domain/delivery.h"
#include "notifications/domain/message.h"
#include "notifications/migrations.h"
#include "notifications/store/all_statements.h"
#include "runtime/migrations.h"
#include "runtime/testing/facts.h"
#include "runtime/testing/statements.h"

namespace holdfast::notifications {
namespace {

using ::testing::IsEmpty;

TEST(Wiring, EveryStatementFitsTheSchema) {
  constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                  sql::Migrations{"notifications", migrations}};
  EXPECT_THAT(testing::not_understood(components, statements::all), IsEmpty());
}

TEST(Wiring, EveryEventHasAFactThatFits) {
  const auto others =
      testing::events_besides<MessageSent, MessageFailed, DeliveryDeadLettered>("holdfast.notifications.v1");
  EXPECT_THAT(others, IsEmpty());
}

}  // namespace
}  // namespace holdfast::notifications
