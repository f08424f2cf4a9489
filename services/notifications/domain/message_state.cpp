#include "notifications/domain/message_state.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

namespace holdfast::notifications {
namespace {

template <class State>
using Changes = std::initializer_list<std::pair<State, State>>;

using enum MessageState;
constexpr Changes<MessageState> message_changes = {
    {initial, in_progress},   {initial, cancelled},  {initial, failed},       {in_progress, initial},
    {in_progress, completed}, {in_progress, failed}, {in_progress, cancelled}};

using Subscription = SubscriptionState;
constexpr Changes<Subscription> subscription_changes = {
    {Subscription::active, Subscription::paused},   {Subscription::active, Subscription::failing},
    {Subscription::active, Subscription::disabled}, {Subscription::paused, Subscription::active},
    {Subscription::paused, Subscription::disabled}, {Subscription::failing, Subscription::active},
    {Subscription::failing, Subscription::paused},  {Subscription::failing, Subscription::disabled},
    {Subscription::disabled, Subscription::active}};

using Delivery = DeliveryState;
constexpr Changes<Delivery> delivery_changes = {
    {Delivery::pending, Delivery::delivered},     {Delivery::pending, Delivery::retrying},
    {Delivery::pending, Delivery::dead_lettered}, {Delivery::retrying, Delivery::delivered},
    {Delivery::retrying, Delivery::retrying},     {Delivery::retrying, Delivery::dead_lettered},
    {Delivery::dead_lettered, Delivery::pending}, {Delivery::delivered, Delivery::pending}};

template <class State>
Result<State> check(Changes<State> allowed, State from, State to) {
  if (std::ranges::find(allowed, std::pair(from, to)) != allowed.end()) return to;
  std::string following;
  for (const auto& [before, after] : allowed) {
    if (before != from) continue;
    if (!following.empty()) following += ", ";
    following += to_string(after);
  }
  return fail(Reason::illegal_transition, std::string(to_string(from)) + " cannot become " +
                                              std::string(to_string(to)) +
                                              "; what may follow: " + (following.empty() ? "nothing" : following));
}

}  // namespace

Result<MessageState> change(MessageState from, MessageState to) { return check(message_changes, from, to); }
Result<SubscriptionState> change(SubscriptionState from, SubscriptionState to) {
  return check(subscription_changes, from, to);
}
Result<DeliveryState> change(DeliveryState from, DeliveryState to) { return check(delivery_changes, from, to); }

}  // namespace holdfast::notifications
