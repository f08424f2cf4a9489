#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <sstream>

#include "accounts/app/import_steps.h"
#include "accounts/app/tests/with_agency.h"

namespace holdfast::accounts {

// Imports of files, worked on step by step by the test itself.
struct WithImports : WithAgency {
  // A whole book, many times over.
  WithImports() { call.deadline += std::chrono::minutes(10); }

  template <class Command>
  auto at_desk(Result<Import> (*verb)(UnitOfWork&, const Command&, const ImportDesk&)) {
    return [this, verb](UnitOfWork& work, const Command& command) { return verb(work, command, desk); };
  }
  static std::string file(const std::string& name) {
    std::ifstream stream(HOLDFAST_TEST_DATA "/" + name, std::ios::binary);
    EXPECT_TRUE(stream.good()) << name;
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
  }
  // The book's tables that are this service's alone.
  static std::map<std::string, std::string> own_tables() {
    std::map<std::string, std::string> files;
    for (const std::string name : {"customers.csv", "circuits.csv", "carrier_contacts.csv"}) {
      files[name] = file("agency-book/csv/" + name);
    }
    return files;
  }

  ImportId uploaded(const std::map<std::string, std::string>& files) {
    CreateImport command;
    for (const auto& [name, bytes] : files) command.files.push_back({name, static_cast<std::int32_t>(bytes.size())});
    const auto import = run(at_desk(create_import), command);
    EXPECT_TRUE(import) << describe(import.error());
    std::int32_t number = 0;
    for (const auto& [name, bytes] : files) {
      for (size_t offset = 0; offset < bytes.size(); offset += max_import_piece_bytes) {
        const AppendImport piece{import->id, number, static_cast<std::int32_t>(offset),
                                 bytes.substr(offset, max_import_piece_bytes)};
        EXPECT_TRUE(run(at_desk(append_import), piece));
      }
      ++number;
    }
    return import->id;
  }
  ImportId started(const std::map<std::string, std::string>& files, StartImport command = {}) {
    command.id = uploaded(files);
    const auto import = run(at_desk(start_import), command);
    EXPECT_TRUE(import) << describe(import.error());
    return command.id;
  }
  // One step: whether there are more.
  bool step(const ImportId& id) {
    const auto outcome = import_step(workshop, call, id, [] { return true; });
    EXPECT_TRUE(outcome) << describe(outcome.error());
    return outcome && *outcome == StepOutcome::goes_on;
  }
  Import finished(const ImportId& id) {
    while (step(id)) {
    }
    return read(id);
  }
  Import imported(const std::map<std::string, std::string>& files, StartImport command = {}) {
    return finished(started(files, command));
  }
  Import read(const ImportId& id) { return *ask(get_import, GetImport{id}); }

  // How many rows of the agency there are: count("accounts WHERE name = 'Acme'").
  std::int64_t count(const std::string& what) {
    static std::deque<std::string> texts;  // a statement lives as long as the program
    const auto& text = texts.emplace_back("SELECT count(*) FROM " + what);
    const auto& name = texts.emplace_back("test.count_" + std::to_string(texts.size()));
    const auto counted = database.read(call, [&](sql::Transaction& transaction) {
      return transaction.one<std::int64_t>({name.c_str(), text.c_str()});
    });
    EXPECT_TRUE(counted) << describe(counted.error());
    return counted ? *counted : -1;
  }

  ImportDesk desk{clock, [] {}};
  ImportWorkshop workshop{transactor, clock, {}};
};

}  // namespace holdfast::accounts
