#include "contracts/app/fingerprints.h"

#include "contracts/store/imports.sql.h"

namespace holdfast::contracts {

struct Fingerprint {
  Uuid id;
  Uuid fingerprint;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::Fingerprint> {
  using T = contracts::Fingerprint;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"fingerprint", &T::fingerprint}};
};

namespace holdfast::contracts {

Result<std::map<Uuid, Uuid>> fingerprints_of(events::UnitOfWork& work, const std::vector<Uuid>& ids) {
  const auto rows = TRY((work.transaction.many<Fingerprint>(statements::fingerprints, work.agency(), ids)));
  std::map<Uuid, Uuid> fingerprints;
  for (const auto& row : rows) fingerprints.emplace(row.id, row.fingerprint);
  return fingerprints;
}

void keep_fingerprint(events::UnitOfWork& work, const Uuid& id, const Uuid& fingerprint) {
  work.transaction.defer(statements::keep_fingerprint, work.agency(), id, fingerprint);
}

}  // namespace holdfast::contracts
