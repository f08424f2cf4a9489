#include <algorithm>

#include "accounts/app/agencies.h"
#include "accounts/store/agencies.sql.h"
#include "accounts/store/api_key_row.h"
#include "runtime/auth/api_key.h"

namespace holdfast::accounts {
namespace {

auth::SecretHash hash_in(const sql::Bytes& bytes) {
  auth::SecretHash hash{};
  std::copy_n(bytes.data.begin(), std::min(bytes.data.size(), hash.size()), hash.begin());
  return hash;
}

}  // namespace

Result<ExchangedKey> exchange_key(sql::Transaction& transaction, const ExchangeKey& query, const TokenMaker& tokens) {
  const auto refused = fail(Reason::credentials_invalid, "this is no API key of this installation");
  const auto parts = auth::parse_api_key(query.key);
  if (!parts) return refused;
  const auto key = TRY((transaction.maybe<ApiKeyRow>(statements::find_api_key, parts->id)));
  if (!key || !auth::matches(parts->secret, hash_in(key->secret_hash))) return refused;
  const Principal holder{key->agency_id, PrincipalKind::integration, std::string(parts->id),
                         Permissions(key->permissions)};
  return ExchangedKey{TRY(tokens.signer.sign(holder, tokens.system_clock.now()))};
}

}  // namespace holdfast::accounts
