#include "runtime/sql/migrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runtime/log/log.h"
#include "runtime/sql/connection.h"
#include "runtime/sql/database.h"
#include "runtime/sql/transaction.h"

namespace holdfast::sql {
namespace {

struct Applied {
  std::string name;
  std::string checksum;
};

}  // namespace
}  // namespace holdfast::sql

template <>
struct holdfast::Fields<holdfast::sql::Applied> {
  using Applied = sql::Applied;
  static constexpr auto list = FieldList{Field{"name", &Applied::name}, Field{"checksum", &Applied::checksum}};
};

namespace holdfast::sql {
namespace {

constexpr Statement applied_migrations{
    "migrate.applied", "SELECT name, checksum FROM runtime.migrations WHERE component = $1 ORDER BY name"};

constexpr Statement unguarded_tables{"migrate.unguarded_tables", R"sql(
SELECT table_.relname::text
FROM pg_class table_
JOIN pg_attribute agency ON agency.attrelid = table_.oid AND agency.attname = 'agency_id'
WHERE table_.relnamespace = 'public'::regnamespace AND table_.relkind IN ('r', 'p')
  AND NOT (table_.relrowsecurity AND table_.relforcerowsecurity
           AND EXISTS (SELECT FROM pg_policy policy WHERE policy.polrelid = table_.oid))
ORDER BY table_.relname)sql"};

constexpr Statement is_history{"migrate.is_history", R"sql(
SELECT NOT EXISTS (
  SELECT FROM unnest($1::text[], $2::text[], $3::text[]) AS ours (component, name, checksum)
  FULL JOIN (SELECT * FROM runtime.migrations WHERE component = ANY ($4::text[])) AS applied USING (component, name)
  WHERE applied.checksum IS DISTINCT FROM ours.checksum))sql"};

// Taken for the session: it ends with the connection, whatever happens.
constexpr auto prologue = R"sql(
SELECT pg_advisory_lock(4853465000);
CREATE SCHEMA IF NOT EXISTS runtime;
CREATE TABLE IF NOT EXISTS runtime.migrations (
  component text NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (component, name)
);
)sql";

constexpr auto grants = R"sql(
GRANT USAGE ON SCHEMA public, runtime TO {0};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, runtime TO {0};
REVOKE INSERT, UPDATE, DELETE ON runtime.migrations FROM {0};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, runtime TO {0};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, runtime TO {0};
)sql";

std::string checksum(std::string_view text) { return to_string(named_uuid(Uuid{}, text)); }

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char character : name) quoted += character == '"' ? std::string("\"\"") : std::string(1, character);
  return quoted + '"';
}

Result<> check_history(const Migrations& component, const std::vector<Applied>& applied) {
  for (size_t index = 0; index < applied.size(); ++index) {
    const auto& past = applied[index];
    if (index >= component.list.size()) {
      log::warn("the database is newer than this program",
                {{"component", component.component}, {"migration", past.name}});
      continue;
    }
    const auto& ours = component.list[index];
    if (past.name != ours.name || past.checksum != checksum(ours.text)) {
      return fail(
          Reason::setting_invalid,
          fmt::format("migration {} was edited after it was applied as {}: write a new one", ours.name, past.name));
    }
  }
  return {};
}

// What is in the history is granted as well: whoever finds it complete looks no further.
Result<> apply(Connection& connection, std::string_view component, const Migration& migration,
               const std::string& granting) {
  const auto script = fmt::format("BEGIN;\n{}\n;INSERT INTO runtime.migrations VALUES ('{}', '{}', '{}');\n{}COMMIT;",
                                  migration.text, component, migration.name, checksum(migration.text), granting);
  auto applied = connection.run_script(script);
  if (!applied)
    applied.error().message = fmt::format("migration {}/{}: {}", component, migration.name, applied.error().message);
  return applied;
}

}  // namespace

Result<bool> is_migrated(Database& database, std::span<const Migrations> components) {
  std::vector<std::string_view> all_owners, owners, names;
  std::vector<std::string> checksums;
  for (const auto& component : components) {
    all_owners.push_back(component.component);
    for (const auto& migration : component.list) {
      owners.push_back(component.component);
      names.push_back(migration.name);
      checksums.push_back(checksum(migration.text));
    }
  }
  const auto call = service_call({}, "migrate", std::chrono::seconds(10));
  auto looked = database.read(call, [&](Transaction& transaction) -> Result<bool> {
    if (!TRY(transaction.one<bool>(is_history, owners, names, checksums, all_owners))) return false;
    return TRY(transaction.many<std::string>(unguarded_tables)).empty();
  });
  if (!looked && !looked.error().is_outage()) return false;
  return looked;
}

Result<> migrate(const std::string& owner_url, const std::string& app_role, std::span<const Migrations> components) {
  auto connection = TRY(Connection::open(owner_url, {}));
  CHECK_OK(connection->run_script(prologue));
  const auto call = service_call({}, "migrate", std::chrono::minutes(10));
  Transaction session(*connection, call);
  const auto granting = fmt::format(grants, quote_identifier(app_role));
  for (const auto& component : components) {
    const auto applied = TRY((session.many<Applied>(applied_migrations, component.component)));
    CHECK_OK(check_history(component, applied));
    for (const auto& migration : component.list.subspan(std::min(applied.size(), component.list.size()))) {
      CHECK_OK(apply(*connection, component.component, migration, granting));
    }
  }
  const auto unguarded = TRY(session.many<std::string>(unguarded_tables));
  if (!unguarded.empty()) {
    return fail(Reason::internal, fmt::format("row-level security does not guard the table {}: its migration says "
                                              "SELECT runtime.guard_by_agency('{}')",
                                              unguarded.front(), unguarded.front()));
  }
  return connection->run_script(granting);
}

}  // namespace holdfast::sql
