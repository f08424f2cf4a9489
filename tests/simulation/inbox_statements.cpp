// What runtime/events says to the inbox and to dead letters.

#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

// Whoever takes the same just now is waited for; who has taken it is not.
bool received(Session& session, const InboxKey& key) {
  const auto is_taken = [&] { return seen(session.committed().inbox, session.written.inbox, key).has_value(); };
  if (is_taken()) return false;
  session.lock("inbox/" + key.first + "/" + key.second);
  if (is_taken()) return false;
  session.written.inbox[key] = session.now();
  return true;
}

// Plans are not modelled.
Answer begin_handling(Session& session, Parameters given) {
  session.lock_timeout = std::stoll(*given[0]) * millisecond;
  return selected({{given[0], "off", "off"}});
}

Answer receive(Session& session, Parameters given) {
  return inserted(received(session, {*given[0], *given[1]}) ? 1 : 0);
}

Answer receive_all(Session& session, Parameters given) {
  const auto handlers = elements_of(*given[0]), events = elements_of(*given[1]);
  std::vector<Row> rows;
  for (size_t index = 0; index < handlers.size(); ++index) {
    if (received(session, {handlers[index], events[index]})) rows.push_back({handlers[index], events[index]});
  }
  auto answer = inserted(rows.size());
  answer.rows = std::move(rows);
  return answer;
}

Answer bury(Session& session, Parameters given) {
  session.lock("dead_letters/" + *given[0] + "/" + *given[1]);
  session.written.dead_letters[{*given[0], *given[1]}] = session.now();
  return inserted(1);
}

}  // namespace

void add_inbox_statements(Statements& all) {
  all["events.inbox.begin_handling"] = {
      {text}, {{"set_config", text}, {"set_config", text}, {"set_config", text}}, &begin_handling};
  all["events.inbox.receive"] = {{text, uuid}, {}, &receive};
  all["events.inbox.receive_all"] = {{text_array, uuid_array}, {{"handler", text}, {"event_id", uuid}}, &receive_all};
  all["events.inbox.bury"] = {
      {text, uuid, uuid, text, text, text, int8, timestamptz, bytea, text, text, text}, {}, &bury};
}

}  // namespace holdfast::simulation
