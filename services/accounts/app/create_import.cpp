#include "accounts/app/imports.h"
#include "accounts/store/imports.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {

Result<Import> create_import(events::UnitOfWork& work, const CreateImport& command, const ImportDesk& desk) {
  const auto files = TRY(check_files(command.files));
  work.transaction.defer(statements::take_turns_importing, work.agency());
  const auto open = TRY(work.transaction.one<std::int64_t>(statements::count_open_imports, work.agency()));
  if (open >= max_open_imports)
    return fail(Reason::limit_reached, std::to_string(open) + " imports of this agency are not over yet");
  const auto id = command.id.value_or(new_id<ImportId>(work.now));
  std::vector<std::string> names;
  std::vector<std::int32_t> sizes;
  for (const auto& file : files) {
    names.push_back(file.name);
    sizes.push_back(file.size_bytes);
  }
  CHECK_OK(work.transaction.exec(statements::insert_import, work.agency(), id, work.call().who.id, work.now));
  work.transaction.defer(statements::insert_import_files, work.agency(), id, names, sizes);
  timers::Timers::set(work, import_timer, id.uuid, desk.system_clock.now() + upload_patience);
  return get_import(work.transaction, {id});
}

}  // namespace holdfast::accounts
