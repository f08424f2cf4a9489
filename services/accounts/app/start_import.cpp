#include "accounts/app/imports.h"
#include "accounts/domain/agency.h"
#include "accounts/import/mapping.h"
#include "accounts/store/agencies.sql.h"
#include "accounts/store/imports.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {
namespace {

// Who answers for accounts whose book names nobody.
Result<StaffId> owner_of(events::UnitOfWork& work, const std::optional<StaffId>& asked_for) {
  if (!asked_for) {
    const auto first = TRY(work.transaction.maybe<StaffId>(statements::first_staff, work.agency()));
    if (!first) return fail(Reason::staff_not_found, "owner_id", "the agency has no staff");
    return *first;
  }
  const auto staff = TRY(work.transaction.maybe<Staff>(statements::load_staff, *asked_for));
  if (!staff) {
    return fail(Reason::staff_not_found, "owner_id", "there is no member of staff " + to_string(*asked_for));
  }
  return staff->id;
}

Result<> check_mapping(const std::string& json) {
  if (json.empty()) return {};
  const auto mapping = import_book::read_mapping(json);
  if (!mapping) return fail(mapping.error().reason, "mapping_json", mapping.error().message);
  return {};
}

}  // namespace

Result<Import> start_import(events::UnitOfWork& work, const StartImport& command, const ImportDesk& desk) {
  const auto job = TRY(lock_import(work, command.id));
  const auto import = TRY(load_whole(work.transaction, job));
  CHECK_OK(check_complete(job.state, import.files));
  CHECK_OK(check_mapping(command.mapping_json));
  const auto owner = TRY(owner_of(work, command.owner_id));
  work.transaction.defer(statements::start_import, command.id, command.mapping_json, command.dry_run,
                         command.include_hidden_sheets, owner);
  timers::Timers::set(work, import_timer, command.id.uuid, desk.system_clock.now());
  work.hints.push_back(desk.wake);
  return get_import(work.transaction, {command.id});
}

}  // namespace holdfast::accounts
