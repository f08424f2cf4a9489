#include "runtime/testing/temp_database.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

#include "runtime/core/uuid.h"
#include "runtime/sql/connection.h"

namespace holdfast::testing {
namespace {

constexpr auto owner_role = "holdfast_test_owner";
constexpr auto app_role = "holdfast_test_app";

// Held while a template is made, so that test executables that run together make it once.
constexpr auto lock_templates = "SELECT pg_advisory_lock(4853465001)";

std::string server_url() {
  const char* url = std::getenv("HOLDFAST_TEST_POSTGRES");
  if (!url) {
    throw std::runtime_error("HOLDFAST_TEST_POSTGRES is not set: run tools/test, which starts the servers tests need");
  }
  return url;
}

void require(Result<> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
}

std::unique_ptr<sql::Connection> connect(const std::string& url) {
  auto opened = sql::Connection::open(url, {});
  if (!opened) throw std::runtime_error(describe(opened.error()));
  return *std::move(opened);
}

void make_roles(sql::Connection& server) {
  require(server.run_script(fmt::format(R"sql(
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') THEN CREATE ROLE {0} LOGIN BYPASSRLS; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{1}') THEN CREATE ROLE {1} LOGIN; END IF;
END $$;
GRANT pg_signal_backend, {1} TO {0};)sql",
                                        owner_role, app_role)));
}

bool exists(sql::Connection& server, const std::string& database) {
  static constexpr sql::Statement count{"testing.database_exists",
                                        "SELECT count(*) FROM pg_database WHERE datname = $1::text"};
  server.enqueue(count, sql::Parameters::of(database), {});
  auto rows = server.flush();
  if (!rows) throw std::runtime_error(describe(rows.error()));
  return sql::Value<std::int64_t>::decode(rows->cell(0, 0).value_or("")) == std::int64_t{1};
}

std::string template_name(std::span<const sql::Migrations> components) {
  std::string everything;
  for (const auto& component : components) {
    for (const auto& migration : component.list) everything.append(migration.name).append(migration.text);
  }
  return "template_" + to_string(named_uuid(Uuid{}, everything));
}

std::string create(const std::string& name, const std::string& from) {
  return fmt::format("CREATE DATABASE \"{}\" OWNER {} TEMPLATE \"{}\"", name, owner_role, from);
}

void make_template(sql::Connection& server, const std::string& url, const std::string& name,
                   std::span<const sql::Migrations> components) {
  if (exists(server, name)) return;
  const auto unfinished = name + "_unfinished";  // renamed when done: a killed run leaves no half a template
  require(server.run_script(fmt::format("DROP DATABASE IF EXISTS \"{}\"", unfinished)));
  require(server.run_script(create(unfinished, "template0")));
  const auto in_template = fmt::format("{} dbname={}", url, unfinished);
  require(connect(in_template)->run_script("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin;"));
  require(sql::migrate(in_template + " user=" + owner_role, app_role, components));
  require(server.run_script(fmt::format("ALTER DATABASE \"{}\" RENAME TO \"{}\"", unfinished, name)));
}

}  // namespace

TempDatabase::TempDatabase(std::span<const sql::Migrations> components)
    : server_(server_url()), name_("test_" + to_string(new_uuid())) {
  const auto server = connect(server_ + " dbname=postgres");
  require(server->run_script(lock_templates));
  make_roles(*server);
  const auto from = template_name(components);
  make_template(*server, server_, from, components);
  require(server->run_script(create(name_, from)));
}

TempDatabase::~TempDatabase() {
  auto server = sql::Connection::open(server_ + " dbname=postgres", {});
  if (server)
    static_cast<void>((*server)->run_script(fmt::format("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", name_)));
}

std::string TempDatabase::url() const { return fmt::format("{} dbname={} user={}", server_, name_, app_role); }
std::string TempDatabase::owner_url() const { return fmt::format("{} dbname={} user={}", server_, name_, owner_role); }
void TempDatabase::run(const std::string& script) const { require(connect(owner_url())->run_script(script)); }

}  // namespace holdfast::testing
