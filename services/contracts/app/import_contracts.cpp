#include <algorithm>
#include <set>

#include "contracts/app/contracts.h"
#include "contracts/app/fingerprints.h"
#include "contracts/app/hold_contract.h"
#include "contracts/domain/imported_contract.h"
#include "contracts/store/book.sql.h"
#include "contracts/store/imports.sql.h"
#include "runtime/core/limits.h"

namespace holdfast::contracts {

// Whose number the row at `place` brings; places count from 1.
struct NumberHolder {
  std::int64_t place = 0;
  std::optional<ContractId> contract_id;
  std::int64_t first_place = 0;
};

}  // namespace holdfast::contracts

template <>
struct holdfast::Fields<holdfast::contracts::NumberHolder> {
  using T = contracts::NumberHolder;
  static constexpr auto list = FieldList{Field{"place", &T::place}, Field{"contract_id", &T::contract_id},
                                         Field{"first_place", &T::first_place}};
};

namespace holdfast::contracts {
namespace {

// What is known before the first row is looked at.
struct Known {
  std::map<Uuid, Uuid> fingerprints;
  std::set<Uuid> existing;
  std::map<std::int64_t, NumberHolder> holders;
  std::map<Uuid, Standing> standings;
};

Result<Known> load(events::UnitOfWork& work, const std::vector<ImportedContract>& rows) {
  std::vector<Uuid> ids;
  std::vector<std::string> numbers;
  std::map<Uuid, std::string> accounts;
  for (const auto& row : rows) {
    ids.push_back(row.id.uuid);
    numbers.push_back(row.number);
    accounts.emplace(row.account_id.uuid, row.account_name);
  }
  for (const auto& [id, name] : accounts) {
    work.transaction.defer(statements::keep_mentioned, work.agency(), id, name);
  }
  Known known{.fingerprints = TRY(fingerprints_of(work, ids))};
  const auto existing = TRY((work.transaction.many<Uuid>(statements::existing, work.agency(), ids)));
  for (const auto& id : existing) {
    known.existing.insert(id);
  }
  const auto holders = TRY((work.transaction.many<NumberHolder>(statements::holders, work.agency(), numbers)));
  for (const auto& holder : holders) {
    known.holders.emplace(holder.place, holder);
  }
  for (const auto& [id, name] : accounts) {
    work.transaction.defer(statements::share_book, id);
    known.standings.emplace(
        id, TRY((work.transaction.one<Standing>(statements::load_standing, id, std::optional<LocationId>()))));
  }
  return known;
}

Result<> check_number(const Known& known, const std::vector<ImportedContract>& rows, size_t index) {
  const auto found = known.holders.find(static_cast<std::int64_t>(index) + 1);
  if (found == known.holders.end()) return {};
  const auto& [place, holder, first_place] = found->second;
  const auto& row = rows[index];
  if (holder && *holder != row.id) {
    return fail(Reason::already_exists, "number", "contract " + to_string(*holder) + " has this number");
  }
  if (rows[static_cast<size_t>(first_place) - 1].id != row.id) {
    return fail(Reason::duplicate_conflict, "number", "an earlier row has this number");
  }
  return {};
}

Result<> enter(events::UnitOfWork& work, Standing standing, const ImportedContract& row) {
  // The book that the row comes from vouches for its location, of which accounts may not have told yet.
  standing.account_of_location = row.account_id;
  enter_contract(work, TRY(create(creation_of(row), standing, work.now)));
  return {};
}

// What has fallen due stays said, also when the amendment is refused.
Result<> amend_existing(events::UnitOfWork& work, const ImportedContract& row) {
  const auto before = TRY(hold_contract(work, row.id));
  const auto amended = amend_held(work, before, amendment_of(row));
  if (!amended) {
    TRY(leave_contract(work, before, due_next(before)));
    return amended.error();
  }
  return {};
}

// Whether the row is at fault, and not the system.
bool is_verdict(const Error& error) {
  switch (error.code()) {
    case Code::invalid:
    case Code::not_found:
    case Code::already_exists:
    case Code::conflict:
    case Code::precondition:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<Verdicts> import_contracts(events::UnitOfWork& work, const ImportContracts& command) {
  const auto& rows = command.contracts;
  if (rows.size() > max_import_rows) return too_many("contracts", max_import_rows, "rows");
  auto known = TRY(load(work, rows));
  Verdicts answer;
  for (size_t index = 0; index < rows.size(); ++index) {
    const auto& row = rows[index];
    const auto& id = row.id.uuid;
    const auto fingerprint = fingerprint_of(row);
    if (const auto before = known.fingerprints.find(id);
        before != known.fingerprints.end() && before->second == fingerprint) {
      answer.verdicts.push_back({id, Verdict::unchanged});
      continue;
    }
    const bool exists = known.existing.contains(id);
    Result<> done = check_number(known, rows, index);
    if (done) done = exists ? amend_existing(work, row) : enter(work, known.standings.at(row.account_id.uuid), row);
    if (!done && !is_verdict(done.error())) return done.error();
    if (!done) {
      answer.verdicts.push_back(rejected_row(id, done.error()));
      continue;
    }
    keep_fingerprint(work, id, fingerprint);
    known.fingerprints[id] = fingerprint;
    known.existing.insert(id);
    answer.verdicts.push_back({id, exists ? Verdict::updated : Verdict::created});
  }
  return answer;
}

}  // namespace holdfast::contracts
