#include <malloc.h>

#include <utility>

#include "accounts/app/import_steps.h"
#include "accounts/app/known_book.h"
#include "accounts/app/spooled_files.h"
#include "accounts/app/stage_book.h"
#include "accounts/app/watched_table.h"
#include "accounts/import/propose.h"
#include "accounts/store/import_work.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::accounts {
namespace {

using import_book::Mapping;

// What the work begins with, read in one go.
struct Brought {
  StartedImport order;
  SpooledFiles files;
};

Result<Brought> fetch(const ImportWorkshop& workshop, const Call& call, const ImportId& id) {
  return workshop.transactor.database().read(call, [&](sql::Transaction& transaction) -> Result<Brought> {
    const auto import = TRY(get_import(transaction, {id}));
    auto order = TRY(transaction.one<StartedImport>(statements::load_work, id));
    auto files = TRY(SpooledFiles::fetch(transaction, id, import.files));
    return Brought{std::move(order), std::move(files)};
  });
}

Result<import_book::Book> read_book(const ImportWorkshop& workshop, const Call& call, const Brought& brought,
                                    const std::function<bool()>& goes_on) {
  const auto& order = brought.order;
  std::optional<Mapping> mapping;
  if (!order.mapping_json.empty()) mapping = TRY(import_book::read_mapping(order.mapping_json));
  const auto opened = TRY(brought.files.open(mapping ? &*mapping : nullptr));
  const auto tables = watched(opened, goes_on);
  if (!mapping) mapping = TRY(import_book::propose(tables, order.include_hidden_sheets));
  AgencyBook known(workshop.transactor.database(), workshop.contracts, call);
  return import_book::interpret(tables, *mapping, {.known = &known, .hidden_sheets = order.include_hidden_sheets});
}

// Whether the files are at fault, and not the system.
bool is_of_the_files(const Error& error) {
  return error.retry() == Retry::never && error.code() != Code::internal && error.code() != Code::cancelled;
}

Result<> fail_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id, const Error& error) {
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    const auto job = TRY(lock_import(work, id));
    if (job.state != ImportState::interpreting) return {};
    work.transaction.defer(statements::fail_import, id, info(error.reason).upper, error.message, work.now);
    work.transaction.defer(statements::drop_pieces, id);
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + finished_import_kept);
    return {};
  });
}

// A book that ended the process a few times is not begun again.
Result<bool> may_begin(const ImportWorkshop& workshop, const Call& call, const ImportId& id) {
  const auto attempts = TRY(workshop.transactor.run(call, [&](events::UnitOfWork& work) {
    return work.transaction.maybe<std::int32_t>(statements::count_attempt, id);
  }));
  return attempts && *attempts <= max_import_attempts;
}

// What finds a book's records takes many times what this thread needs otherwise, and glibc keeps what a thread has
// freed for that thread.
struct GivingBack {
  ~GivingBack() { ::malloc_trim(0); }
};

}  // namespace

Result<> interpret_import(const ImportWorkshop& workshop, const Call& call, const ImportId& id,
                          const std::function<bool()>& goes_on) {
  if (!TRY(may_begin(workshop, call, id))) {
    return fail_import(workshop, call, id, fail(Reason::internal, "given up: it could not be read in five attempts"));
  }
  const GivingBack once_the_book_is_gone;
  const auto brought = TRY(fetch(workshop, call, id));
  const auto book = read_book(workshop, call, brought, goes_on);
  if (!book && is_of_the_files(book.error())) return fail_import(workshop, call, id, book.error());
  if (!book) return book.error();
  return workshop.transactor.run(call, [&](events::UnitOfWork& work) -> Result<> {
    const auto job = TRY(lock_import(work, id));
    if (job.state != ImportState::interpreting) return {};
    const auto records = TRY(stage_book(work.transaction, id, *book));
    work.transaction.defer(statements::begin_applying, id, records);
    timers::Timers::set(work, import_timer, id.uuid, workshop.system_clock.now() + import_lease);
    return {};
  });
}

}  // namespace holdfast::accounts
