#include "accounts/rpc/accounts.h"

#include "accounts/app/accounts.h"

namespace holdfast::accounts {

void serve_accounts(command::Commands& rpc) {
  rpc.command("CreateAccount", create_account);
  rpc.query("GetAccount", get_account);
  rpc.query("ListAccounts", list_accounts);
  rpc.command("ChangeAccount", change_account);
  rpc.command("AddLocation", add_location);
  rpc.query("GetLocation", get_location);
  rpc.query("ListLocations", list_locations);
  rpc.command("ChangeLocation", change_location);
  rpc.command("AddContact", add_contact);
  rpc.query("GetContact", get_contact);
  rpc.query("ListContacts", list_contacts);
  rpc.command("ChangeContact", change_contact);
  rpc.query("DescribeAccount", describe_account);
}

}  // namespace holdfast::accounts
