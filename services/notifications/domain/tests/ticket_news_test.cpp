#include "notifications/domain/ticket_news.h"

#include <gtest/gtest.h>

namespace holdfast::notifications {
namespace {

using enum TicketStatus;
using Event = TicketEvent;

struct Case {
  Event event;
  std::optional<Promise> promise;
  TicketStatus status;  // in the morning
  bool tells;
};

TEST(TicketNews, InTheMorningOnlyWhatIsStillTrueIsTold) {
  const Case cases[] = {
      {Event::opened, {}, acknowledged, true},
      {Event::opened, {}, in_progress, true},
      {Event::opened, {}, held, true},
      {Event::opened, {}, resolved, false},
      {Event::opened, {}, cancelled, false},
      {Event::opened, {}, rejected, false},
      {Event::assigned, {}, in_progress, true},
      {Event::assigned, {}, pending, true},
      {Event::assigned, {}, resolved, false},
      {Event::resolved, {}, resolved, true},
      {Event::resolved, {}, closed, true},
      {Event::resolved, {}, in_progress, false},
      {Event::warning, Promise::acknowledge, acknowledged, true},
      {Event::warning, Promise::acknowledge, in_progress, false},
      {Event::warning, Promise::acknowledge, resolved, false},
      {Event::warning, Promise::restore, acknowledged, true},
      {Event::warning, Promise::restore, in_progress, true},
      {Event::warning, Promise::restore, pending, true},
      {Event::warning, Promise::restore, resolved, false},
      {Event::warning, Promise::restore, cancelled, false},
      {Event::breached, Promise::restore, resolved, true},
      {Event::breached, Promise::acknowledge, in_progress, true},
  };
  for (const auto& [event, promise, status, tells] : cases) {
    const TicketNews news{.event = event, .promise = promise, .status = status};
    EXPECT_EQ(still_true(news), tells) << to_string(event) << " when " << to_string(status);
  }
}

TEST(TicketNews, AWarningIsOvertakenOnceThePromiseIsBroken) {
  const TicketNews news{.event = Event::warning, .promise = Promise::restore, .broken = true, .status = in_progress};
  EXPECT_FALSE(still_true(news));
}

TEST(TicketNews, NobodyIsToldOfATicketThatSomebodyElseHas) {
  const TicketNews news{.event = Event::assigned, .reassigned = true, .status = in_progress};
  EXPECT_FALSE(still_true(news));
}

}  // namespace
}  // namespace holdfast::notifications
