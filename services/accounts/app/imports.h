#pragma once

#include <functional>
#include <string>

#include "accounts/domain/import.h"
#include "runtime/core/clock.h"
#include "runtime/events/unit_of_work.h"

// The verbs of imports, each in a file of its own. What is done with the files once an import was started is in
// import_steps.h.
namespace holdfast::accounts {

// The timer of an import, by the system's clock: its subject is the import. It fires when there is work to do, when
// whoever does it has not been heard of, when an upload was left alone, and when a finished import is to be forgotten.
inline constexpr std::string_view import_timer = "accounts.import";

inline constexpr std::chrono::hours upload_patience{24};
inline constexpr std::chrono::hours finished_import_kept{90 * 24};

// What the verbs need beside the database.
struct ImportDesk {
  const Clock& system_clock;
  std::function<void()> wake;  // the timers, once something is due
};

struct GetImport {
  ImportId id;
};

struct ProposeMapping {
  ImportId id;
  bool include_hidden_sheets = false;
};
struct ProposedMapping {
  std::string mapping_json;
};

struct ListImportRows {
  ImportId id;
  std::optional<RowVerdict> verdict;
  bool with_warnings = false;
  std::string sheet;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct ImportRowList {
  std::vector<ImportRow> rows;
  std::string next_page_token;
};

struct GetImportRejects {
  ImportId id;
  std::string page_token;
};
struct ImportRejects {
  std::string csv;
  std::string next_page_token;
};

Result<Import> create_import(events::UnitOfWork& work, const CreateImport& command, const ImportDesk& desk);
Result<Import> append_import(events::UnitOfWork& work, const AppendImport& command, const ImportDesk& desk);
Result<Import> start_import(events::UnitOfWork& work, const StartImport& command, const ImportDesk& desk);

Result<ProposedMapping> propose_mapping(sql::Transaction& transaction, const ProposeMapping& query);
Result<Import> get_import(sql::Transaction& transaction, const GetImport& query);
Result<ImportRowList> list_import_rows(sql::Transaction& transaction, const ListImportRows& query);
Result<ImportRejects> get_import_rejects(sql::Transaction& transaction, const GetImportRejects& query);

// The job's row, held until the commit.
Result<ImportJob> lock_import(events::UnitOfWork& work, const ImportId& id);
// With files and sheets as they are now.
Result<Import> load_whole(sql::Transaction& transaction, const ImportJob& job);

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::GetImport> {
  static constexpr auto list = FieldList{Field{"id", &accounts::GetImport::id}};
};

template <>
struct Fields<accounts::ProposeMapping> {
  using T = accounts::ProposeMapping;
  static constexpr auto list =
      FieldList{Field{"id", &T::id}, Field{"include_hidden_sheets", &T::include_hidden_sheets}};
};

template <>
struct Fields<accounts::ProposedMapping> {
  static constexpr auto list = FieldList{Field{"mapping_json", &accounts::ProposedMapping::mapping_json}};
};

template <>
struct Fields<accounts::ListImportRows> {
  using T = accounts::ListImportRows;
  static constexpr auto list =
      FieldList{Field{"id", &T::id},       Field{"verdict", &T::verdict},     Field{"with_warnings", &T::with_warnings},
                Field{"sheet", &T::sheet}, Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::ImportRowList> {
  using T = accounts::ImportRowList;
  static constexpr auto list = FieldList{Field{"rows", &T::rows}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<accounts::GetImportRejects> {
  using T = accounts::GetImportRejects;
  static constexpr auto list = FieldList{Field{"id", &T::id}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<accounts::ImportRejects> {
  using T = accounts::ImportRejects;
  static constexpr auto list = FieldList{Field{"csv", &T::csv}, Field{"next_page_token", &T::next_page_token}};
};

}  // namespace holdfast
