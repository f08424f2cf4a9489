// What contracts says to its tables while time passes: a contract is a row of cells, whatever they mean. Its terms are
// written and never read here.

#include "columns.h"
#include "contracts/domain/history.h"
#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

Answer insert_contract(Session& session, Parameters given) {
  session.lock("contracts/" + *given[1]);
  session.written.contracts[*given[1]] = Row(given.begin() + 1, given.end());
  return inserted(1);
}

std::optional<Row> locked(Session& session, const std::string& id) {
  const auto current = [&] { return seen(session.committed().contracts, session.written.contracts, id); };
  if (!current()) return std::nullopt;
  session.lock("contracts/" + id);
  return current();
}

Answer lock_contract(Session& session, Parameters given) {
  auto row = locked(session, *given[0]);
  return row ? selected({*std::move(row)}) : selected({});
}

// Of each a row, in the order that is given: of nulls if there is none.
Answer lock_due(Session& session, Parameters given) {
  static const Row none(columns_of<contracts::Contract>().size());
  std::vector<Row> rows;
  for (const auto& id : elements_of(*given[1])) rows.push_back(locked(session, id).value_or(none));
  return selected(std::move(rows));
}

Answer store_contract(Session& session, Parameters given) {
  if (!locked(session, *given[1])) return updated(0);
  session.written.contracts[*given[1]] = Row(given.begin() + 1, given.end());
  return updated(1);
}

Answer insert_entry(Session& session, Parameters given) {
  session.transaction_id();
  session.written.ledger[session.new_number()] = EntryRow{.contract = *given[1],
                                                          .kind = *given[3],
                                                          .term_end = integer_of(*given[5]),
                                                          .lead_days = integer_of(*given[6]),
                                                          .effective_at = integer_of(*given[8])};
  return inserted(1);
}

Answer insert_term(Session& session, Parameters) {
  session.transaction_id();
  return inserted(1);
}

}  // namespace

void add_contract_statements(Statements& all) {
  const auto contract = columns_of<contracts::Contract>();
  const auto written = behind<contracts::Contract>({uuid});
  all["contracts.contracts.insert_contract"] = {written, {}, &insert_contract};
  all["contracts.contracts.store_contract"] = {written, {}, &store_contract};
  all["contracts.contracts.lock_contract"] = {{uuid}, contract, &lock_contract};
  all["contracts.contracts.lock_due"] = {{uuid_array, uuid_array}, contract, &lock_due};
  all["contracts.terms.insert_entry"] = {behind<contracts::LedgerEntry>({uuid, uuid}), {}, &insert_entry};
  all["contracts.terms.insert_term"] = {behind<contracts::Term>({uuid, uuid}), {}, &insert_term};
}

}  // namespace holdfast::simulation
