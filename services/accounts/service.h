#pragma once

#include <memory>
#include <optional>

#include "accounts/app/agencies.h"
#include "accounts/app/card_cache.h"
#include "accounts/app/imports.h"
#include "accounts/importing/import_worker.h"
#include "accounts/rpc/lookup.h"
#include "runtime/app/service.h"
#include "runtime/cache/cache_settings.h"
#include "runtime/secrets/key_ring.h"

namespace holdfast::accounts {

class Accounts : public app::Service {
 public:
  explicit Accounts(app::Process& process);
  ~Accounts() override { stop(); }

 private:
  Result<> add() override;
  void take_back(events::OwnEvents& own) override;
  void keep_copies(events::Consumer& consumer) override;
  void request_remove() override;
  void remove() override;
  Result<> add_lookup();
  Result<> add_imports();

  cache::CacheSettings cache_settings_;
  std::optional<TokenMaker> tokens_;
  std::optional<secrets::KeyRing> keys_;
  std::optional<cache::RedisTier> redis_;
  std::optional<CardCache> cache_;
  std::optional<LookupAnswers> lookup_;
  std::optional<rpc::Client> contracts_;
  std::optional<ImportDesk> import_desk_;
  std::unique_ptr<ImportWorker> import_worker_;
};

}  // namespace holdfast::accounts
