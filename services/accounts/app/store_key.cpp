#include "accounts/app/store_key.h"

#include "accounts/store/agencies.sql.h"

namespace holdfast::accounts {

auth::NewApiKey store_key(events::UnitOfWork& work, const KeyGrant& grant) {
  auto key = auth::make_api_key();
  const sql::Bytes hash{{key.hash.begin(), key.hash.end()}};
  work.transaction.defer(statements::insert_api_key, work.agency(), key.id, grant.name, hash, grant.permissions,
                         work.now);
  return key;
}

}  // namespace holdfast::accounts
