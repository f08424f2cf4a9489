#pragma once

#include <optional>

#include "accounts/app/agencies.h"
#include "runtime/app/service.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::accounts {

class Accounts : public app::Service {
 public:
  explicit Accounts(app::Process& process);

 private:
  Result<> add() override;

  std::optional<TokenMaker> tokens_;
  std::optional<secrets::KeyRing> keys_;
};

}  // namespace holdfast::accounts
