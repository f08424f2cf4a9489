#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/events/kafka.h"

namespace holdfast::events {

struct Queued;

// An idempotent producer with acks=all. One thread; `send` blocks.
class Producer {
 public:
  explicit Producer(std::string brokers);
  ~Producer();

  // Sends a batch and waits until Kafka has acknowledged or refused each event, at most `patience`; the places in the
  // outbox (seq) of the acknowledged ones. If not all were, what is still in flight is purged and the producer is
  // rebuilt, since an idempotent one may be broken for good after a lost acknowledgement (librdkafka 4438): the caller
  // begins again at the oldest event, and what arrived without our knowing arrives twice, never out of order.
  std::vector<std::int64_t> send(std::span<const Queued> batch, std::chrono::milliseconds patience);

 private:
  struct Flight;

  bool start();
  bool produce(const Queued& event, Flight& flight, size_t place);

  const std::string brokers_;
  kafka::Handle handle_;
};

}  // namespace holdfast::events
