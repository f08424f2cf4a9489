#include "command_line/import_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "command_line/session.h"
#include "runtime/core/limits.h"
#include "runtime/core/uuid.h"

namespace holdfast::command_line {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

using accounts::v1::Import;

constexpr std::string_view service = "holdfast.accounts.v1.ImportService/";
constexpr size_t piece_bytes = 256 * 1024;
constexpr std::uintmax_t max_book_bytes = 64u << 20;
// How often one book may have been imported before.
constexpr int max_earlier_imports = 1'000;
constexpr auto look_every = 200ms;
// A server that is started anew is waited for.
constexpr auto absence_patience = 60s;

template <class Answer>
Result<Answer> call(const rpc::Client& client, std::string_view method, const google::protobuf::Message& request) {
  return client.call<Answer>(std::string(service).append(method), new_call(), request);
}

bool is_table(const fs::path& path) {
  auto extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return extension == ".xlsx" || extension == ".csv" || extension == ".tsv" || extension == ".txt";
}

// A folder stands for the tables in it.
Result<std::vector<fs::path>> files_at(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector{fs::path(path)};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.is_regular_file(error) && is_table(entry.path())) files.push_back(entry.path());
  }
  if (error) return fail(Reason::file_damaged, path + " cannot be read: " + error.message());
  if (files.empty()) return fail(Reason::file_unknown, path + " holds neither .xlsx nor .csv files");
  std::ranges::sort(files);
  return files;
}

Result<BookFile> read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  BookFile file{path.filename().string(), {}};
  file.bytes.assign(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) return fail(Reason::file_damaged, path.string() + " cannot be read");
  if (file.bytes.empty()) return fail(Reason::file_damaged, path.string() + " is empty");
  return file;
}

// The same for the same book and terms; `number` counts the times that it has been imported before.
std::string import_id(const std::vector<BookFile>& files, const ImportTerms& terms, int number) {
  const auto flags = fmt::format("{}{}{}", terms.dry_run, terms.hidden_sheets, terms.proposes_only);
  auto id = named_uuid(Uuid{}, flags);
  for (const auto& file : files) id = named_uuid(named_uuid(id, file.name), file.bytes);
  for (const auto& text : {terms.mapping_json, terms.owner_id, std::to_string(number)}) id = named_uuid(id, text);
  return to_string(id);
}

bool is_over(const Import& import) {
  return import.state() == accounts::v1::IMPORT_STATE_DONE || import.state() == accounts::v1::IMPORT_STATE_FAILED;
}

Result<Import> get(const rpc::Client& client, const std::string& id) {
  accounts::v1::GetImportRequest request;
  request.set_id(id);
  return call<Import>(client, "GetImport", request);
}

Result<Import> create(const rpc::Client& client, const std::string& id, const std::vector<BookFile>& files) {
  accounts::v1::CreateImportRequest request;
  request.set_id(id);
  for (const auto& file : files) {
    auto& described = *request.add_files();
    described.set_name(file.name);
    described.set_size_bytes(static_cast<std::int32_t>(file.bytes.size()));
  }
  return call<Import>(client, "CreateImport", request);
}

// One that is not over, or a new one.
Result<Import> find_or_create(const rpc::Client& client, const std::vector<BookFile>& files, const ImportTerms& terms) {
  for (int number = 0; number < max_earlier_imports; ++number) {
    const auto id = import_id(files, terms, number);
    auto found = get(client, id);
    if (!found && found.error().reason == Reason::import_not_found) return create(client, id, files);
    if (!found || !is_over(*found)) return found;
  }
  return fail(Reason::limit_reached, "this book was imported " + std::to_string(max_earlier_imports) +
                                         " times and none of it is forgotten yet");
}

}  // namespace

Result<std::vector<BookFile>> read_book(const std::vector<std::string>& paths) {
  std::vector<BookFile> files;
  std::uintmax_t total = 0;
  for (const auto& path : paths) {
    for (const auto& file : TRY(files_at(path))) {
      std::error_code error;
      const auto size = fs::file_size(file, error);
      if (error) return fail(Reason::file_damaged, file.string() + " cannot be read: " + error.message());
      total += size;
      if (total > max_book_bytes) return fail(Reason::file_too_large, "the book exceeds " + bytes_text(max_book_bytes));
      auto read = TRY(read_file(file));
      files.push_back(std::move(read));
    }
  }
  return files;
}

Result<Import> upload_book(const rpc::Client& client, const std::vector<BookFile>& files, const ImportTerms& terms,
                           Progress& progress) {
  auto import = TRY(find_or_create(client, files, terms));
  size_t total = 0, sent = 0;
  for (const auto& file : files) total += file.bytes.size();
  for (int number = 0; number < import.files_size(); ++number) {
    const auto& file = files[static_cast<size_t>(number)];
    auto offset = static_cast<size_t>(import.files(number).received_bytes());
    sent += offset;
    while (offset < file.bytes.size()) {
      accounts::v1::AppendImportRequest request;
      request.set_id(import.id());
      request.set_file(number);
      request.set_offset(static_cast<std::int32_t>(offset));
      request.set_data(file.bytes.substr(offset, piece_bytes));
      import = TRY(call<Import>(client, "AppendImport", request));
      offset += request.data().size();
      sent += request.data().size();
      progress.show(static_cast<double>(sent) / static_cast<double>(total), "sending " + file.name);
    }
  }
  return import;
}

Result<Import> start_import(const rpc::Client& client, const std::string& id, const ImportTerms& terms) {
  accounts::v1::StartImportRequest request;
  request.set_id(id);
  request.set_mapping_json(terms.mapping_json);
  request.set_owner_id(terms.owner_id);
  request.set_dry_run(terms.dry_run);
  request.set_include_hidden_sheets(terms.hidden_sheets);
  return call<Import>(client, "StartImport", request);
}

Result<Import> wait_for_import(const rpc::Client& client, const std::string& id, Progress& progress) {
  auto answered_at = std::chrono::steady_clock::now();
  while (true) {
    auto import = get(client, id);
    const auto now = std::chrono::steady_clock::now();
    if (import) {
      answered_at = now;
      if (is_over(*import)) return import;
      const bool reads = import->records() == 0;
      const auto part = reads ? 0.0 : static_cast<double>(import->records_done()) / import->records();
      progress.show(part, reads ? "reading the files"
                                : fmt::format("{} of {} records", import->records_done(), import->records()));
    } else if (import.error().code() != Code::unavailable || now - answered_at > absence_patience) {
      return import;
    } else {
      progress.show(0, "the server is away; waiting");
    }
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace holdfast::command_line
