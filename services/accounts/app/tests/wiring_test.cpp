#include <gmock/gmock.h>

#include <array>

#include "accounts/domain/account.h"
#include "accounts/domain/agency.h"
#include "accounts/domain/carrier.h"
#include "accounts/domain/carrier_account.h"
#include "accounts/domain/contact.h"
#include "accounts/domain/location.h"
#include "accounts/domain/product.h"
#include "accounts/migrations.h"
#include "accounts/store/all_statements.h"
#include "runtime/migrations.h"
#include "runtime/testing/facts.h"
#include "runtime/testing/statements.h"

namespace holdfast::accounts {
namespace {

using ::testing::IsEmpty;

TEST(Wiring, EveryStatementFitsTheSchema) {
  constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                  sql::Migrations{"accounts", migrations}};
  EXPECT_THAT(testing::not_understood(components, statements::all), IsEmpty());
}

TEST(Wiring, EveryEventHasAFactThatFits) {
  const auto others =
      testing::events_besides<AccountCreated, AccountChanged, AccountStateChanged, OwnerChanged, LocationAdded,
                              LocationChanged, ContactAdded, ContactChanged, CarrierChanged, CarrierAccountChanged,
                              ProductAdded, ProductChanged, ProductStateChanged, StaffChanged>("holdfast.accounts.v1");
  EXPECT_THAT(others, IsEmpty());
}

}  // namespace
}  // namespace holdfast::accounts
