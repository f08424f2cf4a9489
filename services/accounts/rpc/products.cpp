#include "accounts/rpc/products.h"

#include "accounts/app/drop_cards.h"
#include "accounts/app/products.h"

namespace holdfast::accounts {

using events::UnitOfWork;

void serve_products(command::Commands& rpc, const secrets::KeyRing& keys, CardCache& cache) {
  rpc.command("AddProduct", dropping(cache, add_product));
  rpc.query("GetProduct", get_product);
  rpc.query("ListProducts", list_products);
  rpc.command("ChangeProduct", dropping(cache, change_product));
  rpc.command("TerminateProduct", dropping(cache, terminate_product));
  rpc.command("SetVerification",
              [&keys, &cache](UnitOfWork& work, const SetVerification& command) -> Result<ShownVerification> {
                auto shown = TRY(set_verification(work, command, keys));
                const auto subject = TRY(subject_of(command.carrier_account_id, command.product_id));
                CHECK_OK(drop_cards_of_subject(work, subject, cache));  // no event tells of it
                return shown;
              });
  rpc.query("ListVerifications", list_verifications);
  rpc.command("RevealVerification", [&keys](UnitOfWork& work, const RevealVerification& command) {
    return reveal_verification(work, command, keys);
  });
}

}  // namespace holdfast::accounts
