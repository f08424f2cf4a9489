#include <atomic>

#include "runtime/events/tests/events_fixture.h"

namespace holdfast::events {
namespace {

using RedriveTest = EventsTest;

TEST_F(RedriveTest, ARedrivenDeadLetterIsHandledAndGone) {
  create_topic();
  std::atomic<bool> mended{false};
  std::atomic<int> effects{0};
  Consumer consumer(transactor, consumer_options());
  std::string request_id;
  consumer.on("test.picky", "", [&](UnitOfWork& unit, const Event&) -> Result<> {
    if (!mended) return fail(Reason::field_invalid, "bad text");
    ++effects;
    request_id = unit.call().request_id;
    return {};
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  const auto event = happened("a", "bad");
  ASSERT_TRUE(publish({event}));
  ASSERT_TRUE(becomes(dead_letters, 1));

  EXPECT_EQ(consumer.redrive("test.picky", event.id).error().reason, Reason::field_invalid);
  EXPECT_EQ(value<std::int64_t>(dead_letters), 1) << "what is not handled stays a dead letter";
  mended = true;
  EXPECT_EQ(consumer.redrive("test.picky", event.id, AgencyId{new_uuid()}).error().reason,
            Reason::dead_letter_not_found);
  EXPECT_TRUE(consumer.redrive("test.picky", event.id, agency));
  EXPECT_EQ(effects, 1);
  EXPECT_EQ(request_id, call.request_id);
  EXPECT_EQ(value<std::int64_t>(dead_letters), 0);
  EXPECT_EQ(consumer.redrive("test.picky", event.id).error().reason, Reason::dead_letter_not_found);
  EXPECT_TRUE(consumer.handle("test.picky", event));
  EXPECT_EQ(effects, 1) << "Kafka may bring it again";
}

TEST_F(RedriveTest, AllDeadLettersOfAHandlerAndTopicAreRedrivenAndWhatIsRefusedKeepsNoneUp) {
  create_topic();
  std::atomic<bool> mended{false};
  std::vector<std::int64_t> handled;  // by this thread, once mended
  Consumer consumer(transactor, consumer_options());
  consumer.on("test.picky", "", [&](UnitOfWork&, const Event& event) -> Result<> {
    if (!mended || event.sequence == 2) return fail(Reason::field_invalid, "bad text");
    handled.push_back(event.sequence);
    return {};
  });
  consumer.start();
  Relay relay(database, outbox, relay_options());
  relay.start();
  ASSERT_TRUE(publish({happened("a", "1"), happened("a", "2"), happened("a", "3"), happened("a", "4")}));
  ASSERT_TRUE(becomes(dead_letters, 4));
  mended = true;
  const auto all = [&](const std::string& of_topic, std::optional<AgencyId> of = {}) {
    return consumer.redrive_all("test.picky", of_topic, of, call.deadline);
  };
  EXPECT_EQ(all("another.topic").error().reason, Reason::dead_letter_not_found);
  EXPECT_EQ(all(topic, AgencyId{new_uuid()}).error().reason, Reason::dead_letter_not_found);
  EXPECT_EQ(consumer.redrive_all("test.other", topic, {}, call.deadline).error().reason, Reason::field_invalid);
  const auto late = consumer.redrive_all("test.picky", topic, {}, std::chrono::steady_clock::now());
  ASSERT_TRUE(late);
  EXPECT_EQ(late->redriven, 0);
  EXPECT_EQ(late->left, 4) << "for another call";

  const auto done = all(topic, agency);
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(done->redriven, 3);
  EXPECT_EQ(done->refused, 1);
  EXPECT_EQ(done->left, 0);
  EXPECT_EQ(done->first_refusal->reason, Reason::field_invalid);
  EXPECT_EQ(handled, (std::vector<std::int64_t>{1, 3, 4}));
  EXPECT_EQ(value<std::int64_t>(dead_letters), 1);
}

}  // namespace
}  // namespace holdfast::events
