#include "accounts/app/imports.h"
#include "accounts/app/spooled_files.h"
#include "accounts/import/propose.h"

namespace holdfast::accounts {

Result<ProposedMapping> propose_mapping(sql::Transaction& transaction, const ProposeMapping& query) {
  const auto import = TRY(get_import(transaction, {query.id}));
  CHECK_OK(check_complete(import.state, import.files));
  const auto files = TRY(SpooledFiles::fetch(transaction, query.id, import.files));
  const auto tables = TRY(files.open(nullptr));
  const auto mapping = TRY(import_book::propose(tables, query.include_hidden_sheets));
  return ProposedMapping{import_book::write_mapping(mapping)};
}

}  // namespace holdfast::accounts
