#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "runtime/events/kafka.h"
#include "runtime/events/rows.h"

struct rd_kafka_queue_s;

namespace holdfast::events {

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

// An idempotent producer with acks=all, and what is on its way to Kafka. One thread, and nothing blocks but `end`.
//
// Several batches may be on their way, one behind the other: of one partition, the order in which they were sent is
// that in which Kafka has them, as within a batch. An event is acknowledged only if all before it of its partition are.
// Once any was not, the producer sends nothing that follows it, and what is on its way has to be ended: an idempotent
// producer may be broken for good after a lost acknowledgement (librdkafka 4438). The caller begins again at the oldest
// event, and what arrived without our knowing arrives twice, never out of order. Messages travel to Kafka in requests
// that are refused as a whole: a refusal convicts an event only if it was sent alone.
class Producer {
 public:
  // `topic_patience`: how long a topic may be unknown to the cluster before its events are refused. `answered` is
  // called on a thread of librdkafka's when `poll` has something to do; it must not block, nor call the producer.
  Producer(kafka::Brokers brokers, std::chrono::milliseconds topic_patience, std::function<void()> answered);
  ~Producer();

  // Behind what is on its way.
  void send(std::vector<Queued> events);
  // Takes Kafka's answers.
  void poll();
  // Whether something was not acknowledged, or could not be sent: then nothing more is.
  bool is_broken() const { return broken_; }
  // Whether Kafka has yet to answer for some of what was sent.
  bool is_waiting() const { return unanswered() > 0; }
  // The batches that were acknowledged whole since, whichever was first: they are no longer on their way.
  std::vector<std::vector<Queued>> landed();
  // Whether there is any.
  bool has_landed() const;

  bool is_idle() const { return on_the_way_.empty(); }
  size_t events() const { return events_; }
  size_t bytes() const { return bytes_; }  // of payload
  // The places in the outbox of what is on its way.
  std::vector<std::int64_t> places() const;
  // Whether the oldest batch has been that for `patience` without being acknowledged, or for `stall` since its last
  // answer while Kafka answered something.
  bool is_late(std::chrono::milliseconds patience, std::chrono::milliseconds stall) const;

  struct Ended {
    std::vector<Queued> events;  // all that was on its way
    Sent report;                 // what became of it
  };
  // Sends nothing more, takes the answers that there are and forgets the rest. Waits for librdkafka, up to 2 s for a
  // purge and as long for its end, unless all was acknowledged.
  Ended end();

 private:
  using Clock = std::chrono::steady_clock;
  struct Batch;
  struct QueueDeleter {
    void operator()(rd_kafka_queue_s* queue) const;
  };

  bool start();
  int produce(const Queued& event, void* slot);
  void purge();
  size_t unanswered() const;

  const kafka::Brokers brokers_;
  const std::chrono::milliseconds topic_patience_;
  const std::function<void()> answered_;
  std::list<Batch> on_the_way_;  // before the handle: delivery reports point into it
  size_t events_ = 0, bytes_ = 0;
  bool broken_ = false;
  Clock::time_point heard_at_{};  // Kafka's last answer
  kafka::Handle handle_;
  std::unique_ptr<rd_kafka_queue_s, QueueDeleter> answers_;  // ends before the handle
};

}  // namespace holdfast::events
