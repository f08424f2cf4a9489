#include "accounts/rpc/agencies.h"

namespace holdfast::accounts {

void serve_agencies(command::Commands& rpc, const TokenMaker& tokens) {
  rpc.command_for("CreateAgency", agency_to_create, create_agency);
  rpc.command("AddStaff", add_staff);
  rpc.query("GetStaff", get_staff);
  rpc.query("GetAgency", get_agency);
  rpc.command("CreateKey", create_key);
  rpc.command("RevokeKey", revoke_key);
  rpc.query("ExchangeKey", [&tokens](sql::Transaction& transaction, const ExchangeKey& query) {
    return exchange_key(transaction, query, tokens);
  });
}

}  // namespace holdfast::accounts
