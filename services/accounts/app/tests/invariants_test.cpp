#include <gtest/gtest.h>

#include "accounts/migrations.h"
#include "accounts/store/invariants.sql.h"
#include "runtime/migrations.h"
#include "runtime/operations/verify.h"
#include "runtime/sql/database.h"
#include "runtime/testing/temp_database.h"

namespace holdfast::accounts {
namespace {

struct InvariantsTest : ::testing::Test {
  static constexpr std::array components{sql::Migrations{"runtime", runtime::migrations},
                                         sql::Migrations{"accounts", migrations}};

  // Seven accounts of one agency, none below another.
  void SetUp() override {
    temporary.run(R"sql(
INSERT INTO agencies VALUES (gen_random_uuid(), 'Agency', 'UTC', 1);
INSERT INTO staff SELECT agency_id, gen_random_uuid(), 'Pat', 'pat@agency.example', 'UTC', 1 FROM agencies;
INSERT INTO accounts (agency_id, id, name, number, status, tier, owner_id, version, name_key)
  SELECT agency_id, gen_random_uuid(), 'A' || number, number, 'active', 'standard', id, 1, number
  FROM staff, generate_series(1, 7) AS number;)sql");
  }
  operations::Verdict verdict() {
    const auto verdict = operations::check(database, call, statements::accounts_hang_together, {.looks = 1});
    EXPECT_TRUE(verdict) << describe(verdict.error());
    return verdict ? *verdict : operations::Verdict{};
  }
  // Hangs each of the first `count` accounts below the one before it.
  void hang(int count) {
    temporary.run(
        "UPDATE accounts AS a SET parent_id = p.id FROM accounts AS p WHERE p.number::integer = "
        "a.number::integer - 1 AND a.number::integer <= " +
        std::to_string(count));
  }

  testing::TempDatabase temporary{components};
  sql::Database database{{.url = temporary.url(), .pool_size = 2, .constraints = {}}};
  Call call = service_call({}, "test", std::chrono::seconds(60));
};

TEST_F(InvariantsTest, AccountsMayHangSixDeep) {
  hang(6);
  EXPECT_TRUE(verdict().holds);
  EXPECT_EQ(verdict().detail, "7 accounts");
  hang(7);
  EXPECT_FALSE(verdict().holds);
}

TEST_F(InvariantsTest, ARingIsSeen) {
  hang(2);
  temporary.run("UPDATE accounts SET parent_id = (SELECT id FROM accounts WHERE number = '2') WHERE number = '1'");
  EXPECT_FALSE(verdict().holds);
}

}  // namespace
}  // namespace holdfast::accounts
