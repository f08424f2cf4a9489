#include "accounts/rpc/accounts.h"

#include "accounts/app/accounts.h"

namespace holdfast::accounts {

void serve_accounts(command::Commands& rpc) {
  rpc.command("CreateAccount", create_account);
  rpc.query("GetAccount", get_account);
  rpc.command("AddLocation", add_location);
  rpc.command("AddContact", add_contact);
  rpc.query("DescribeAccount", describe_account);
}

}  // namespace holdfast::accounts
