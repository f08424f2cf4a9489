#include "runtime/operations/quiescence.h"

#include "runtime/events/consumer.h"
#include "runtime/events/relay.h"
#include "runtime/operations/quiescence.sql.h"
#include "runtime/timers/timers.h"

namespace holdfast::operations {
namespace {

struct Waiting {
  std::optional<Instant> next_due;
  std::int64_t failing = 0;
  std::int64_t outbox_events = 0;
};

std::int64_t activity_of(const Subject& subject) {
  const auto* timers = subject.business_timers;
  return subject.consumer.handled() + subject.relay.sent() + (timers ? timers->fired() + timers->failed() : 0);
}

}  // namespace
}  // namespace holdfast::operations

template <>
struct holdfast::Fields<holdfast::operations::Waiting> {
  using T = operations::Waiting;
  static constexpr auto list = FieldList{Field{"next_due", &T::next_due}, Field{"failing", &T::failing},
                                         Field{"outbox_events", &T::outbox_events}};
};

namespace holdfast::operations {

Result<Standing> standing_of(const Subject& subject, const Call& call, Instant business_now) {
  const auto before = activity_of(subject);
  const auto kinds = subject.business_timers ? subject.business_timers->kinds() : std::vector<std::string>();
  const auto waiting = TRY(subject.database.read(call, [&](sql::Transaction& transaction) {
    return transaction.one<Waiting>(statements::standing, kinds, events::Outbox::max_counted);
  }));
  const auto unhandled = TRY(subject.consumer.unhandled());
  const auto activity = activity_of(subject);

  Standing standing{.service = {}, .next_due = waiting.next_due};
  const bool due = waiting.next_due && *waiting.next_due <= business_now;
  auto& service = standing.service;
  service.set_service(subject.name);
  service.set_activity(activity);
  service.set_timer_due(due);
  service.set_failing_timers(static_cast<std::int32_t>(waiting.failing));
  service.set_outbox_events(static_cast<std::int32_t>(waiting.outbox_events));
  service.set_unhandled_events(static_cast<std::int32_t>(unhandled));
  service.set_settled(!due && waiting.outbox_events == 0 && unhandled <= 0 && activity == before);
  return standing;
}

}  // namespace holdfast::operations
