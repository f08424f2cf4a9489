#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "runtime/events/kafka.h"

namespace holdfast::events {

struct Queued;

// An event that Kafka will not take however often it is asked.
struct Refusal {
  std::int64_t seq;
  bool of_topic;       // refused with its whole topic (unknown, forbidden, its settings); else for its size
  std::string reason;  // Kafka's words
};

struct Sent {
  std::vector<std::int64_t> acknowledged;  // places in the outbox
  std::vector<Refusal> refused;
};

// An idempotent producer with acks=all. One thread; `send` blocks.
class Producer {
 public:
  // `topic_patience`: how long a topic may be unknown to the cluster before its events are refused.
  Producer(kafka::Brokers brokers, std::chrono::milliseconds topic_patience);
  ~Producer();

  // Sends a batch and waits until Kafka has acknowledged or refused each event, at most `patience`, at most `stall`
  // after it has last answered one, and only while `go_on` says so: it is asked every 100 ms. An event is acknowledged
  // only if all before it of its partition are. If not all were, what is still in flight is purged and the producer is
  // rebuilt, since an idempotent one may be broken for good after a lost acknowledgement (librdkafka 4438): the caller
  // begins again at the oldest event, and what arrived without our knowing arrives twice, never out of order. Messages
  // travel to Kafka in batches that are refused as a whole: a refusal convicts an event only if it was sent alone.
  Sent send(std::span<const Queued> batch, std::chrono::milliseconds patience, std::chrono::milliseconds stall,
            const std::function<bool()>& go_on);

 private:
  struct Flight;

  bool start();
  int produce(const Queued& event, Flight& flight, size_t place);
  void wait(const Flight& flight, size_t sent, std::chrono::milliseconds patience, std::chrono::milliseconds stall,
            const std::function<bool()>& go_on);
  void land(Flight& flight, size_t sent);

  const kafka::Brokers brokers_;
  const std::chrono::milliseconds topic_patience_;
  kafka::Handle handle_;
};

}  // namespace holdfast::events
