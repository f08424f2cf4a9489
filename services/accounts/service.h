#pragma once

#include <optional>

#include "accounts/app/agencies.h"
#include "runtime/app/service.h"

namespace holdfast::accounts {

class Accounts : public app::Service {
 public:
  explicit Accounts(app::Process& process);

 private:
  Result<> add() override;

  std::optional<TokenMaker> tokens_;
};

}  // namespace holdfast::accounts
