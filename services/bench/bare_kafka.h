#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "runtime/events/kafka.h"

namespace holdfast::bench {

// librdkafka alone, with the settings of ours: what relay and consumer are compared with.
class BareProducer {
 public:
  explicit BareProducer(const std::string& brokers);

  // As many messages of 300 bytes with as many headers as an event has, as fast as they are acknowledged: the rate
  // between the first tenth and the end.
  double per_second(const std::string& topic, std::int64_t messages);
  // One, without waiting. Its value is the number.
  void send(const std::string& topic, std::int64_t number);
  void flush();

 private:
  void produce(const std::string& topic, const std::string& key, const std::string& value);

  events::kafka::Handle handle_;
  std::atomic<std::int64_t> acknowledged_{0};
};

// Gives the number of each message to `take`, on a thread of its own.
class BareConsumer {
 public:
  BareConsumer(const std::string& brokers, const std::string& topic, std::function<void(std::int64_t)> take);
  ~BareConsumer();

 private:
  events::kafka::Handle handle_;
  std::jthread thread_;
};

}  // namespace holdfast::bench
