#include "accounts/app/imports.h"
#include "accounts/store/imports.sql.h"

namespace holdfast::accounts {
namespace {

Error not_found(const ImportId& id) {
  return fail(Reason::import_not_found, "id", "there is no import " + to_string(id));
}

}  // namespace

Result<ImportJob> lock_import(events::UnitOfWork& work, const ImportId& id) {
  auto job = TRY(work.transaction.maybe<ImportJob>(statements::lock_import, id));
  if (!job) return not_found(id);
  return *std::move(job);
}

Result<Import> load_whole(sql::Transaction& transaction, const ImportJob& job) {
  auto files = TRY(transaction.many<ImportFile>(statements::load_import_files, job.id));
  auto sheets = TRY(transaction.many<ImportSheet>(statements::load_import_sheets, job.id));
  return whole(job, std::move(files), std::move(sheets));
}

Result<Import> get_import(sql::Transaction& transaction, const GetImport& query) {
  const auto job = TRY(transaction.maybe<ImportJob>(statements::load_import, query.id));
  if (!job) return not_found(query.id);
  return load_whole(transaction, *job);
}

}  // namespace holdfast::accounts
