#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/domain/ids.h"
#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"

// An agency's book on its way in, as a job: what may be asked of it, and what it answers.
namespace holdfast::accounts {

using ImportId = Id<struct ImportTag>;

enum class ImportState { uploading, interpreting, applying, done, failed };
enum class RowVerdict { created, updated, unchanged, rejected };

inline constexpr size_t max_import_files = 20;
inline constexpr std::int64_t max_import_bytes = std::int64_t{64} << 20;  // of all files of an import together
inline constexpr size_t max_import_piece_bytes = size_t{1} << 20;
inline constexpr size_t max_file_name_bytes = 255;
inline constexpr std::int64_t max_open_imports = 20;  // of an agency
// Records that are applied in one transaction.
inline constexpr std::int32_t import_chunk_records = 1'000;

struct ImportFile {
  std::string name;
  std::int32_t size_bytes = 0;
  std::int32_t received_bytes = 0;

  bool operator==(const ImportFile&) const = default;
};

struct ImportSheet {
  std::string name;
  std::string file;
  bool ignored = false;
  std::string why_ignored;
  std::int32_t header_row = 0;
  std::int32_t rows_read = 0, created = 0, updated = 0, unchanged = 0, rejected = 0;
  std::int32_t warnings = 0;

  bool operator==(const ImportSheet&) const = default;
};

struct ImportFailure {
  std::string reason;
  std::string message;
  std::string remedy;

  bool operator==(const ImportFailure&) const = default;
};

// The job itself, without what it holds.
struct ImportJob {
  ImportId id;
  ImportState state{};
  bool dry_run = false;
  bool include_hidden_sheets = false;
  std::string created_by;
  Instant created_at;
  std::optional<Instant> finished_at;
  std::int32_t records = 0;
  std::int32_t records_done = 0;
  std::optional<ImportFailure> failure;
  std::int64_t version = 0;
};

struct Import {
  ImportId id;
  std::vector<ImportFile> files;
  ImportState state{};
  bool dry_run = false;
  bool include_hidden_sheets = false;
  std::string created_by;
  Instant created_at;
  std::optional<Instant> finished_at;
  std::int32_t records = 0;
  std::int32_t records_done = 0;
  std::int32_t rows_read = 0, created = 0, updated = 0, unchanged = 0, rejected = 0;
  std::int32_t warnings = 0;
  std::vector<ImportSheet> sheets;
  std::optional<ImportFailure> failure;
  std::int64_t version = 0;
};

struct CreateImport {
  std::optional<ImportId> id;
  std::vector<ImportFile> files;
};

struct AppendImport {
  ImportId id;
  std::int32_t file = 0;
  std::int32_t offset = 0;
  std::string data;
};

struct StartImport {
  ImportId id;
  std::string mapping_json;
  bool dry_run = false;
  bool include_hidden_sheets = false;
  std::optional<StaffId> owner_id;
};

struct ImportFinding {
  bool rejects = false;
  std::string reason;
  std::string column;
  std::string value;
  std::string message;
  std::int32_t first_row = 0;
};

struct ImportRow {
  std::string sheet;
  std::string file;
  std::int32_t row = 0;
  RowVerdict verdict{};
  std::int32_t first_row = 0;
  std::vector<ImportFinding> findings;
};

// The job with its files and sheets, and their totals.
Import whole(const ImportJob& job, std::vector<ImportFile> files, std::vector<ImportSheet> sheets);

// The files that a new import may wait for, none of their bytes received.
Result<std::vector<ImportFile>> check_files(std::vector<ImportFile> files);

// How many of the bytes have come before, and are not stored again.
Result<size_t> repeated_bytes(const AppendImport& piece, ImportState state, const std::vector<ImportFile>& files);

// Whether all bytes are there and nothing is done with them yet.
Result<> check_complete(ImportState state, const std::vector<ImportFile>& files);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
inline constexpr auto enum_names<accounts::ImportState> =
    std::to_array<std::string_view>({"uploading", "interpreting", "applying", "done", "failed"});

template <>
inline constexpr auto enum_names<accounts::RowVerdict> = std::to_array<std::string_view>({"created", "updated",
                                                                                          "unchanged", "rejected"});

template <>
struct Fields<accounts::ImportFile> {
  using T = accounts::ImportFile;
  static constexpr auto list = FieldList{Field{"name", &T::name}, Field{"size_bytes", &T::size_bytes},
                                         Field{"received_bytes", &T::received_bytes}};
};

template <>
struct Fields<accounts::ImportSheet> {
  using T = accounts::ImportSheet;
  static constexpr auto list = FieldList{Field{"name", &T::name},
                                         Field{"file", &T::file},
                                         Field{"ignored", &T::ignored},
                                         Field{"why_ignored", &T::why_ignored},
                                         Field{"header_row", &T::header_row},
                                         Field{"rows_read", &T::rows_read},
                                         Field{"created", &T::created},
                                         Field{"updated", &T::updated},
                                         Field{"unchanged", &T::unchanged},
                                         Field{"rejected", &T::rejected},
                                         Field{"warnings", &T::warnings}};
};

template <>
struct Fields<accounts::ImportFailure> {
  using T = accounts::ImportFailure;
  static constexpr auto list =
      FieldList{Field{"reason", &T::reason}, Field{"message", &T::message}, Field{"remedy", &T::remedy}};
};

template <>
struct Fields<accounts::ImportJob> {
  using T = accounts::ImportJob;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"state", &T::state},
                                         Field{"dry_run", &T::dry_run},
                                         Field{"include_hidden_sheets", &T::include_hidden_sheets},
                                         Field{"created_by", &T::created_by},
                                         Field{"created_at", &T::created_at},
                                         Field{"finished_at", &T::finished_at},
                                         Field{"records", &T::records},
                                         Field{"records_done", &T::records_done},
                                         Field{"failure", &T::failure},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::Import> {
  using T = accounts::Import;
  static constexpr auto list = FieldList{Field{"id", &T::id},
                                         Field{"files", &T::files},
                                         Field{"state", &T::state},
                                         Field{"dry_run", &T::dry_run},
                                         Field{"include_hidden_sheets", &T::include_hidden_sheets},
                                         Field{"created_by", &T::created_by},
                                         Field{"created_at", &T::created_at},
                                         Field{"finished_at", &T::finished_at},
                                         Field{"records", &T::records},
                                         Field{"records_done", &T::records_done},
                                         Field{"rows_read", &T::rows_read},
                                         Field{"created", &T::created},
                                         Field{"updated", &T::updated},
                                         Field{"unchanged", &T::unchanged},
                                         Field{"rejected", &T::rejected},
                                         Field{"warnings", &T::warnings},
                                         Field{"sheets", &T::sheets},
                                         Field{"failure", &T::failure},
                                         Field{"version", &T::version}};
};

template <>
struct Fields<accounts::CreateImport> {
  using T = accounts::CreateImport;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"files", &T::files}};
};

template <>
struct Fields<accounts::AppendImport> {
  using T = accounts::AppendImport;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"file", &T::file}, Field{"offset", &T::offset}, Field{"data", &T::data}};
};

template <>
struct Fields<accounts::StartImport> {
  using T = accounts::StartImport;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"mapping_json", &T::mapping_json}, Field{"dry_run", &T::dry_run},
                Field{"include_hidden_sheets", &T::include_hidden_sheets}, Field{"owner_id", &T::owner_id}};
};

template <>
struct Fields<accounts::ImportFinding> {
  using T = accounts::ImportFinding;
  static constexpr auto list =
      FieldList{Field{"rejects", &T::rejects}, Field{"reason", &T::reason},   Field{"column", &T::column},
                Field{"value", &T::value},     Field{"message", &T::message}, Field{"first_row", &T::first_row}};
};

template <>
struct Fields<accounts::ImportRow> {
  using T = accounts::ImportRow;
  static constexpr auto list =
      FieldList{Field{"sheet", &T::sheet},     Field{"file", &T::file},           Field{"row", &T::row},
                Field{"verdict", &T::verdict}, Field{"first_row", &T::first_row}, Field{"findings", &T::findings}};
};

}  // namespace holdfast
