#pragma once

#include <functional>
#include <optional>
#include <string>

#include "accounts/app/lookup.h"
#include "runtime/rpc/service.h"
#include "runtime/sql/database.h"

namespace holdfast::accounts::v1 {
class GetOutageCardRequest;
class LookUpRequest;
class LookUpResponse;
}  // namespace holdfast::accounts::v1

namespace holdfast::accounts {

// holdfast.accounts.v1.LookupService. What both caches have near is answered on gRPC's own thread, from the bytes that
// they keep; all else on the executor: from Redis, or from PostgreSQL. Any thread; outlives the server.
class LookupAnswers {
 public:
  LookupAnswers(sql::Database& database, CardCache& cache, const Clock& business_clock)
      : database_(database), cache_(cache), clock_(business_clock) {}

  void serve(rpc::Service& service);

  // The serialised answers.
  Result<std::string> look_up(const Call& call, const v1::LookUpRequest& request);
  Result<std::string> get_card(const Call& call, const v1::GetOutageCardRequest& request);
  // The same from the near caches alone, without blocking; null when something is not there.
  rpc::StoredBytes recall_look_up(const Call& call, const v1::LookUpRequest& request);
  rpc::StoredBytes recall_card(const Call& call, const v1::GetOutageCardRequest& request);

 private:
  Result<Found> find(const Call& call, const LookupPlan& plan, std::optional<LookupKind> kind);
  Result<Found> find_exact(const Call& call, const std::string& key, const std::function<Result<Found>()>& load);
  Result<std::string> list(const Call& call, v1::LookUpResponse& response, const Found& found);
  // Nothing where there is no such place, or not of the kind asked for.
  Result<std::optional<std::string>> card(const Call& call, const Uuid& place, std::optional<bool> of_site);
  Result<std::optional<Uuid>> place_of(const Call& call, const v1::GetOutageCardRequest& request);
  std::optional<std::string> recall_place(AgencyId agency, const Uuid& place, std::optional<bool> of_site);

  sql::Database& database_;
  CardCache& cache_;
  const Clock& clock_;
};

}  // namespace holdfast::accounts
