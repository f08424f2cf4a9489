#include <utility>

#include "accounts/app/apply_contracts.h"
#include "accounts/app/chunk.h"
#include "accounts/app/import_steps.h"
#include "accounts/store/import_matches.sql.h"
#include "accounts/store/import_work.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {
namespace {

// Where an import stands, and what comes next.
struct Next {
  ImportJob job;
  StartedImport order;
  std::vector<StagedRecord> records;
};

Result<Next> next_of(sql::Transaction& transaction, ImportJob job) {
  auto order = TRY(transaction.one<StartedImport>(statements::load_work, job.id));
  auto records = TRY(transaction.many<StagedRecord>(statements::next_records, job.id, job.records_done));
  if (records.empty()) return fail(Reason::internal, "the staged records of an import are not there");
  return Next{std::move(job), std::move(order), std::move(records)};
}

// Nothing when somebody else has done it all.
Result<std::optional<Next>> peek(const ImportWorkshop& workshop, const Call& call, const ImportId& id) {
  using Found = std::optional<Next>;
  return workshop.transactor.database().read(call, [&](sql::Transaction& transaction) -> Result<Found> {
    auto job = TRY(transaction.maybe<ImportJob>(statements::load_applying, id));
    if (!job) return Found();
    auto next = TRY(next_of(transaction, *std::move(job)));
    return Found(std::move(next));
  });
}

Result<> apply(Chunk& chunk) {
  switch (chunk.records.front().kind) {
    case RecordKind::carrier:
      return apply_carriers(chunk);
    case RecordKind::account:
      return apply_accounts(chunk);
    case RecordKind::location:
      return apply_locations(chunk);
    case RecordKind::contact:
      return apply_contacts(chunk);
    case RecordKind::carrier_contact:
      return apply_carrier_contacts(chunk);
    case RecordKind::carrier_account:
      return apply_carrier_accounts(chunk);
    case RecordKind::product:
      return apply_products(chunk);
    case RecordKind::contract:
    case RecordKind::order:
      break;
  }
  return fail(Reason::internal, "contracts and orders are not applied here");
}

// Applies `settle(chunk)` to what stands behind the cursor, unless somebody else has moved it.
template <class Settle>
Result<> in_turn(const ImportWorkshop& workshop, const Call& call, const ImportId& id,
                 std::optional<std::int32_t> expected, Settle settle) {
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    auto job = TRY(lock_import(work, id));
    const bool moved = expected && job.records_done != *expected;
    if (job.state != ImportState::applying || job.records_done >= job.records || moved) return {};
    work.transaction.defer(statements::look_by_index);
    auto next = TRY(next_of(work.transaction, std::move(job)));
    if (!expected && is_of_contracts(next.records.front().kind)) return {};
    Chunk chunk(work, id, next.order.dry_run, next.order.owner_id, std::move(next.records));
    CHECK_OK(settle(chunk));
    CHECK_OK(chunk.leave());
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + import_lease);
    return {};
  });
}

}  // namespace

Result<> apply_import_chunk(const ImportWorkshop& workshop, const Call& call, const ImportId& id) {
  const auto kind = TRY(workshop.transactor.database().transact(call, [&](sql::Transaction& transaction) {
    transaction.defer(statements::count_growing_book);
    return transaction.maybe<RecordKind>(statements::next_kind, id);
  }));
  if (!kind || !is_of_contracts(*kind)) return in_turn(workshop, call, id, std::nullopt, apply);
  const auto found = TRY(peek(workshop, call, id));
  if (!found) return {};
  const auto& next = *found;
  // The other service is asked in no transaction, under a name that makes asking again harmless; what it said is
  // written down only if nobody else has done so meanwhile.
  const auto answered = TRY(ask_contracts(workshop, call, next.job, next.order, next.records));
  return in_turn(workshop, call, id, next.job.records_done,
                 [&](Chunk& chunk) { return settle_answered(chunk, answered); });
}

}  // namespace holdfast::accounts
