#pragma once

#include "accounts/app/contracts_port.h"
#include "accounts/import/known_book.h"
#include "runtime/sql/database.h"

namespace holdfast::accounts {

// What the agency of a call has, as the databases of accounts and contracts know it. Each question is a read of its
// own: what is changed meanwhile is told as it is then, and what the book comes to is matched anew when it is applied.
class AgencyBook : public import_book::KnownBook {
 public:
  // All outlive it.
  AgencyBook(sql::Database& database, const ContractsPort& contracts, const Call& call)
      : database_(database), contracts_(contracts), call_(call) {}

  Result<std::vector<std::string>> carriers() override;
  Result<std::vector<import_book::Order>> ports() override;
  Result<> find(const import_book::Mentions& mentions, import_book::Catalog& catalog) override;

 private:
  sql::Database& database_;
  const ContractsPort& contracts_;
  const Call& call_;
};

}  // namespace holdfast::accounts
