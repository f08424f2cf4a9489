#include "notifications/domain/subscription.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/core/etag.h"
#include "runtime/core/limits.h"

namespace holdfast::notifications {
namespace {

Result<> check_filters(const Subscription& command, const std::vector<std::string>& known_names) {
  if (command.event_names.size() > max_event_names) {
    return fail(Reason::field_too_long, "event_names",
                fmt::format("holds more than {} names; none stands for every event", max_event_names));
  }
  if (command.account_ids.size() > max_account_ids) {
    return fail(Reason::field_too_long, "account_ids",
                fmt::format("holds more than {} ids; none stands for every account", max_account_ids));
  }
  for (size_t index = 0; index < command.event_names.size(); ++index) {
    const auto& name = command.event_names[index];
    if (std::ranges::find(known_names, name) == known_names.end()) {
      return fail(Reason::field_invalid, fmt::format("event_names[{}]", index), "there is no such event");
    }
  }
  CHECK_OK(check_size("description", command.description, max_description_bytes));
  return {};
}

Result<std::string> checked_url(const std::string& url, const TargetRules& rules) {
  const auto target = check_target(url, rules);
  if (!target) return fail(target.error().reason, "callback_url", target.error().message);
  return target->url();
}

}  // namespace

Result<Subscription> subscribe(const CreateSubscription& command, const TargetRules& rules,
                               const std::vector<std::string>& known_names, Instant now) {
  auto url = TRY(checked_url(command.callback_url, rules));
  Subscription subscription{.id = command.id.value_or(new_id<SubscriptionId>(now)),
                            .callback_url = std::move(url),
                            .description = command.description,
                            .event_names = command.event_names,
                            .account_ids = command.account_ids,
                            .created_at = now};
  CHECK_OK(check_filters(subscription, known_names));
  return subscription;
}

Result<Subscription> change(Subscription subscription, const ChangeSubscription& command, const TargetRules& rules,
                            const std::vector<std::string>& known_names) {
  CHECK_OK(check_etag(subscription, command.etag));
  if (command.every_event && !command.event_names.empty()) {
    return fail(Reason::field_invalid, "every_event", "stands beside names");
  }
  if (command.every_account && !command.account_ids.empty()) {
    return fail(Reason::field_invalid, "every_account", "stands beside ids");
  }
  if (command.callback_url) subscription.callback_url = TRY(checked_url(*command.callback_url, rules));
  if (command.description) subscription.description = *command.description;
  if (command.every_event || !command.event_names.empty()) subscription.event_names = command.event_names;
  if (command.every_account || !command.account_ids.empty()) subscription.account_ids = command.account_ids;
  CHECK_OK(check_filters(subscription, known_names));
  ++subscription.version;
  return subscription;
}

Result<Subscription> change_state(Subscription subscription, SubscriptionState to) {
  if (subscription.state == to) return subscription;
  subscription.state = TRY(change(subscription.state, to));
  ++subscription.version;
  return subscription;
}

}  // namespace holdfast::notifications
