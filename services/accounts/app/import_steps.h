#pragma once

#include <functional>

#include "accounts/app/contracts_port.h"
#include "accounts/app/imports.h"

// What is done with an import once it was started, a step at a time. Each step leaves a state from which anybody can
// go on: whoever dies between two steps, or within one, has done nothing of the next.
namespace holdfast::accounts {

// How long whoever works on an import may not be heard of before another process goes on with it.
inline constexpr std::chrono::seconds import_lease{15};
// Beginnings and failures in a row after which an import has failed.
inline constexpr std::int32_t max_import_attempts = 5;

struct ImportWorkshop {
  events::Transactor& transactor;
  const Clock& system_clock;
  ContractsPort contracts;
};

enum class StepOutcome { goes_on, over };

// Does the next step of an import: reads its files and stages what they say, or applies a chunk, or ends it. `goes_on`
// is asked now and then while files are read; when it says no, the step is given up (CANCELLED). Blocks: on the
// database, on contracts, and while files are read. Any thread; two that do the same step at once do it once.
Result<StepOutcome> import_step(const ImportWorkshop& workshop, const Call& call, const ImportId& id,
                                const std::function<bool()>& goes_on);

// The step that failed by a fault that repeating does not mend: after a few of them the import has failed.
Result<> note_failed_step(const ImportWorkshop& workshop, const Call& call, const ImportId& id, const Error& error);

// Nobody goes on with the import until so much later, unless it is who holds it now.
Result<> postpone_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id, Duration by);

// What the timer does with an import that nobody works on: whether there is work. An upload that was left alone, or
// what was finished long ago, is forgotten.
Result<bool> import_is_due(events::UnitOfWork& work, const ImportId& id);

// The parts of import_step.
Result<> interpret_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id,
                          const std::function<bool()>& goes_on);
Result<> apply_import_chunk(const ImportWorkshop& workshop, const Call& call, const ImportId& id);
Result<> finish_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id);

// What the steps read of the job beside its state.
struct StartedImport {
  std::string mapping_json;
  StaffId owner_id;
  bool include_hidden_sheets = false;
  bool dry_run = false;
};

}  // namespace holdfast::accounts

template <>
struct holdfast::Fields<holdfast::accounts::StartedImport> {
  using T = accounts::StartedImport;
  static constexpr auto list =
      FieldList{Field{"mapping_json", &T::mapping_json}, Field{"owner_id", &T::owner_id},
                Field{"include_hidden_sheets", &T::include_hidden_sheets}, Field{"dry_run", &T::dry_run}};
};
