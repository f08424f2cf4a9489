#include "accounts/app/imports.h"
#include "accounts/store/imports.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {

Result<Import> append_import(events::UnitOfWork& work, const AppendImport& command, const ImportDesk& desk) {
  const auto job = TRY(lock_import(work, command.id));
  const auto import = TRY(load_whole(work.transaction, job));
  const auto repeated = TRY(repeated_bytes(command, job.state, import.files));
  if (repeated == command.data.size()) return import;
  const auto begins_at = command.offset + static_cast<std::int32_t>(repeated);
  const auto received = static_cast<std::int32_t>(command.data.size() - repeated);
  work.transaction.defer(statements::insert_piece, work.agency(), command.id, command.file, begins_at,
                         sql::Bytes{command.data.substr(repeated)});
  work.transaction.defer(statements::count_received, command.id, command.file, received);
  timers::Timers::set(work, import_timer, command.id.uuid, desk.system_clock.now() + upload_patience);
  return load_whole(work.transaction, job);
}

}  // namespace holdfast::accounts
