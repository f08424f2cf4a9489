#pragma once

#include <span>
#include <string>

#include "runtime/sql/migrate.h"

namespace holdfast::testing {

// A database of a test's own on the real PostgreSQL that HOLDFAST_TEST_POSTGRES names, cloned from a template that is
// migrated once for each set of migrations; dropped at the end. Two roles as in production: the owner, and an app role
// under row-level security.
class TempDatabase {
 public:
  explicit TempDatabase(std::span<const sql::Migrations> components);
  ~TempDatabase();
  TempDatabase(const TempDatabase&) = delete;

  std::string url() const;                    // as the app role
  std::string owner_url() const;              // as the owner
  void run(const std::string& script) const;  // as the owner; throws when PostgreSQL refuses

 private:
  std::string server_;
  std::string name_;
};

}  // namespace holdfast::testing
