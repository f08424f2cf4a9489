// What runtime/sql says of transactions, and the scenarios' own statements.

#include <cstdio>
#include <cstdlib>

#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

Answer begin(Session& session, Parameters) {
  session.begin();
  return {{}, "BEGIN", ""};
}

Answer commit(Session& session, Parameters) { return session.commit(); }

Answer roll_back(Session& session, Parameters) {
  session.end();
  return {{}, "ROLLBACK", ""};
}

// Row-level security is not modelled.
Answer set_context(Session& session, Parameters given) {
  session.statement_timeout = session.idle_timeout = std::stoll(*given[1]) * millisecond;
  return selected({{given[0], given[1], given[1]}});
}

Answer prepare_one_read(Session& session, Parameters given) {
  session.statement_timeout = std::stoll(*given[1]) * millisecond;
  return selected({{given[0], given[1], "on"}});
}

Answer set_agencies(Session&, Parameters given) { return selected({{given[0]}}); }

Answer limit_lock_waits(Session& session, Parameters given) {
  session.lock_timeout = std::stoll(*given[0]) * millisecond;
  return selected({{given[0]}});
}

Answer do_not_flush(Session& session, Parameters) {
  session.to_disk = false;
  return selected({{"off"}});
}

Answer remove_without_flush(Session& session, Parameters) {
  session.to_disk = false;
  return selected({{"off", "off"}});
}

Answer commit_so_far(Session& session, Parameters) { return session.commit_so_far(); }

Answer insert_fact(Session& session, Parameters given) {
  session.transaction_id();
  session.written.facts[*given[0]] = Row(given.begin(), given.end());
  return inserted(1);
}

Answer insert_effect(Session& session, Parameters given) {
  session.transaction_id();
  session.written.effects[session.new_number()] = EffectRow{*given[0], *given[1], integer_of(*given[2])};
  return inserted(1);
}

// As read committed counts: two at the same time come to the same number.
Answer insert_next_effect(Session& session, Parameters given) {
  std::int64_t number = 1;
  const auto count = [&](const EffectRow& row) {
    number += row.cause == *given[0] && row.subject == *given[1] ? 1 : 0;
  };
  for (const auto& [key, row] : session.committed().effects) count(row);
  for (const auto& [key, row] : session.written.effects) count(*row);
  session.transaction_id();
  session.written.effects[session.new_number()] = EffectRow{*given[0], *given[1], number};
  auto answer = inserted(1);
  answer.rows.push_back({bytes_of(number)});
  return answer;
}

Answer raise_record(Session& session, Parameters given) {
  session.lock("facts/" + *given[0]);
  const auto row = seen(session.committed().facts, session.written.facts, *given[0]);
  const auto number = bytes_of(row ? integer_of(*(*row)[1]) + 1 : 1);
  session.written.facts[*given[0]] = Row{given[0], number};
  auto answer = inserted(1);
  answer.rows.push_back({number});
  return answer;
}

Answer read_record(Session& session, Parameters given) {
  const auto row = session.committed().facts.find(*given[0]);
  return selected({{row == session.committed().facts.end() ? bytes_of(0) : row->second[1]}});
}

}  // namespace

const Statements& statements() {
  static const Statements all = [] {
    Statements made;
    add_transaction_statements(made);
    add_outbox_statements(made);
    add_inbox_statements(made);
    add_timer_statements(made);
    add_contract_statements(made);
    add_webhook_statements(made);
    add_scenario_statements(made);
    return made;
  }();
  return all;
}

const NamedStatement& statement_named(std::string_view name) {
  const auto found = statements().find(name);
  if (found != statements().end()) return *found;
  std::fprintf(stderr, "simulation: the store does not know the statement %.*s\n", static_cast<int>(name.size()),
               name.data());
  std::abort();
}

void add_transaction_statements(Statements& all) {
  all["database.begin"] = {{}, {}, &begin};
  all["database.begin_read_only"] = {{}, {}, &begin};
  const std::vector three_settings(3, std::pair<std::string, unsigned>("set_config", text));
  all["database.set_context"] = {{text, text}, three_settings, &set_context};
  all["database.prepare_one_read"] = {{text, text}, three_settings, &prepare_one_read};
  all["database.commit"] = {{}, {}, &commit};
  all["database.do_not_flush"] = {{}, {{"set_config", text}}, &do_not_flush};
  all["connection.rollback"] = {{}, {}, &roll_back};
  all["transaction.set_agencies"] = {{text}, {{"set_config", text}}, &set_agencies};
  all["sql.limit_lock_waits"] = {{text}, {{"set_config", text}}, &limit_lock_waits};
  all["events.mutants.commit_so_far"] = {{}, {}, &commit_so_far};
  all["events.outbox.do_not_flush"] = {{}, {{"set_config", text}, {"set_config", text}}, &remove_without_flush};
}

void add_scenario_statements(Statements& all) {
  all["simulation.insert_fact"] = {{uuid}, {}, &insert_fact};
  all["simulation.insert_effect"] = {{text, uuid, int8}, {}, &insert_effect};
  all["simulation.insert_next_effect"] = {{text, uuid}, {{"number", int8}}, &insert_next_effect};
  all["simulation.raise_record"] = {{uuid}, {{"number", int8}}, &raise_record};
  all["simulation.read_record"] = {{uuid}, {{"coalesce", int8}}, &read_record};
}

}  // namespace holdfast::simulation
