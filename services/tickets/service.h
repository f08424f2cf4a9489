#pragma once

#include <optional>

#include "runtime/app/service.h"
#include "tickets/rpc/accounts_owner.h"

namespace holdfast::tickets {

class Tickets : public app::Service {
 public:
  explicit Tickets(app::Process& process);

 private:
  Result<> add() override;
  void take_back(events::OwnEvents& own) override;
  void keep_copies(events::Consumer& consumer) override;

  std::optional<AccountsOwner> accounts_;
  std::optional<StaffOwner> staff_;
};

}  // namespace holdfast::tickets
