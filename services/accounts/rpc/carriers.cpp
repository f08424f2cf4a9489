#include "accounts/rpc/carriers.h"

#include "accounts/app/carriers.h"

namespace holdfast::accounts {

void serve_carriers(command::Commands& rpc) {
  rpc.command("CreateCarrier", create_carrier);
  rpc.query("GetCarrier", get_carrier);
  rpc.query("ListCarriers", list_carriers);
  rpc.command("ChangeCarrier", change_carrier);
  rpc.command("AddCarrierContact", add_carrier_contact);
  rpc.command("ChangeCarrierContact", change_carrier_contact);
  rpc.command("RemoveCarrierContact", remove_carrier_contact);
  rpc.query("ListCarrierContacts", list_carrier_contacts);
  rpc.command("AddCarrierAccount", add_carrier_account);
  rpc.query("ListCarrierAccounts", list_carrier_accounts);
}

}  // namespace holdfast::accounts
