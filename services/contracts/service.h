#pragma once

#include <optional>

#include "contracts/rpc/accounts_owner.h"
#include "runtime/app/service.h"

namespace holdfast::contracts {

class Contracts : public app::Service {
 public:
  explicit Contracts(app::Process& process);

 private:
  Result<> add() override;
  void take_back(events::OwnEvents& own) override;
  void keep_copies(events::Consumer& consumer) override;
  Result<> settle(const Call& call) override;

  std::optional<AccountsOwner> accounts_;
};

}  // namespace holdfast::contracts
