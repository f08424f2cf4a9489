#include "accounts/importing/import_worker.h"

#include "accounts/app/tests/with_imports.h"

namespace holdfast::accounts {
namespace {

struct ImportWorkerTest : WithImports {
  ImportWorkerTest() : worker(workshop, timers) {}
  ~ImportWorkerTest() override { worker.stop(); }

  size_t fire() { return *timers.fire_due(import_timer); }
  Import over(const ImportId& id) {
    while (true) {
      auto import = read(id);
      if (import.state == ImportState::done || import.state == ImportState::failed) return import;
      std::this_thread::yield();
    }
  }

  timers::Timers timers{transactor, clock, {}};
  ImportWorker worker;
};

TEST_F(ImportWorkerTest, AnImportThatWasStartedIsWorkedOn) {
  const auto id = started(own_tables());
  EXPECT_EQ(fire(), 1u);
  const auto import = over(id);
  EXPECT_EQ(import.state, ImportState::done);
  EXPECT_EQ(import.created, 629 + 2328 + 58);
  EXPECT_EQ(fire(), 0u);
}

// A process that died after any of the steps leaves its lease to end; then another goes on, and the totals are the
// same.
TEST_F(ImportWorkerTest, AnotherGoesOnWhereOneDied) {
  const auto expected = imported(own_tables(), {.dry_run = true}).sheets;
  for (int steps_done = 0;; ++steps_done) {
    const auto id = started(own_tables(), {.dry_run = true});
    if (steps_done > 0) {
      ASSERT_TRUE(postpone_import(workshop, call, id, import_lease));
    }
    bool more = true;
    for (int step_done = 0; more && step_done < steps_done; ++step_done) more = step(id);
    if (!more) break;
    if (steps_done > 0) {
      EXPECT_EQ(fire(), 0u) << "its lease has not ended";
    }
    clock.advance(import_lease);
    EXPECT_EQ(fire(), 1u);
    EXPECT_EQ(over(id).sheets, expected) << "after " << steps_done << " steps";
  }
}

TEST_F(ImportWorkerTest, AnUploadThatWasLeftAloneIsForgotten) {
  const auto id = uploaded(own_tables());
  clock.advance(upload_patience);
  EXPECT_EQ(fire(), 1u);
  EXPECT_EQ(ask(get_import, GetImport{id}).error().reason, Reason::import_not_found);
}

}  // namespace
}  // namespace holdfast::accounts
