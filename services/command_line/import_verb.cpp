#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "command_line/import_report.h"
#include "command_line/import_upload.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"

namespace holdfast::command_line {
namespace {

using accounts::v1::Import;

std::string text_of(const Values& values, const char* name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second.front();
}

// What was given, the mapping read from its file.
Result<ImportTerms> terms_of(const Values& values) {
  ImportTerms terms{.owner_id = text_of(values, "owner-id"),
                    .dry_run = values.contains("dry-run"),
                    .hidden_sheets = values.contains("hidden-sheets"),
                    .proposes_only = values.contains("propose-mapping")};
  const auto path = text_of(values, "mapping");
  if (path.empty()) return terms;
  std::ifstream stream(path, std::ios::binary);
  terms.mapping_json.assign(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || terms.mapping_json.empty()) return fail(Reason::mapping_invalid, path + " cannot be read");
  return terms;
}

// "book.xlsx" becomes "book.rejects.csv", where the caller stands.
std::string rejects_path(const Values& values) {
  const auto given = text_of(values, "rejects");
  if (!given.empty()) return given;
  auto first = std::filesystem::path(values.at("file").front());
  if (first.filename().empty()) first = first.parent_path();
  return first.stem().string() + ".rejects.csv";
}

Result<> propose(Session& session, const rpc::Client& client, const std::string& id, const ImportTerms& terms) {
  accounts::v1::ProposeMappingRequest request;
  request.set_id(id);
  request.set_include_hidden_sheets(terms.hidden_sheets);
  const auto answer = TRY(client.call<accounts::v1::ProposeMappingResponse>(
      "holdfast.accounts.v1.ImportService/ProposeMapping", new_call(), request));
  session.out() << answer.mapping_json() << '\n';
  return {};
}

Result<Exit> finish(Session& session, const rpc::Client& client, const Import& import, const Values& values) {
  if (import.has_failure()) {
    const auto reason = reason_from_upper(import.failure().reason()).value_or(Reason::internal);
    return fail(reason, import.failure().message());
  }
  const auto rejects = TRY(write_rejects(client, import, rejects_path(values)));
  CHECK_OK(report_import(session, client, import, rejects));
  return import.rejected() > 0 ? Exit::refused : Exit::done;
}

Result<Exit> import_book(Session& session, const std::vector<BookFile>& files, const ImportTerms& terms,
                         const Values& values) {
  const auto address = TRY(session.installation().address_of("accounts"));
  const auto client = TRY(session.installation().connect(address, Identity::agency));
  std::optional<Import> over;
  {
    Progress progress(session.err(), session.shows_progress());
    auto import = TRY(upload_book(client, files, terms, progress));
    if (terms.proposes_only) {
      CHECK_OK(propose(session, client, import.id(), terms));
      return Exit::done;
    }
    if (import.state() == accounts::v1::IMPORT_STATE_UPLOADING) {
      import = TRY(start_import(client, import.id(), terms));
    }
    over = TRY(wait_for_import(client, import.id(), progress));
  }
  return finish(session, client, *over, values);
}

}  // namespace

Verb import_verb() {
  return {.path = "import",
          .summary = "Brings in an agency's book: a workbook, delimited files, or a folder of them",
          .flags =
              {{.name = "file",
                .help = "the book: .xlsx, or .csv files that belong together",
                .value = "PATH",
                .by_place = true,
                .required = true,
                .repeated = true},
               {.name = "mapping", .help = "what the columns mean, as --propose-mapping prints it", .value = "FILE"},
               {.name = "propose-mapping",
                .help = "print how the columns would be understood, and stop",
                .takes_value = false},
               {.name = "dry-run", .help = "give every verdict and write nothing", .takes_value = false},
               {.name = "rejects", .help = "where rejected rows go, instead of NAME.rejects.csv here", .value = "FILE"},
               {.name = "hidden-sheets", .help = "read hidden sheets as well", .takes_value = false},
               {.name = "owner-id", .help = "who answers for accounts whose book names nobody", .value = "ID"}},
          .run = [](Session& session, const Values& values) {
            const auto terms = terms_of(values);
            if (!terms) return session.misused(terms.error());
            const auto files = read_book(values.at("file"));
            if (!files) return session.misused(files.error());
            const auto exit = import_book(session, *files, *terms, values);
            return exit ? *exit : session.refuse(exit.error());
          }};
}

}  // namespace holdfast::command_line
