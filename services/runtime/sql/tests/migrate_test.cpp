#include "runtime/sql/migrate.h"

#include <gmock/gmock.h>

#include "runtime/log/log.h"
#include "runtime/migrations.h"
#include "runtime/sql/tests/things.h"

namespace holdfast::sql {
namespace {

using ::testing::HasSubstr;

struct MigrateTest : DatabaseTest {
  Result<> migrate_to(std::span<const Migration> list) {
    const std::array wanted{Migrations{"runtime", runtime::migrations}, Migrations{"things", list}};
    return migrate(temporary.owner_url(), "holdfast_test_app", wanted);
  }
  bool is_migrated_to(std::span<const Migration> list) {
    const std::array wanted{Migrations{"runtime", runtime::migrations}, Migrations{"things", list}};
    const auto is = is_migrated(database, wanted);
    EXPECT_TRUE(is) << describe(is.error());
    return is && *is;
  }
};

TEST_F(MigrateTest, MigratesOnce) {
  EXPECT_TRUE(migrate_to(thing_migrations));
  EXPECT_TRUE(migrate_to(thing_migrations));
}

TEST_F(MigrateTest, NothingIsLeftToDoOnceItIsDone) {
  EXPECT_FALSE(is_migrated_to(thing_migrations)) << "the runtime's are missing";
  ASSERT_TRUE(migrate_to(thing_migrations));
  EXPECT_TRUE(is_migrated_to(thing_migrations));
  constexpr std::array more{thing_migrations[0], Migration{"0002_more", "CREATE TABLE more (id uuid)"}};
  EXPECT_FALSE(is_migrated_to(more));
  constexpr std::array edited{Migration{"0001_things", "CREATE TABLE others (id uuid)"}};
  EXPECT_FALSE(is_migrated_to(edited));
  EXPECT_FALSE(is_migrated_to({})) << "a newer history is worth a warning";
}

TEST_F(MigrateTest, WhatTheHistoryHasIsGranted) {
  constexpr std::array fails{thing_migrations[0], Migration{"0002_more", "CREATE TABLE more (id uuid)"},
                             Migration{"0003_fault", "no SQL"}};
  ASSERT_FALSE(migrate_to(fails));
  EXPECT_TRUE(is_migrated_to(std::span(fails).first(2)));
  static constexpr Statement keep_more{"more.keep", "INSERT INTO more VALUES (gen_random_uuid())"};
  const auto kept = database.transact(call, [](Transaction& tx) { return tx.exec(keep_more); });
  EXPECT_TRUE(kept) << describe(kept.error());
}

TEST_F(MigrateTest, NothingIsMigratedForARoleThatMayNotLook) {
  ASSERT_TRUE(migrate_to(thing_migrations));
  temporary.run("REVOKE SELECT ON runtime.migrations FROM holdfast_test_app");
  EXPECT_FALSE(is_migrated_to(thing_migrations));
  ASSERT_TRUE(migrate_to(thing_migrations));
  EXPECT_TRUE(is_migrated_to(thing_migrations));
}

TEST_F(MigrateTest, RefusesAnEditedHistory) {
  constexpr std::array edited{Migration{"0001_things", "CREATE TABLE others (id uuid)"}};
  const auto refused = migrate_to(edited);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::setting_invalid);
}

TEST_F(MigrateTest, AnOlderProgramStartsAgainInTheMiddleOfARollout) {
  const log::Capture lines;
  const auto started = migrate_to({});
  EXPECT_TRUE(started) << describe(started.error());
  EXPECT_TRUE(lines.contains("0001_things"));
}

TEST_F(MigrateTest, GuardsATableByItsAgency) {
  constexpr std::array guarded{thing_migrations[0], Migration{"0002_notes", R"sql(
CREATE TABLE notes (agency_id uuid NOT NULL, id uuid NOT NULL, PRIMARY KEY (agency_id, id));
SELECT runtime.guard_by_agency('notes');)sql"}};
  const auto migrated = migrate_to(guarded);
  ASSERT_TRUE(migrated) << describe(migrated.error());
  temporary.run("INSERT INTO notes VALUES (gen_random_uuid(), gen_random_uuid()), ('" + to_string(agency) +
                "', gen_random_uuid())");
  static constexpr Statement count_notes{"notes.count", "SELECT count(*) FROM notes"};
  const auto seen = database.read(call, [](Transaction& tx) { return tx.one<std::int64_t>(count_notes); });
  ASSERT_TRUE(seen) << describe(seen.error());
  EXPECT_EQ(*seen, 1);
}

TEST_F(MigrateTest, RefusesATableThatNothingGuards) {
  EXPECT_TRUE(migrate_to(thing_migrations));
  const std::array faults{"ALTER TABLE things DISABLE ROW LEVEL SECURITY",
                          "ALTER TABLE things NO FORCE ROW LEVEL SECURITY", "DROP POLICY agency ON things"};
  for (const auto* fault : faults) {
    temporary.run(fault);
    const auto refused = migrate_to(thing_migrations);
    ASSERT_FALSE(refused) << fault;
    EXPECT_THAT(refused.error().message, HasSubstr("things"));
    EXPECT_FALSE(is_migrated_to(thing_migrations)) << fault;
    temporary.run("ALTER TABLE things ENABLE ROW LEVEL SECURITY; ALTER TABLE things FORCE ROW LEVEL SECURITY");
  }
}

}  // namespace
}  // namespace holdfast::sql
