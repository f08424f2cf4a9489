#pragma once

#include <optional>
#include <string>
#include <vector>

#include "notifications/app/subscriptions.h"
#include "notifications/domain/delivery.h"
#include "runtime/events/event.h"

// Deliveries: an event's way to those who asked for it.
//
// Of one subscription and account (a lane) one delivery is attempted at a time, the oldest that is not through. Whoever
// changes a lane locks the lane first.
namespace holdfast::notifications {

// Makes a delivery for every subscription that asked for such an event. The same event again makes none.
Result<> make_deliveries(events::UnitOfWork& work, const Webhooks& webhooks, const events::Event& event);

// What one attempt takes.
struct ClaimedDelivery {
  AgencyId agency;
  Delivery delivery;
  int tries = 0;  // with this one
  std::string callback_url;
  std::string body;
  std::vector<secrets::Sealed> secrets;  // that sign it: two for a while after a rotation
};

struct Claims {
  std::vector<ClaimedDelivery> deliveries;
  std::optional<Instant> next_due;  // of the subscription's other lanes; may have passed
  // If it has: when the lease of one of its attempts ends. The attempt's end attends to the subscription before that.
  std::optional<Instant> lease_ends;
};

// Where a subscription's deliveries go now; nothing while it is not sent to.
Result<std::optional<std::string>> delivering_to(events::UnitOfWork& work, const SubscriptionId& subscription);

// Begins attempts for at most `most` lanes that are due. A lane that is claimed is due again when the lease ends.
Result<Claims> claim_deliveries(events::UnitOfWork& work, const SubscriptionId& subscription,
                                const std::string& callback_url, std::int64_t most, Instant system_now,
                                Instant lease_until);

// Records what an attempt came to, moves its lane on and attends to the subscription. Does nothing when the lease has
// ended and another attempt was begun since.
Result<> record_attempt(events::UnitOfWork& work, const Webhooks& webhooks, const ClaimedDelivery& claimed,
                        const Outcome& outcome, DeliveryAttempt attempt, const RandomFraction& random);

// How long the ledger goes back; what a paused subscription missed goes with it, what is still tried does not.
inline constexpr auto ledger_kept = std::chrono::days(30);

// Takes away what is older, and everything of a subscription that was deleted, a little at a time: when to go on, or
// nothing when nothing is left.
Result<std::optional<Instant>> forget_deliveries(events::UnitOfWork& work, const SubscriptionId& id,
                                                 Instant system_now);

struct GetDelivery {
  DeliveryId id;
};
struct DeliveryWithAttempts {
  Delivery delivery;
  std::vector<DeliveryAttempt> attempts;
};
Result<DeliveryWithAttempts> get_delivery(sql::Transaction& transaction, const GetDelivery& query);

struct ListDeliveries {
  SubscriptionId subscription_id;
  std::optional<DeliveryState> state;
  std::int32_t page_size = 0;
  std::string page_token;
};
struct DeliveryList {
  std::vector<Delivery> deliveries;
  std::string next_page_token;
};
Result<DeliveryList> list_deliveries(sql::Transaction& transaction, const ListDeliveries& query);

struct ReplayDeliveries {
  SubscriptionId subscription_id;
  std::optional<DeliveryId> delivery_id;
  std::optional<Instant> from;
};
struct Replayed {
  std::int32_t replayed = 0;
  std::optional<Instant> next_from;
};
inline constexpr std::int64_t max_replayed = 1000;
Result<Replayed> replay_deliveries(events::UnitOfWork& work, const Webhooks& webhooks, const ReplayDeliveries& command);

}  // namespace holdfast::notifications

namespace holdfast {

template <>
struct Fields<notifications::GetDelivery> {
  static constexpr auto list = FieldList{Field{"id", &notifications::GetDelivery::id}};
};

template <>
struct Fields<notifications::DeliveryWithAttempts> {
  using T = notifications::DeliveryWithAttempts;
  static constexpr auto list = FieldList{Field{"delivery", &T::delivery}, Field{"attempts", &T::attempts}};
};

template <>
struct Fields<notifications::ListDeliveries> {
  using T = notifications::ListDeliveries;
  static constexpr auto list = FieldList{Field{"subscription_id", &T::subscription_id}, Field{"state", &T::state},
                                         Field{"page_size", &T::page_size}, Field{"page_token", &T::page_token}};
};

template <>
struct Fields<notifications::DeliveryList> {
  using T = notifications::DeliveryList;
  static constexpr auto list =
      FieldList{Field{"deliveries", &T::deliveries}, Field{"next_page_token", &T::next_page_token}};
};

template <>
struct Fields<notifications::ReplayDeliveries> {
  using T = notifications::ReplayDeliveries;
  static constexpr auto list = FieldList{Field{"subscription_id", &T::subscription_id},
                                         Field{"delivery_id", &T::delivery_id}, Field{"from", &T::from}};
};

template <>
struct Fields<notifications::Replayed> {
  using T = notifications::Replayed;
  static constexpr auto list = FieldList{Field{"replayed", &T::replayed}, Field{"next_from", &T::next_from}};
};

}  // namespace holdfast
