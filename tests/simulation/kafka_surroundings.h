#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <functional>
#include <string>

// Where the conversations of kafka_conversations.cpp take place: with a real broker (real_kafka.cpp), or in a world
// with the model of one (modelled_kafka.cpp). A program has one of the two: the model goes before librdkafka.

namespace holdfast::simulation {

// Once a program.
void hold(std::uint64_t seed, const std::function<void()>& conversation);

std::string brokers();
// Of brokers that nobody reaches, from now on.
std::string brokers_out_of_reach();
// With `Kafka::partitions`, as the product makes its topics; known to the broker afterwards.
void make_topic(const std::string& name);
// As another process does it.
void in_process(int number, const std::function<void()>& does);
// As by SIGKILL of whose it is.
void kill(rd_kafka_t* handle);

}  // namespace holdfast::simulation
