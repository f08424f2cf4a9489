#include "accounts/rpc/products.h"

#include "accounts/app/products.h"

namespace holdfast::accounts {

using events::UnitOfWork;

void serve_products(command::Commands& rpc, const secrets::KeyRing& keys) {
  rpc.command("AddProduct", add_product);
  rpc.query("GetProduct", get_product);
  rpc.query("ListProducts", list_products);
  rpc.command("ChangeProduct", change_product);
  rpc.command("TerminateProduct", terminate_product);
  rpc.command("SetVerification", [&keys](UnitOfWork& work, const SetVerification& command) {
    return set_verification(work, command, keys);
  });
  rpc.query("ListVerifications", list_verifications);
  rpc.command("RevealVerification", [&keys](UnitOfWork& work, const RevealVerification& command) {
    return reveal_verification(work, command, keys);
  });
}

}  // namespace holdfast::accounts
