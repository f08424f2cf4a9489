#pragma once

#include <string>
#include <vector>

#include "command_line/progress.h"
#include "holdfast/accounts/v1/imports.pb.h"
#include "runtime/rpc/client.h"

namespace holdfast::command_line {

// A file of a book, read whole: at most 64 MiB of all of them.
struct BookFile {
  std::string name;
  std::string bytes;
};

// The files of one book: those that are named, and the workbooks and delimited files of folders, by name.
Result<std::vector<BookFile>> read_book(const std::vector<std::string>& paths);

// What an import is besides its files; the same book with the same answers here is the same import while it is not
// over.
struct ImportTerms {
  std::string mapping_json;
  std::string owner_id;
  bool dry_run = false;
  bool hidden_sheets = false;
  bool proposes_only = false;
};

// The import of this book on the server, with all its bytes: one that an interrupted run has begun is gone on with. Its
// id is made of the book and the terms, so nothing has to be remembered here.
Result<accounts::v1::Import> upload_book(const rpc::Client& client, const std::vector<BookFile>& files,
                                         const ImportTerms& terms, Progress& progress);

Result<accounts::v1::Import> start_import(const rpc::Client& client, const std::string& id, const ImportTerms& terms);

// Waits until the import is over, also while the server is away for a minute.
Result<accounts::v1::Import> wait_for_import(const rpc::Client& client, const std::string& id, Progress& progress);

}  // namespace holdfast::command_line
