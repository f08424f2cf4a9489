#include "accounts/rpc/carriers.h"

#include "accounts/app/carriers.h"
#include "accounts/app/drop_cards.h"

namespace holdfast::accounts {

void serve_carriers(command::Commands& rpc, CardCache& cache) {
  rpc.command("CreateCarrier", dropping(cache, create_carrier));
  rpc.query("GetCarrier", get_carrier);
  rpc.query("ListCarriers", list_carriers);
  rpc.command("ChangeCarrier", dropping(cache, change_carrier));
  rpc.command("AddCarrierContact", dropping(cache, add_carrier_contact));
  rpc.command("ChangeCarrierContact", dropping(cache, change_carrier_contact));
  rpc.command("RemoveCarrierContact", dropping(cache, remove_carrier_contact));
  rpc.query("ListCarrierContacts", list_carrier_contacts);
  rpc.command("AddCarrierAccount", dropping(cache, add_carrier_account));
  rpc.query("ListCarrierAccounts", list_carrier_accounts);
}

}  // namespace holdfast::accounts
