#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "notifications/app/tests/agency_book.h"
#include "notifications/channels/tests/child_server.h"
#include "notifications/domain/ticket.h"
#include "notifications/events/reactions.h"
#include "notifications/sending/dispatcher.h"
#include "runtime/testing/looks.h"

namespace holdfast::notifications {

using namespace std::chrono_literals;

inline constexpr sql::Statement states_in_order{"test.delivery_states",
                                                "SELECT state || ' ' || attempts FROM deliveries ORDER BY position"};
inline constexpr sql::Statement delivery_ids{"test.delivery_ids", "SELECT id FROM deliveries ORDER BY position"};
inline constexpr sql::Statement bodies_left{"test.bodies_left", "SELECT count(*) FROM webhook_bodies"};
inline constexpr sql::Statement rows_left{
    "test.rows_left",
    "SELECT (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM lanes) + "
    "(SELECT count(*) FROM deliveries) + (SELECT count(*) FROM delivery_attempts)"};
using testing::held_up;
using testing::outbox_types;

// Subscriptions of one agency, a server that they point to, and a dispatcher that is stepped by hand.
struct Dispatching : ::testing::Test, AgencyBook {
  void SetUp() override { on_any_event(consumer, webhooks); }

  std::string url(const std::string& path) {
    return fmt::format("http://localhost:{}{}", server.ready().at("http").get<int>(), path);
  }
  CreatedSubscription subscribe_with(const CreateSubscription& command) {
    const auto created =
        transactor.run(call, [&](events::UnitOfWork& work) { return create_subscription(work, webhooks, command); });
    EXPECT_TRUE(created) << describe(created.error());
    return *created;
  }
  CreatedSubscription subscribe(const std::string& path) { return subscribe_with({.callback_url = url(path)}); }

  // A ticket was opened for this account.
  events::Event opened(const AccountId& of) {
    return events::encode(TicketOpened{{.id = TicketId{new_uuid()},
                                        .account_id = of,
                                        .name = "Circuit down",
                                        .priority = Priority::p1,
                                        .opened_at = clock.now()}},
                          agency, clock.now());
  }
  // It is handled; answers with the event's id.
  std::string happen(const AccountId& of) {
    const auto event = opened(of);
    const auto handled = consumer.handle("notifications.webhooks", event);
    EXPECT_TRUE(handled) << describe(handled.error());
    return to_string(event.id);
  }
  // Fires what is due once, waits for the attempts; the webhook-ids that the server saw.
  std::vector<std::string> step(int expected) {
    timers::Timers timers(transactor, clock, {});
    Dispatcher dispatcher(transactor, webhooks, timers, options);
    const auto fired = timers.fire_due(webhook_timer);
    EXPECT_TRUE(fired) << describe(fired.error());
    dispatcher.stop();
    std::vector<std::string> seen;
    for (int count = 0; count < expected; ++count) {
      last_seen = server.next();
      seen.push_back(last_seen.at("headers").at("webhook-id"));
    }
    return seen;
  }
  template <class T>
  std::vector<T> all(const sql::Statement& statement) {
    return *database.read(call, [&](sql::Transaction& transaction) { return transaction.many<T>(statement); });
  }
  std::vector<std::string> states() { return all<std::string>(states_in_order); }
  DeliveryWithAttempts delivery(size_t place) {
    const auto id = all<DeliveryId>(delivery_ids).at(place);
    return *database.read(call, [&](sql::Transaction& tx) { return get_delivery(tx, {id}); });
  }
  SubscriptionState state_of(const CreatedSubscription& created) {
    return database.read(call, [&](sql::Transaction& tx) { return get_subscription(tx, {created.subscription.id}); })
        ->state;
  }
  template <class Verb>
  void command(Verb verb) {
    const auto done = transactor.run(call, [&](events::UnitOfWork& work) { return verb(work); });
    ASSERT_TRUE(done) << describe(done.error());
  }
  void pass_a_retry() { clock.advance(12s); }  // the first step of the schedule and its jitter

  ChildServer server{"webhook_receiver.py"};
  secrets::KeyRing keys = *secrets::KeyRing::from_text("k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
  Webhooks webhooks{clock, keys, {.allow_private_targets = true}, [] {}};
  Dispatcher::Options options{.sending = {.rules = webhooks.rules}, .workers = 4, .per_target = 2};
  events::Consumer consumer{transactor, {.group = "test"}};
  AccountId other{new_uuid()};
  nlohmann::json last_seen;
};

}  // namespace holdfast::notifications
