#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/events/held_beginning.h"
#include "runtime/events/held_topics.h"
#include "runtime/events/kafka.h"
#include "runtime/events/outbox.h"
#include "runtime/events/producer.h"
#include "runtime/log/log.h"

namespace holdfast::sql {
class Database;
class Transaction;
}  // namespace holdfast::sql

namespace holdfast::events {

class Lease;
struct Queued;

// Brings a service's outbox to Kafka, in order. One thread of its own; any number of processes may run one, the lease
// lets one of them work. It is renewed while Kafka is waited for, and whoever loses it stops waiting.
//
// It never remembers "the last id": sequences are given out before commits, and a slow transaction's row may appear
// below one that was already sent. It reads the oldest rows, sends them, and deletes what Kafka acknowledged. Rows of
// one stream appear in order, because their counter is locked until the commit (Outbox::append). A crash between
// acknowledgement and delete sends events twice; consumers know them by their id. Two relays at once, one of which was
// overtaken in its sleep, do the same: each sends from the oldest on, so first deliveries are in order even then.
//
// While Kafka answers for one batch it reads and sends the next: the oldest rows but those that are on their way, each
// known by its own place, since a row between them may have appeared later. Once anything fails, be it Kafka, the
// database or the lease, all that is on its way is let go, and it begins again at the oldest. While a topic is held
// back or events are sent alone, one batch at a time is on its way.
//
// An event that Kafka refuses for good is parked: a dead letter of the handler "relay". One that is refused for its
// size, at once; those of a topic that Kafka does not know, forbids us or has settings for that refuse any event, after
// `topic_grace`, and until then the topic is held back whole, in order, while all others go on (HeldTopics). What
// follows a parked event in its stream goes out without it: its ce_sequence is missing there until it is redriven, and
// then it arrives late.
//
// A topic of which Kafka answered nothing for `stall`, while it took others' events (a partition without a leader, too
// few copies in sync), is held back as well, for `stalled_pause`; none of its events is parked.
//
// Before all else its thread asks for the topics that it is told, until a broker answers: a service starts while Kafka
// is away. What it does not make is asked for on; its events wait, and none is parked before all topics are there.
//
// A batch of which Kafka neither took nor refused anything (it is away; a producer that is broken at once) is sent
// again 20 ms after it was begun, then 40 ms and so on, up to `longest_pause`: each time costs a new producer.
//
// What a round throws, bad_alloc included, is logged and the round is repeated a second later: what it had in memory is
// in the outbox as well.
class Relay {
 public:
  struct Options {
    std::string name;  // of the lease: "relay"
    kafka::Brokers brokers;
    std::int64_t batch_events = 2000;
    std::chrono::milliseconds poll{20};             // longest wait between two looks at an empty outbox
    std::chrono::milliseconds longest_pause{5000};  // between two batches of which Kafka said nothing
    std::chrono::milliseconds lease{5000};
    std::chrono::milliseconds patience{30000};  // for the acknowledgements of one batch
    // Since the last of them. Longer than topic_patience, or an unknown topic would not be known from a silent one.
    std::chrono::milliseconds stall{8000};
    std::chrono::milliseconds stalled_pause{60000};  // between two attempts at a topic that was silent
    std::int64_t batch_bytes = 8 * 1024 * 1024;
    std::chrono::milliseconds topic_patience{5000};  // an unknown topic is asked for during this, in each attempt
    std::chrono::milliseconds topic_pause{10000};    // between two attempts at a topic that is held back
    std::chrono::milliseconds topic_grace{600000};   // then its events are parked
    std::vector<Topic> topics = {};                  // made where they are missing
  };

  Relay(sql::Database& database, Outbox& outbox, Options options);
  ~Relay();  // stops and waits: for a purge (2 s), statements and librdkafka (2 s), or an attempt at the topics

  void start();
  // Sends nothing more and waits for no acknowledgement. Any thread; does not block.
  void request_stop() { thread_.request_stop(); }
  std::int64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  std::int64_t parked() const { return parked_.load(std::memory_order_relaxed); }
  // What waited in the outbox when this thread last looked: a second ago, or longer while Kafka keeps a batch waiting,
  // up to `patience`. -1 events: not known here, since another process relays or the database does not answer.
  Backlog backlog() const { return {waiting_.load(), oldest_age_seconds_.load()}; }
  // Whether the database answered this thread's last statement, which may be as long ago. Any thread; does not block.
  bool reaches_database() const { return reaches_database_.load(std::memory_order_relaxed); }

  // Looks at the outbox, sends what it finds there and waits until a batch was acknowledged: how many events were
  // removed; none during the pause after a batch of which Kafka said nothing. For tests, and the loop itself.
  Result<size_t> relay_once(const std::stop_token& stop = {});

 private:
  using Clock = std::chrono::steady_clock;

  void run(std::stop_token stop);
  void round(const std::stop_token& stop);
  bool has_topics();
  void measure_backlog(bool ours);
  // What a look at the outbox found, and the database as it was when it began.
  struct Look;
  Result<size_t> advance(const std::stop_token& stop);
  Result<size_t> turn();
  Result<Look> exchange(const std::vector<std::int64_t>& acknowledged, bool looks);
  Result<Look> oldest(sql::Transaction& transaction);
  static void remove(sql::Transaction& transaction, const std::vector<std::int64_t>& acknowledged);
  void note_landed(const std::vector<Queued>& batch);
  bool may_look() const;
  bool wait(const std::stop_token& stop);
  Result<size_t> let_go();
  Result<> settle(const std::vector<Queued>& batch, const Sent& report);
  void pause_after(const Sent& report);
  std::vector<std::string> held_back() const;
  void note_silence(const std::vector<Queued>& batch, const Sent& report);
  bool condemned(const Queued& event, const Refusal& refusal, bool alone);
  Result<> park(const std::vector<std::int64_t>& places, const std::string& why);

  sql::Database& database_;
  Outbox& outbox_;
  const Options options_;
  std::unique_ptr<Lease> lease_;
  Producer producer_;
  HeldTopics held_;     // refused
  HeldTopics stalled_;  // silent
  HeldBeginning held_beginning_;
  HeldBeginning::Horizon before_;  // of the last look
  bool look_is_due_ = true;
  Clock::duration pause_;        // the next one
  Clock::time_point sent_at_{};  // when what is on its way began
  Clock::time_point again_at_{};
  size_t one_by_one_ = 0;  // how many events are to be sent alone, since a batch with them was refused
  Clock::time_point measure_at_{};
  bool has_topics_;                     // a broker has answered: those that are to be had are there
  Clock::time_point make_topics_at_{};  // those that are missing
  log::Repeated relay_troubles_{std::chrono::seconds(10)};
  log::Repeated count_troubles_{std::chrono::seconds(10)};
  log::Repeated topic_troubles_{std::chrono::seconds(10)};
  std::atomic<std::int64_t> sent_{0};
  std::atomic<std::int64_t> parked_{0};
  std::atomic<std::int64_t> waiting_{-1};
  std::atomic<double> oldest_age_seconds_{0};
  std::atomic<bool> reaches_database_{true};
  std::jthread thread_;
};

}  // namespace holdfast::events
