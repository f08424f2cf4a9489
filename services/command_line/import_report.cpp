#include "command_line/import_report.h"

#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "command_line/answer.h"
#include "command_line/table.h"

namespace holdfast::command_line {
namespace {

using accounts::v1::Import;
using accounts::v1::ImportRow;
using accounts::v1::ImportSheet;
using Json = nlohmann::ordered_json;

constexpr std::string_view service = "holdfast.accounts.v1.ImportService/";
constexpr int page_rows = 500;
// Warnings beyond so many rows are counted and not looked at for the summary.
constexpr int summarised_rows = 5'000;

template <class Answer>
Result<Answer> call(const rpc::Client& client, std::string_view method, const google::protobuf::Message& request) {
  return client.call<Answer>(std::string(service).append(method), new_call(), request);
}

// Each row that the request asks for, until `take` says no.
Result<> each_row(const rpc::Client& client, accounts::v1::ListImportRowsRequest request,
                  const std::function<bool(const ImportRow&)>& take) {
  request.set_page_size(page_rows);
  do {
    const auto page = TRY(call<accounts::v1::ListImportRowsResponse>(client, "ListImportRows", request));
    for (const auto& row : page.rows()) {
      if (!take(row)) return {};
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return {};
}

template <class Counted>
Json totals_of(const Counted& counted) {
  return {{"rowsRead", counted.rows_read()},  {"created", counted.created()},   {"updated", counted.updated()},
          {"unchanged", counted.unchanged()}, {"rejected", counted.rejected()}, {"warnings", counted.warnings()}};
}

Json json_of_import(const Import& import, const RejectsFile& rejects) {
  auto whole = totals_of(import);
  whole["rejectsFile"] = rejects.path;
  whole["dryRun"] = import.dry_run();
  whole["importId"] = import.id();
  whole["sheets"] = Json::array();
  for (const auto& sheet : import.sheets()) {
    Json one{{"name", sheet.name()}, {"file", sheet.file()}, {"ignored", sheet.ignored()}};
    one.update(totals_of(sheet));
    one["rejectsFile"] = sheet.rejected() > 0 ? rejects.path : "";
    whole["sheets"].push_back(std::move(one));
  }
  return whole;
}

template <class Counted>
std::vector<Cell> cells_of(const std::string& name, const Counted& counted) {
  const auto number = [](int value, Urgency urgency = Urgency::none) {
    return Cell{std::to_string(value), value > 0 ? urgency : Urgency::none};
  };
  return {{name},
          number(counted.rows_read()),
          number(counted.created()),
          number(counted.updated()),
          number(counted.unchanged()),
          number(counted.rejected(), Urgency::alarm),
          number(counted.warnings(), Urgency::warning)};
}

void print_totals(Session& session, const Import& import) {
  Table table({"sheet", "rows read", "created", "updated", "unchanged", "rejected", "warnings"});
  for (const auto& sheet : import.sheets()) {
    if (!sheet.ignored()) table.add(cells_of(sheet.name(), sheet));
  }
  table.add(cells_of("all", import));
  table.print(session.out(), session.colors());
  for (const auto& sheet : import.sheets()) {
    if (sheet.ignored()) session.out() << "Not read: " << sheet.name() << ", " << sheet.why_ignored() << ".\n";
  }
}

// How often each reason was given, with one place where to look.
Result<> print_warnings(Session& session, const rpc::Client& client, const Import& import) {
  if (import.warnings() == 0) return {};
  struct Warned {
    int count = 0;
    std::string first;
  };
  std::map<std::string, Warned> by_reason;
  int looked_at = 0;
  accounts::v1::ListImportRowsRequest request;
  request.set_id(import.id());
  request.set_with_warnings(true);
  CHECK_OK(each_row(client, request, [&](const ImportRow& row) {
    for (const auto& finding : row.findings()) {
      if (finding.rejects()) continue;
      auto& warned = by_reason[finding.reason()];
      if (warned.count++ == 0) warned.first = fmt::format("{} row {}: {}", row.sheet(), row.row(), finding.message());
    }
    return ++looked_at < summarised_rows;
  }));
  session.out() << "\nWorth a look:\n";
  Table table({"warning", "times", "the first one"});
  for (const auto& [reason, warned] : by_reason) table.add({{reason}, {std::to_string(warned.count)}, {warned.first}});
  table.print(session.out(), session.colors());
  return {};
}

void print_next(Session& session, const Import& import, const RejectsFile& rejects) {
  auto& out = session.out();
  out << '\n';
  if (!rejects.path.empty()) {
    out << import.rejected() << " rows were rejected. They are in " << rejects.path << ", each with its reason.\n"
        << "Mend them where they stand and import the book again: what is there already stays as it is.\n";
  }
  if (import.dry_run()) {
    out << "Nothing was written: this was a dry run. --json prints the verdict row by row; import without --dry-run.\n";
  } else {
    out << "Next: tools/holdfast deadlines\n";
  }
}

}  // namespace

Result<RejectsFile> write_rejects(const rpc::Client& client, const Import& import, const std::string& path) {
  if (import.rejected() == 0) return RejectsFile{};
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  accounts::v1::GetImportRejectsRequest request;
  request.set_id(import.id());
  do {
    const auto piece = TRY(call<accounts::v1::GetImportRejectsResponse>(client, "GetImportRejects", request));
    file << piece.csv();
    request.set_page_token(piece.next_page_token());
  } while (!request.page_token().empty());
  file.close();
  if (!file) return fail(Reason::setting_invalid, path + " cannot be written: name another file with --rejects");
  return RejectsFile{path};
}

Result<> report_import(Session& session, const rpc::Client& client, const Import& import, const RejectsFile& rejects) {
  if (session.json()) {
    if (import.dry_run()) {
      accounts::v1::ListImportRowsRequest request;
      request.set_id(import.id());
      CHECK_OK(each_row(client, request, [&](const ImportRow& row) {
        session.out() << json_of(row) << '\n';
        return true;
      }));
    }
    session.out() << json_of_import(import, rejects).dump() << '\n';
    return {};
  }
  print_totals(session, import);
  CHECK_OK(print_warnings(session, client, import));
  print_next(session, import, rejects);
  return {};
}

}  // namespace holdfast::command_line
