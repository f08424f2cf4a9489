#pragma once

#include <memory>
#include <optional>

#include "accounts/app/agencies.h"
#include "accounts/app/imports.h"
#include "accounts/importing/import_worker.h"
#include "runtime/app/service.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::accounts {

class Accounts : public app::Service {
 public:
  explicit Accounts(app::Process& process);
  ~Accounts() override { stop(); }

 private:
  Result<> add() override;
  void remove() override;
  Result<> add_imports();

  std::optional<TokenMaker> tokens_;
  std::optional<secrets::KeyRing> keys_;
  std::optional<rpc::Client> contracts_;
  std::optional<ImportDesk> import_desk_;
  std::unique_ptr<ImportWorker> import_worker_;
};

}  // namespace holdfast::accounts
