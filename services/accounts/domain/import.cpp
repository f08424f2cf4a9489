#include "accounts/domain/import.h"

#include <algorithm>

#include "runtime/core/limits.h"

namespace holdfast::accounts {
namespace {

std::string path_of(size_t file, const char* field) { return "files[" + std::to_string(file) + "]." + field; }

Result<> check_name(const std::string& name, const std::string& path) {
  if (name.empty()) return fail(Reason::field_required, path, "a file has a name");
  if (name.size() > max_file_name_bytes) return too_long(path, max_file_name_bytes);
  if (name.find('/') != std::string::npos) return fail(Reason::field_invalid, path, "is given without its folder");
  return {};
}

Error out_of_range(const char* field, const std::string& what) { return fail(Reason::field_out_of_range, field, what); }

}  // namespace

Import whole(const ImportJob& job, std::vector<ImportFile> files, std::vector<ImportSheet> sheets) {
  Import import{.id = job.id,
                .files = std::move(files),
                .state = job.state,
                .dry_run = job.dry_run,
                .include_hidden_sheets = job.include_hidden_sheets,
                .created_by = job.created_by,
                .created_at = job.created_at,
                .finished_at = job.finished_at,
                .records = job.records,
                .records_done = job.records_done,
                .sheets = std::move(sheets),
                .failure = job.failure,
                .version = job.version};
  for (const auto& sheet : import.sheets) {
    import.rows_read += sheet.rows_read;
    import.created += sheet.created;
    import.updated += sheet.updated;
    import.unchanged += sheet.unchanged;
    import.rejected += sheet.rejected;
    import.warnings += sheet.warnings;
  }
  if (const auto reason = import.failure ? reason_from_upper(import.failure->reason) : std::nullopt) {
    import.failure->remedy = info(*reason).remedy;
  }
  return import;
}

Result<std::vector<ImportFile>> check_files(std::vector<ImportFile> files) {
  if (files.empty()) return fail(Reason::field_required, "files", "there is nothing to import");
  if (files.size() > max_import_files) return too_many("files", max_import_files, "files");
  std::int64_t total = 0;
  for (size_t at = 0; at < files.size(); ++at) {
    auto& file = files[at];
    CHECK_OK(check_name(file.name, path_of(at, "name")));
    if (file.size_bytes < 1) return fail(Reason::field_out_of_range, path_of(at, "size_bytes"), "is below 1");
    const auto same = [&](const ImportFile& other) { return other.name == file.name; };
    if (std::any_of(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(at), same)) {
      return fail(Reason::already_exists, path_of(at, "name"), "is the name of an earlier file");
    }
    file.received_bytes = 0;
    total += file.size_bytes;
  }
  if (total > max_import_bytes)
    return fail(Reason::file_too_large, "files", "they exceed " + bytes_text(max_import_bytes) + " together");
  return files;
}

Result<size_t> repeated_bytes(const AppendImport& piece, ImportState state, const std::vector<ImportFile>& files) {
  if (state != ImportState::uploading) {
    return fail(Reason::illegal_transition, "id", "the import is " + std::string(to_string(state)) + " already");
  }
  if (piece.file < 0 || static_cast<size_t>(piece.file) >= files.size()) {
    return out_of_range("file", "the import has " + std::to_string(files.size()) + " files, counted from 0");
  }
  if (piece.data.empty() || piece.data.size() > max_import_piece_bytes) {
    return out_of_range("data", "holds 1 byte to " + bytes_text(max_import_piece_bytes));
  }
  const auto& file = files[static_cast<size_t>(piece.file)];
  if (piece.offset < 0 || piece.offset > file.received_bytes) {
    return out_of_range("offset", "the file goes on at " + std::to_string(file.received_bytes));
  }
  const auto end = std::int64_t{piece.offset} + static_cast<std::int64_t>(piece.data.size());
  if (end > file.size_bytes) {
    return out_of_range("data", "the file was said to have " + std::to_string(file.size_bytes) + " bytes");
  }
  return std::min(piece.data.size(), static_cast<size_t>(file.received_bytes - piece.offset));
}

Result<> check_complete(ImportState state, const std::vector<ImportFile>& files) {
  if (state != ImportState::uploading) {
    return fail(Reason::illegal_transition, "id", "the import is " + std::string(to_string(state)) + " already");
  }
  for (const auto& file : files) {
    if (file.received_bytes == file.size_bytes) continue;
    return fail(Reason::illegal_transition, "id", "bytes of " + file.name + " are missing");
  }
  return {};
}

}  // namespace holdfast::accounts
