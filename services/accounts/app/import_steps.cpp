#include "accounts/app/import_steps.h"

#include "accounts/store/import_work.sql.h"
#include "accounts/store/imports.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {

Result<StepOutcome> import_step(const ImportWorkshop& workshop, const Call& call, const ImportId& id,
                                const std::function<bool()>& goes_on) {
  const auto job = TRY(workshop.transactor.database().read(
      call, [&](sql::Transaction& transaction) { return transaction.maybe<ImportJob>(statements::load_import, id); }));
  if (!job) return StepOutcome::over;  // forgotten
  if (job->state == ImportState::interpreting) {
    CHECK_OK(interpret_import(workshop, call, id, goes_on));
    return StepOutcome::goes_on;
  }
  if (job->state != ImportState::applying) return StepOutcome::over;
  if (job->records_done < job->records) {
    CHECK_OK(apply_import_chunk(workshop, call, id));
    return StepOutcome::goes_on;
  }
  CHECK_OK(finish_import(workshop, call, id));
  return StepOutcome::over;
}

Result<> note_failed_step(const ImportWorkshop& workshop, const Call& call, const ImportId& id, const Error& error) {
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    const auto attempts = TRY(work.transaction.maybe<std::int32_t>(statements::count_failure, id));
    if (!attempts || *attempts < max_import_attempts) return {};
    work.transaction.defer(statements::fail_import, id, info(error.reason).upper, error.message, work.now);
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + finished_import_kept);
    return {};
  });
}

Result<> postpone_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id, Duration by) {
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + by);
    return {};
  });
}

Result<bool> import_is_due(events::UnitOfWork& work, const ImportId& id) {
  const auto job = TRY(work.transaction.maybe<ImportJob>(statements::load_import, id));
  if (!job) return false;
  if (job->state == ImportState::interpreting || job->state == ImportState::applying) return true;
  work.transaction.defer(statements::forget_import, id);
  return false;
}

Result<> finish_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id) {
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    const auto job = TRY(lock_import(work, id));
    if (job.state != ImportState::applying || job.records_done < job.records) return {};
    work.transaction.defer(statements::prefer_hash_joins);
    work.transaction.defer(statements::settle_rows, id);
    work.transaction.defer(statements::settle_sheets, id);
    work.transaction.defer(statements::drop_chunks, id);
    work.transaction.defer(statements::drop_pieces, id);
    work.transaction.defer(statements::finish_import, id, work.now);
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + finished_import_kept);
    return {};
  });
}

}  // namespace holdfast::accounts
