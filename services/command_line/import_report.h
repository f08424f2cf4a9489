#pragma once

#include <string>

#include "command_line/session.h"
#include "holdfast/accounts/v1/imports.pb.h"
#include "runtime/rpc/client.h"

namespace holdfast::command_line {

// Where the rejected rows went, and how many of them there are.
struct RejectsFile {
  std::string path;  // empty when nothing was rejected
};

// Writes the rejected rows to the file; nothing when there are none.
Result<RejectsFile> write_rejects(const rpc::Client& client, const accounts::v1::Import& import,
                                  const std::string& path);

// For people: totals a sheet, what was warned about, what to do next. For programs: with `rows` a line a row, then the
// totals.
Result<> report_import(Session& session, const rpc::Client& client, const accounts::v1::Import& import,
                       const RejectsFile& rejects);

}  // namespace holdfast::command_line
