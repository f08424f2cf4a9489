#include "accounts/rpc/accounts.h"

#include "accounts/app/accounts.h"
#include "accounts/app/drop_cards.h"

namespace holdfast::accounts {

void serve_accounts(command::Commands& rpc, CardCache& cache) {
  rpc.command("CreateAccount", dropping(cache, create_account));
  rpc.query("GetAccount", get_account);
  rpc.query("ListAccounts", list_accounts);
  rpc.command("ChangeAccount", dropping(cache, change_account));
  rpc.command("AddLocation", dropping(cache, add_location));
  rpc.query("GetLocation", get_location);
  rpc.query("ListLocations", list_locations);
  rpc.command("ChangeLocation", dropping(cache, change_location));
  rpc.command("AddContact", dropping(cache, add_contact));
  rpc.query("GetContact", get_contact);
  rpc.query("ListContacts", list_contacts);
  rpc.command("ChangeContact", dropping(cache, change_contact));
  rpc.query("DescribeAccount", describe_account);
}

}  // namespace holdfast::accounts
