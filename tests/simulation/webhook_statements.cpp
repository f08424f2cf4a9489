// What notifications says of webhooks to its tables.

#include <algorithm>

#include "columns.h"
#include "notifications/domain/delivery.h"
#include "notifications/domain/subscription.h"
#include "statements.h"

namespace holdfast::simulation {
namespace {

using namespace types;

constexpr unsigned boolean = 16;
// A subscription is a row of cells, of which a few are read: its columns, then its secret's key and bytes.
constexpr size_t event_names = 3, account_ids = 4, state = 5, version = 7, subscription_columns = 8;

std::string lock_of(const LaneKey& lane) { return "lanes/" + lane.first + "/" + lane.second; }

std::optional<LaneRow> current(Session& session, const LaneKey& lane) {
  return seen(session.committed().lanes, session.written.lanes, lane);
}

// Once it is ours; none where there is none.
std::optional<LaneRow> locked_lane(Session& session, const LaneKey& lane) {
  if (!current(session, lane)) return std::nullopt;
  session.lock(lock_of(lane));
  return current(session, lane);
}

std::optional<DeliveryRow> delivery(Session& session, const std::string& id) {
  return seen(session.committed().deliveries, session.written.deliveries, id);
}

std::optional<DeliveryRow> locked_delivery(Session& session, const std::string& id) {
  if (!delivery(session, id)) return std::nullopt;
  session.lock("deliveries/" + id);
  return delivery(session, id);
}

std::optional<Row> subscription(Session& session, const std::string& id) {
  return seen(session.committed().subscriptions, session.written.subscriptions, id);
}

std::optional<Row> locked_subscription(Session& session, const std::string& id) {
  if (!subscription(session, id)) return std::nullopt;
  session.lock("subscriptions/" + id);
  return subscription(session, id);
}

Row cells_of(const DeliveryRow& row) {
  return {row.id,
          row.subscription,
          row.event,
          row.event_name,
          row.account,
          row.state,
          bytes_of(row.attempts, 4),
          row.next_attempt_at,
          row.created_at,
          row.ended_at,
          bytes_of(row.version)};
}

Answer keep_body(Session& session, Parameters given) {
  session.lock("bodies/" + *given[1]);
  if (seen(session.committed().bodies, session.written.bodies, *given[1])) return inserted(0);
  session.written.bodies[*given[1]] = *given[2];
  return inserted(1);
}

Answer load_body(Session& session, Parameters given) {
  const auto body = seen(session.committed().bodies, session.written.bodies, *given[0]);
  return body ? selected({{*body}}) : selected({});
}

Answer open_lanes(Session& session, Parameters given) {
  auto subscriptions = elements_of(*given[1]);
  std::ranges::sort(subscriptions);
  for (const auto& id : subscriptions) {
    const LaneKey lane{id, *given[2]};
    session.lock(lock_of(lane));
    auto row = current(session, lane).value_or(LaneRow{});
    if (!row.next_due) row.next_due = integer_of(*given[3]);
    session.written.lanes[lane] = row;
  }
  return inserted(subscriptions.size());
}

Answer insert_deliveries(Session& session, Parameters given) {
  static const std::string nobody(16, '\0');
  const auto ids = elements_of(*given[1]), subscriptions = elements_of(*given[2]);
  size_t count = 0;
  for (size_t index = 0; index < ids.size(); ++index) {
    const auto& of = subscriptions[index];
    session.lock("deliveries_once/" + of + "/" + *given[3]);
    bool is_there = false;
    for_each_seen(session.committed().deliveries, session.written.deliveries, [&](const auto&, const DeliveryRow& row) {
      is_there = is_there || (row.subscription == of && row.event == *given[3]);
    });
    if (is_there) continue;
    session.written.deliveries[ids[index]] = {.id = ids[index],
                                              .subscription = of,
                                              .event = *given[3],
                                              .event_name = *given[4],
                                              .lane = *given[5],
                                              .account = *given[5] == nobody ? Cell() : given[5],
                                              .state = "pending",
                                              .created_at = *given[7],
                                              .next_attempt_at = given[6],
                                              .position = session.new_number()};
    ++count;
  }
  return inserted(count);
}

Answer due_lanes(Session& session, Parameters given) {
  std::vector<std::pair<std::int64_t, LaneKey>> due;
  for_each_seen(session.committed().lanes, session.written.lanes, [&](const LaneKey& lane, const LaneRow& row) {
    if (lane.first == *given[0] && row.next_due && *row.next_due <= integer_of(*given[1]))
      due.emplace_back(*row.next_due, lane);
  });
  std::ranges::sort(due);
  const auto most = static_cast<size_t>(integer_of(*given[2]));
  std::vector<Row> rows;
  for (const auto& [when, lane] : due) {
    if (rows.size() == most) break;
    if (session.lock_at_once(lock_of(lane))) rows.push_back({lane.second});
  }
  return selected(std::move(rows));
}

// The earliest of a subscription's lanes that count, or null.
template <class Counts>
Answer earliest(Session& session, const std::string& of, Counts counts) {
  std::optional<std::int64_t> first;
  for_each_seen(session.committed().lanes, session.written.lanes, [&](const LaneKey& lane, const LaneRow& row) {
    if (lane.first == of && row.next_due && counts(row)) first = std::min(*row.next_due, first.value_or(*row.next_due));
  });
  return selected({{first ? Cell(bytes_of(*first)) : Cell()}});
}

Answer next_lane(Session& session, Parameters given) {
  return earliest(session, *given[0], [](const LaneRow&) { return true; });
}

Answer next_lease(Session& session, Parameters given) {
  const auto now = integer_of(*given[1]);
  return earliest(session, *given[0], [now](const LaneRow& row) { return row.claimed && *row.next_due > now; });
}

Answer lock_lane(Session& session, Parameters given) {
  const auto row = locked_lane(session, {*given[0], *given[1]});
  if (!row) return selected({});
  return selected({{row->next_due ? Cell(bytes_of(*row->next_due)) : Cell()}});
}

Answer set_lane(Session& session, Parameters given) {
  const LaneKey lane{*given[0], *given[1]};
  if (!locked_lane(session, lane)) return updated(0);
  session.written.lanes[lane] = {given[2] ? std::optional(integer_of(*given[2])) : std::nullopt, (*given[3])[0] != 0};
  return updated(1);
}

Answer hurry_lanes(Session& session, Parameters given) {
  const auto now = integer_of(*given[1]);
  std::vector<LaneKey> waiting;
  for_each_seen(session.committed().lanes, session.written.lanes, [&](const LaneKey& lane, const LaneRow& row) {
    if (lane.first == *given[0] && !row.claimed && row.next_due && *row.next_due > now) waiting.push_back(lane);
  });
  size_t count = 0;
  for (const auto& lane : waiting) {
    if (!session.lock_at_once(lock_of(lane))) continue;
    session.written.lanes[lane] = {now, false};
    ++count;
  }
  return updated(count);
}

// The first in that order of what has not ended in a lane.
template <class Order>
Answer first_of_lane(Session& session, Parameters given, Order order) {
  const DeliveryRow* first = nullptr;
  for_each_seen(session.committed().deliveries, session.written.deliveries, [&](const auto&, const DeliveryRow& row) {
    if (row.subscription != *given[0] || row.lane != *given[1] || row.ended_at) return;
    if (!first || order(row) < order(*first)) first = &row;
  });
  return first ? selected({cells_of(*first)}) : selected({});
}

Answer head_of_lane(Session& session, Parameters given) {
  return first_of_lane(session, given, [](const DeliveryRow& row) { return row.position; });
}

// The bug on purpose.
Answer first_due_of_lane(Session& session, Parameters given) {
  return first_of_lane(session, given, [](const DeliveryRow& row) {
    return std::pair(row.next_attempt_at ? integer_of(*row.next_attempt_at) : INT64_MAX, row.position);
  });
}

Answer load_tries(Session& session, Parameters given) {
  const auto row = delivery(session, *given[0]);
  return row ? selected({{bytes_of(row->tries, 4)}}) : selected({});
}

Answer lock_delivery(Session& session, Parameters given) {
  const auto row = locked_delivery(session, *given[0]);
  return row ? selected({cells_of(*row)}) : selected({});
}

Answer update_delivery(Session& session, Parameters given) {
  auto row = locked_delivery(session, *given[0]);
  if (!row) return updated(0);
  row->state = *given[1];
  row->attempts = integer_of(*given[2]);
  row->next_attempt_at = given[3];
  row->ended_at = given[4];
  row->version = integer_of(*given[5]);
  row->tries = integer_of(*given[6]);
  session.written.deliveries[*given[0]] = *std::move(row);
  return updated(1);
}

Answer insert_attempt(Session& session, Parameters given) {
  session.transaction_id();
  session.written.attempts[{*given[1], integer_of(*given[2])}] = {integer_of(*given[3]), integer_of(*given[4]),
                                                                  integer_of(*given[5])};
  return inserted(1);
}

Answer insert_subscription(Session& session, Parameters given) {
  session.lock("subscriptions/" + *given[1]);
  session.written.subscriptions[*given[1]] = Row(given.begin() + 1, given.end());
  return inserted(1);
}

Answer load_subscription(Session& session, Parameters given) {
  const auto row = subscription(session, *given[0]);
  return row ? selected({Row(row->begin(), row->begin() + subscription_columns)}) : selected({});
}

Answer lock_subscription(Session& session, Parameters given) {
  const auto row = locked_subscription(session, *given[0]);
  return row ? selected({Row(row->begin(), row->begin() + subscription_columns)}) : selected({});
}

Answer update_subscription(Session& session, Parameters given) {
  auto row = locked_subscription(session, *given[0]);
  if (!row) return updated(0);
  (*row)[state] = given[1];
  (*row)[version] = given[2];
  session.written.subscriptions[*given[0]] = *std::move(row);
  return updated(1);
}

// No secret was changed for another.
Answer load_secrets(Session& session, Parameters given) {
  const auto row = subscription(session, *given[0]);
  if (!row) return selected({});
  return selected({{(*row)[subscription_columns], (*row)[subscription_columns + 1]}});
}

Answer matching_subscriptions(Session& session, Parameters given) {
  const auto asks_for = [](const Cell& array, const std::string& what) {
    const auto elements = elements_of(*array);
    return elements.empty() || std::ranges::count(elements, what) != 0;
  };
  std::vector<Row> rows;
  for_each_seen(session.committed().subscriptions, session.written.subscriptions, [&](const auto& id, const Row& row) {
    if (*row[state] == "disabled") return;
    if (asks_for(row[event_names], *given[0]) && asks_for(row[account_ids], *given[1])) rows.push_back({id});
  });
  return selected(std::move(rows));
}

}  // namespace

void add_webhook_statements(Statements& all) {
  const auto delivery = columns_of<notifications::Delivery>();
  const auto subscription = columns_of<notifications::Subscription>();
  const std::vector<unsigned> lane{uuid, uuid};
  const auto deliveries = [&](const std::string& name, Statement statement) {
    all["notifications.deliveries." + name] = std::move(statement);
  };
  deliveries("keep_body", {{uuid, uuid, text, timestamptz}, {}, &keep_body});
  deliveries("load_body", {{uuid}, {{"body", text}}, &load_body});
  deliveries("open_lanes", {{uuid, uuid_array, uuid, timestamptz}, {}, &open_lanes});
  deliveries("insert_deliveries",
             {{uuid, uuid_array, uuid_array, uuid, text, uuid, timestamptz, timestamptz}, {}, &insert_deliveries});
  deliveries("due_lanes", {{uuid, timestamptz, int8}, {{"lane", uuid}}, &due_lanes});
  deliveries("next_lane", {{uuid}, {{"min", timestamptz}}, &next_lane});
  deliveries("next_lease", {{uuid, timestamptz}, {{"min", timestamptz}}, &next_lease});
  deliveries("lock_lane", {lane, {{"next_due", timestamptz}}, &lock_lane});
  deliveries("set_lane", {{uuid, uuid, timestamptz, boolean}, {}, &set_lane});
  deliveries("hurry_lanes", {{uuid, timestamptz}, {}, &hurry_lanes});
  deliveries("head_of_lane", {lane, delivery, &head_of_lane});
  all["notifications.mutants.first_due_of_lane"] = {lane, delivery, &first_due_of_lane};
  deliveries("load_tries", {{uuid}, {{"tries", int4}}, &load_tries});
  deliveries("lock_delivery", {{uuid}, delivery, &lock_delivery});
  deliveries("update_delivery", {{uuid, text, int4, timestamptz, timestamptz, int8, int4}, {}, &update_delivery});
  deliveries("insert_attempt", {behind<notifications::DeliveryAttempt>({uuid, uuid}), {}, &insert_attempt});

  const std::string subscriptions = "notifications.subscriptions.";
  auto whole = behind<notifications::Subscription>({uuid});
  whole.insert(whole.end(), {text, bytea});
  all[subscriptions + "insert_subscription"] = {whole, {}, &insert_subscription};
  all[subscriptions + "load_subscription"] = {{uuid}, subscription, &load_subscription};
  all[subscriptions + "lock_subscription"] = {{uuid}, subscription, &lock_subscription};
  all[subscriptions + "update_subscription"] = {{uuid, text, int8}, {}, &update_subscription};
  all[subscriptions + "load_secrets"] = {{uuid, timestamptz}, {{"key_id", text}, {"bytes", bytea}}, &load_secrets};
  all[subscriptions + "matching_subscriptions"] = {{text, uuid}, {{"id", uuid}}, &matching_subscriptions};
}

}  // namespace holdfast::simulation
