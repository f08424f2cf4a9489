#include "accounts/rpc/imports.h"

namespace holdfast::accounts {
namespace {

template <class Command>
auto at_desk(Result<Import> (*verb)(events::UnitOfWork&, const Command&, const ImportDesk&), const ImportDesk& desk) {
  return [verb, &desk](events::UnitOfWork& work, const Command& command) { return verb(work, command, desk); };
}

}  // namespace

void serve_imports(command::Commands& rpc, const ImportDesk& desk) {
  rpc.command("CreateImport", at_desk(create_import, desk));
  rpc.command("AppendImport", at_desk(append_import, desk));
  rpc.command("StartImport", at_desk(start_import, desk));
  rpc.query("ProposeMapping", propose_mapping);
  rpc.query("GetImport", get_import);
  rpc.query("ListImportRows", list_import_rows);
  rpc.query("GetImportRejects", get_import_rejects);
}

}  // namespace holdfast::accounts
