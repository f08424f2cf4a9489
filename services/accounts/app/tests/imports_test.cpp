#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "accounts/app/tests/with_imports.h"

namespace holdfast::accounts {
namespace {

using ::testing::HasSubstr;

struct ImportsTest : WithImports {
  static const ImportSheet& sheet(const Import& import, const std::string& name) {
    return *std::ranges::find(import.sheets, name, &ImportSheet::name);
  }
  std::vector<ImportRow> rows(ListImportRows query) {
    std::vector<ImportRow> all;
    do {
      auto page = ask(list_import_rows, query);
      EXPECT_TRUE(page) << describe(page.error());
      std::ranges::move(page->rows, std::back_inserter(all));
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    return all;
  }
  std::string rejects(const ImportId& id) {
    std::string csv;
    GetImportRejects query{.id = id};
    do {
      const auto piece = ask(get_import_rejects, query);
      EXPECT_TRUE(piece) << describe(piece.error());
      csv += piece->csv;
      query.page_token = piece->next_page_token;
    } while (!query.page_token.empty());
    return csv;
  }
  Reason refused(const CreateImport& command) { return run(at_desk(create_import), command).error().reason; }
  Reason refused(const AppendImport& command) { return run(at_desk(append_import), command).error().reason; }
  Reason refused(const StartImport& command) { return run(at_desk(start_import), command).error().reason; }

  const std::map<std::string, std::string> customers{{"customers.csv",
                                                      "Customer,Loc,City,ST,Zip,Site Contact,E-mail\n"
                                                      "Acme,HQ,Boston,MA,02110,Jan,jan@acme.example\n"
                                                      "Acme,East,Salem,MA,01970,Jan,\n"
                                                      "Beta,,Reno,NV,89501,,\n"}};
};

TEST_F(ImportsTest, ABookComesToWhatItsAnswerSays) {
  const auto import = imported(own_tables());
  ASSERT_EQ(import.state, ImportState::done);
  const auto truth = nlohmann::json::parse(file("agency-book/truth.json"));
  const std::map<std::string, std::string> sheets{
      {"Customers", "customers.csv"}, {"Circuits", "circuits.csv"}, {"Carrier contacts", "carrier_contacts.csv"}};
  for (const auto& [name, csv] : sheets) {
    const auto& expected = truth["sheets"][name];
    const auto& told = sheet(import, csv);
    EXPECT_EQ(told.rows_read, expected["rows_read"]) << name;
    EXPECT_EQ(told.created, expected["created"]) << name;
    EXPECT_EQ(told.updated, expected["updated"]) << name;
    EXPECT_EQ(told.unchanged, expected["unchanged"]) << name;
    EXPECT_EQ(told.rejected, expected["rejected"]) << name;
  }
  EXPECT_EQ(import.created + import.updated + import.unchanged + import.rejected, import.rows_read);
  EXPECT_EQ(count("accounts"), truth["counts"]["accounts"]);
  EXPECT_EQ(count("locations"), truth["counts"]["locations"]);
  EXPECT_EQ(count("contacts"), truth["counts"]["contacts"]);
  EXPECT_EQ(count("products"), truth["counts"]["products"]);
  EXPECT_EQ(count("carrier_contacts"), truth["counts"]["carrier_contacts"]);
  EXPECT_EQ(count("carrier_accounts"), truth["counts"]["carrier_accounts"]);
  const auto published = take_published();
  EXPECT_EQ(std::ranges::count(published, "holdfast.account-created.v1"), count("accounts"));
  EXPECT_EQ(std::ranges::count(published, "holdfast.product-added.v1"), count("products"));

  const auto again = imported(own_tables());
  EXPECT_EQ(again.created, 0);
  EXPECT_EQ(again.updated, 0);
  EXPECT_EQ(again.rejected, import.rejected);
  EXPECT_EQ(again.unchanged, import.created + import.updated + import.unchanged);
  EXPECT_TRUE(take_published().empty());
}

// Else PostgreSQL takes the tables of a first import for empty, and looks through all of them for each row.
TEST_F(ImportsTest, TablesAreCountedWhileTheyGrow) {
  imported(own_tables());
  EXPECT_EQ(count("pg_class WHERE relname = 'accounts' AND reltuples = 150"), 1);
  EXPECT_EQ(count("pg_class WHERE relname = 'products' AND reltuples >= 1000"), 1);
}

TEST_F(ImportsTest, ADryRunTellsTheSameAndWritesNothing) {
  const auto rehearsed = imported(own_tables(), {.dry_run = true});
  EXPECT_EQ(rehearsed.state, ImportState::done);
  EXPECT_EQ(count("accounts"), 0);
  EXPECT_EQ(count("carriers"), 0);
  EXPECT_EQ(count("imported"), 0);
  EXPECT_TRUE(take_published().empty());
  const auto import = imported(own_tables());
  EXPECT_EQ(rehearsed.sheets, import.sheets);
}

// Whoever goes on finds what was done, and nothing of the step that died.
TEST_F(ImportsTest, ADeadWorkersStepLeavesNothing) {
  const auto undisturbed = imported(own_tables(), {.dry_run = true}).sheets;
  const auto id = started(own_tables());
  int steps = 0;
  do {
    // The connection dies with what it did, after the statements and before the commit.
    const auto died = transactor.run(call, [&](UnitOfWork& work) -> Result<> {
      CHECK_OK(lock_import(work, id));
      const auto records = read(id).records_done;
      const sql::Statement advance{"test.advance", "UPDATE imports SET records_done = records_done + 1"};
      CHECK_OK(work.transaction.exec(advance));
      EXPECT_EQ(read(id).records_done, records);
      return fail(Reason::database_unavailable, "killed");
    });
    EXPECT_FALSE(died);
    ++steps;
  } while (step(id));
  EXPECT_GT(steps, 5);
  EXPECT_EQ(read(id).sheets, undisturbed);
  EXPECT_EQ(count("accounts"), 150);
}

TEST_F(ImportsTest, ReadingThatIsGivenUpIsBegunAnew) {
  const auto id = started(own_tables());
  const auto given_up = import_step(workshop, call, id, [] { return false; });
  EXPECT_EQ(given_up.error().reason, Reason::cancelled);
  EXPECT_EQ(read(id).state, ImportState::interpreting);
  EXPECT_EQ(finished(id).state, ImportState::done);
}

TEST_F(ImportsTest, ABookThatEndsTheProcessIsNotBegunForEver) {
  const auto id = started(own_tables());
  for (int attempt = 0; attempt < max_import_attempts; ++attempt) {
    EXPECT_FALSE(import_step(workshop, call, id, [] { return false; }));
  }
  EXPECT_EQ(finished(id).state, ImportState::failed);
  EXPECT_EQ(read(id).failure->reason, "INTERNAL");
  EXPECT_EQ(count("accounts"), 0);
}

TEST_F(ImportsTest, WhatWasChangedByHandStays) {
  ASSERT_EQ(imported(customers).created, 3);
  const sql::Statement rename{"test.rename",
                              "UPDATE accounts SET name = 'Acme Group', name_key = 'acme group', number = '7' "
                              "WHERE name = 'Acme'"};
  ASSERT_TRUE(database.transact(call, [&](sql::Transaction& transaction) { return transaction.exec(rename); }));
  const auto again = imported(customers);
  EXPECT_EQ(again.unchanged, 3);
  EXPECT_EQ(count("accounts"), 2);
  // A row that says something new is laid onto the account that it once brought, whatever that is called now.
  const auto closed = imported({{"customers.csv", "Customer,Status,City\nAcme,closed,\n"}});
  EXPECT_EQ(closed.updated, 1);
  EXPECT_EQ(count("accounts WHERE name = 'Acme Group' AND number = '7' AND status = 'closed' AND version = 2"), 1);
}

TEST_F(ImportsTest, WhatTheAgencyHasIsFoundByItsName) {
  const auto acme = make_account("ACME");
  take_published();
  const auto import = imported(customers);
  EXPECT_EQ(import.created, 3);
  EXPECT_EQ(count("accounts"), 2);
  EXPECT_EQ(ask(describe_account, DescribeAccount{acme})->locations.size(), 2u);
  const auto contacts = ask(describe_account, DescribeAccount{acme})->contacts;
  ASSERT_EQ(contacts.size(), 1u);
  EXPECT_EQ(contacts[0].location_ids.size(), 2u);
  EXPECT_EQ(imported(customers).unchanged, 3);
}

TEST_F(ImportsTest, AFileMayReferToWhatTheAgencyHas) {
  imported(customers);
  const auto circuits = imported({{"circuits.csv",
                                   "Customer,Loc,Carrier,Circuit ID,MRC\n"
                                   "Acme,East,Lumen,11/ABCD/123456,100.00\n"
                                   "Nobody,,Lumen,11/ABCD/123457,100.00\n"}});
  EXPECT_EQ(circuits.created, 1);
  EXPECT_EQ(circuits.rejected, 1);
  EXPECT_EQ(count("products JOIN locations l ON l.id = location_id WHERE l.name = 'East' AND mrc_minor = 10000"), 1);
  const auto changed = imported({{"circuits.csv",
                                  "Customer,Loc,Carrier,Circuit ID,MRC\n"
                                  "Acme,East,Lumen,11ABCD 123456,90.00\n"}});
  EXPECT_EQ(changed.updated, 1);
  EXPECT_EQ(count("products WHERE mrc_minor = 9000 AND version = 2 AND circuit_id = '11/ABCD/123456'"), 1);
}

TEST_F(ImportsTest, AnAccountBelongsToWhomTheBookNames) {
  clock.advance(1s);  // ids are in the order of time, and the first member of staff answers for the rest
  const auto jan = run(add_staff, AddStaff{.name = "Jan Owner", .email = "jan@best.example", .time_zone = "UTC"});
  ASSERT_TRUE(jan) << describe(jan.error());
  const std::map<std::string, std::string> book{{"customers.csv", "Customer,Rep,City\nAcme,Jan,x\nBeta,Nobody,x\n"}};
  const auto import = imported(book);
  EXPECT_EQ(import.created, 2);
  EXPECT_EQ(count("accounts a JOIN staff s ON s.id = a.owner_id WHERE a.name = 'Acme' AND s.name = 'Jan Owner'"), 1);
  EXPECT_EQ(count("accounts a JOIN staff s ON s.id = a.owner_id WHERE a.name = 'Beta' AND s.name = 'Kim'"), 1);
  imported({{"customers.csv", "Customer,City\nGamma,x\n"}}, {.owner_id = jan->id});
  EXPECT_EQ(count("accounts a JOIN staff s ON s.id = a.owner_id WHERE a.name = 'Gamma' AND s.name = 'Jan Owner'"), 1);
}

TEST_F(ImportsTest, RowsAndRejectsAreListed) {
  const auto import = imported(own_tables());
  EXPECT_EQ(std::ssize(rows({.id = import.id, .page_size = 500})), import.rows_read);
  const auto rejected = rows({.id = import.id, .verdict = RowVerdict::rejected, .page_size = 7});
  EXPECT_EQ(std::ssize(rejected), import.rejected);
  for (const auto& row : rejected) {
    ASSERT_FALSE(row.findings.empty()) << row.row;
    EXPECT_TRUE(row.findings[0].rejects);
  }
  EXPECT_EQ(std::ssize(rows({.id = import.id, .sheet = "carrier_contacts.csv"})), 59);
  std::int32_t warnings = 0;
  for (const auto& row : rows({.id = import.id, .with_warnings = true})) {
    warnings += static_cast<std::int32_t>(std::ranges::count(row.findings, false, &ImportFinding::rejects));
  }
  EXPECT_EQ(warnings, import.warnings);
  const auto csv = rejects(import.id);
  EXPECT_EQ(std::ranges::count(csv, '\n'), import.rejected + 1);
  EXPECT_THAT(csv, HasSubstr("circuits.csv"));
  EXPECT_EQ(ask_as(stranger, get_import, GetImport{import.id}).error().reason, Reason::import_not_found);
  EXPECT_EQ(ask_as(stranger, list_import_rows, ListImportRows{.id = import.id}).error().reason,
            Reason::import_not_found);
}

TEST_F(ImportsTest, WhatCannotBeReadFailsWithNothingApplied) {
  const std::string pdf = "%PDF-1.4 and so on";
  const std::map<std::string, std::string> files{{"customers.csv", customers.at("customers.csv")},
                                                 {"book.xlsx", file("agency-book/book.xlsx").substr(0, 50'000)},
                                                 {"scan.csv", pdf}};
  for (const auto& [name, bytes] : files) {
    if (name == "customers.csv") continue;
    const auto failed = imported({{"customers.csv", customers.at("customers.csv")}, {name, bytes}});
    EXPECT_EQ(failed.state, ImportState::failed) << name;
    ASSERT_TRUE(failed.failure) << name;
    EXPECT_THAT(failed.failure->reason, name == "scan.csv" ? "FILE_UNKNOWN" : "FILE_DAMAGED");
    EXPECT_THAT(failed.failure->message, HasSubstr(name));
    EXPECT_FALSE(failed.failure->remedy.empty());
    EXPECT_EQ(count("accounts"), 0);
    EXPECT_EQ(count("import_pieces"), 0);
  }
}

TEST_F(ImportsTest, AnUploadIsRefusedForWhatItIs) {
  const ImportFile one{"a.csv", 10};
  EXPECT_EQ(refused(CreateImport{}), Reason::field_required);
  EXPECT_EQ(refused(CreateImport{.files = {{"", 10}}}), Reason::field_required);
  EXPECT_EQ(refused(CreateImport{.files = {{"x/a.csv", 10}}}), Reason::field_invalid);
  EXPECT_EQ(refused(CreateImport{.files = {{std::string(256, 'x'), 10}}}), Reason::field_too_long);
  EXPECT_EQ(refused(CreateImport{.files = {{"a.csv", 0}}}), Reason::field_out_of_range);
  EXPECT_EQ(refused(CreateImport{.files = {one, one}}), Reason::already_exists);
  EXPECT_EQ(refused(CreateImport{.files = std::vector(21, one)}), Reason::field_out_of_range);
  EXPECT_EQ(refused(CreateImport{.files = {{"a.xlsx", 40 << 20}, {"b.xlsx", 40 << 20}}}), Reason::file_too_large);
  const auto import = run(at_desk(create_import), CreateImport{.files = {one}});
  ASSERT_TRUE(import);
  EXPECT_EQ(refused(CreateImport{.id = import->id, .files = {one}}), Reason::already_exists);
  EXPECT_EQ(refused(StartImport{.id = import->id}), Reason::illegal_transition);
  EXPECT_EQ(refused(AppendImport{ImportId{new_uuid()}, 0, 0, "x"}), Reason::import_not_found);
  EXPECT_EQ(refused(AppendImport{import->id, 1, 0, "x"}), Reason::field_out_of_range);
  EXPECT_EQ(refused(AppendImport{import->id, 0, 1, "x"}), Reason::field_out_of_range);
  EXPECT_EQ(refused(AppendImport{import->id, 0, 0, ""}), Reason::field_out_of_range);
  EXPECT_EQ(refused(AppendImport{import->id, 0, 0, "elevenbytes"}), Reason::field_out_of_range);
  // Bytes that have come may be sent again, also with some that have not.
  ASSERT_TRUE(run(at_desk(append_import), AppendImport{import->id, 0, 0, "Custo"}));
  ASSERT_TRUE(run(at_desk(append_import), AppendImport{import->id, 0, 3, "tome"}));
  ASSERT_TRUE(run(at_desk(append_import), AppendImport{import->id, 0, 0, "Custo"}));
  const auto whole = run(at_desk(append_import), AppendImport{import->id, 0, 7, "r\nA"});
  ASSERT_TRUE(whole) << describe(whole.error());
  EXPECT_EQ(whole->files[0].received_bytes, 10);
  EXPECT_EQ(refused(StartImport{.id = import->id, .mapping_json = "{"}), Reason::mapping_invalid);
  EXPECT_EQ(refused(StartImport{.id = import->id, .owner_id = StaffId{new_uuid()}}), Reason::staff_not_found);
  ASSERT_TRUE(run(at_desk(start_import), StartImport{.id = import->id}));
  EXPECT_EQ(refused(StartImport{.id = import->id}), Reason::illegal_transition);
  EXPECT_EQ(refused(AppendImport{import->id, 0, 10, "x"}), Reason::illegal_transition);
  EXPECT_EQ(finished(import->id).state, ImportState::done);
}

TEST_F(ImportsTest, AnAgencyHasSoManyImportsAtOnce) {
  const CreateImport command{.files = {{"a.csv", 10}}};
  for (int number = 0; number < max_open_imports; ++number) ASSERT_TRUE(run(at_desk(create_import), command));
  EXPECT_EQ(refused(command), Reason::limit_reached);
  ASSERT_TRUE(make_agency(stranger));
  EXPECT_TRUE(run_as(stranger, at_desk(create_import), command));
}

TEST_F(ImportsTest, AProposedMappingIsGivenBack) {
  const auto id = uploaded(own_tables());
  const auto proposed = ask(propose_mapping, ProposeMapping{id});
  ASSERT_TRUE(proposed) << describe(proposed.error());
  EXPECT_THAT(proposed->mapping_json, HasSubstr("circuits.csv"));
  StartImport command{.id = id, .mapping_json = proposed->mapping_json};
  ASSERT_TRUE(run(at_desk(start_import), command));
  EXPECT_EQ(finished(id).created, 629 + 2328 + 58);
}

TEST_F(ImportsTest, WhatWasLeftAloneIsForgotten) {
  const auto id = uploaded(customers);
  const auto due = [&](UnitOfWork& work, const ImportId& import) { return import_is_due(work, import); };
  EXPECT_EQ(count("runtime.timers WHERE next_due = '2026-01-06T09:00:00Z'"), 1);
  EXPECT_FALSE(*run(due, id));
  EXPECT_EQ(ask(get_import, GetImport{id}).error().reason, Reason::import_not_found);
  EXPECT_EQ(count("import_pieces"), 0);
  const auto import = started(customers);
  EXPECT_TRUE(*run(due, import));
  EXPECT_EQ(finished(import).created, 3);
  EXPECT_EQ(count("runtime.timers WHERE next_due = '2026-04-05T09:00:00Z'"), 1);
  EXPECT_FALSE(*run(due, import));
  EXPECT_EQ(count("import_rows"), 0);
  EXPECT_EQ(count("accounts"), 2);
  EXPECT_EQ(imported(customers).unchanged, 3);
}

}  // namespace
}  // namespace holdfast::accounts
