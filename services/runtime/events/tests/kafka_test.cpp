#include "runtime/events/kafka.h"

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <cerrno>
#include <semaphore>

namespace holdfast::events {
namespace {

std::binary_semaphore connecting{0}, may_go_on{0};

// The library waits for its thread that connects, and that for us.
int connect_when_we_let_it(int, const sockaddr*, int, const char*, void*) {
  connecting.release();
  may_go_on.acquire();
  may_go_on.release();
  return ECONNREFUSED;
}

TEST(KafkaHandle, OneThatDoesNotEndHoldsNobodyUp) {
  auto* configuration = kafka::make_configuration({"127.0.0.1:1", {}});
  rd_kafka_conf_set_connect_cb(configuration, connect_when_we_let_it);
  auto handle = kafka::make_handle(configuration, false);
  ASSERT_TRUE(handle) << describe(handle.error());
  connecting.acquire();
  handle->reset();
  may_go_on.release();
}

}  // namespace
}  // namespace holdfast::events
