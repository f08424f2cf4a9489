// hiredis as the cache uses it: sockets that never block, RESP2, three scripts and one channel.

#include "redis.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "system.h"

using namespace holdfast::simulation;

struct Redis::Client : redisContext {
  int run = 0;  // of the server that it leads to
  Process process = 0;
  bool cut = false, subscribed = false;
  std::vector<Words> outgoing;
  std::deque<RedisAnswer> arrived, readable;
  Nanoseconds sent_until = 0, answered_until = 0;  // a stream's order
};

namespace holdfast::simulation {
namespace {

Redis* the_redis = nullptr;

}  // namespace

Redis::Redis(World& world)
    : world_(world), values_(world, [this](const auto& channel, const auto& message) { publish(channel, message); }) {
  the_redis = this;
}

Redis& Redis::current() { return *the_redis; }

void Redis::crash(Nanoseconds up) {
  up_at_ = up;
  ++run_;
  values_.all = world_.random.once_in(2) ? dump_ : std::map<std::string, RedisValues::Value>();
  for (auto& [number, client] : clients_) {
    client->cut = true;
    set_readable(number, true);
  }
}

void Redis::cut(Process process) {
  for (auto& [number, client] : clients_) {
    if (client->process != process) continue;
    client->cut = true;
    set_readable(number, true);
  }
}

void Redis::silence(Process process, Nanoseconds until) { silent_until_[process] = until; }

Redis::Client* Redis::connect() {
  auto* client = new Client{};
  client->process = world_.process();
  client->run = run_;
  if (world_.now < up_at_) {
    client->err = REDIS_ERR_IO;
    std::strcpy(client->errstr, "Connection refused");
    return client;
  }
  client->fd = open_descriptor();
  clients_[client->fd] = client;
  return client;
}

void Redis::close(Client& client) {
  if (clients_.erase(client.fd) != 0) close_descriptor(client.fd);
}

// Most packets are quick, some come when nobody waits for them any more.
Nanoseconds Redis::arrival(Process process, Nanoseconds behind) {
  auto& random = world_.random;
  const auto delay = random.once_in(200) ? random.between(1, 400) * millisecond : random.between(20, 300) * microsecond;
  return std::max({behind, world_.now + delay, silent_until_[process]});
}

void Redis::send(Client& client) {
  client.sent_until = arrival(client.process, client.sent_until);
  Sent sent{client.run, client.fd, client.process, std::exchange(client.outgoing, {})};
  world_.at(client.sent_until, [this, sent = std::move(sent)] { arrive(sent); });
}

void Redis::arrive(const Sent& sent) {
  if (sent.run != run_) return;
  for (const auto& words : sent.commands) {
    auto said = execute(sent, words);
    world_.trace("redis does ", words[0], " for process ", sent.by);
    answer(sent.number, std::move(said));
  }
}

void Redis::answer(int number, RedisAnswer said) {
  const auto found = clients_.find(number);
  if (found == clients_.end() || found->second->cut) return;
  auto& client = *found->second;
  client.answered_until = arrival(client.process, client.answered_until);
  world_.at(client.answered_until, [this, number, said = std::move(said)] { deliver(number, said); });
}

void Redis::deliver(int number, const RedisAnswer& said) {
  const auto found = clients_.find(number);
  if (found == clients_.end() || found->second->cut) return;
  found->second->arrived.push_back(said);
  set_readable(number, true);
}

RedisAnswer Redis::execute(const Sent& sent, const Words& words) {
  const auto& command = words[0];
  if (command == "INFO") {
    return {.type = REDIS_REPLY_STRING, .text = "# Server\r\nrun_id:" + std::to_string(run_) + "\r\n"};
  }
  if (command == "EVAL" && fails()) {
    return {.type = REDIS_REPLY_ERROR, .text = "READONLY You can't write against a read only replica."};
  }
  if (const auto found = clients_.find(sent.number); command == "SUBSCRIBE" && found != clients_.end()) {
    found->second->subscribed = true;
  }
  publishes_ = sent.by;
  return values_.execute(words);
}

// Before a script: one is refused, another dumped, and for want of memory a key is forgotten.
bool Redis::fails() {
  if (world_.random.once_in(500)) return true;
  if (world_.random.once_in(50)) dump_ = values_.all;
  if (world_.random.once_in(100) && !values_.all.empty()) values_.all.erase(values_.all.begin());
  return false;
}

void Redis::publish(const std::string& channel, const std::string& message) {
  if (published_) published_(publishes_, message);
  RedisAnswer said{.type = REDIS_REPLY_ARRAY};
  for (const auto& text : {std::string("message"), channel, message}) {
    said.list.push_back({.type = REDIS_REPLY_STRING, .text = text});
  }
  for (auto& [number, client] : clients_) {
    if (client->subscribed) answer(number, said);
  }
}

namespace {

redisReply* reply_of(const RedisAnswer& said) {
  auto* reply = new redisReply{};
  reply->type = said.type;
  reply->integer = said.number;
  reply->len = said.text.size();
  reply->str = new char[said.text.size() + 1];
  std::memcpy(reply->str, said.text.c_str(), said.text.size() + 1);
  reply->elements = said.list.size();
  reply->element = new redisReply*[said.list.size()];
  for (size_t place = 0; place < said.list.size(); ++place) reply->element[place] = reply_of(said.list[place]);
  return reply;
}

Redis::Client& client_of(redisContext* context) { return *static_cast<Redis::Client*>(context); }

}  // namespace
}  // namespace holdfast::simulation

extern "C" {

redisContext* redisConnectUnixNonBlock(const char*) { return Redis::current().connect(); }

void redisFree(redisContext* context) {
  Redis::current().close(client_of(context));
  delete &client_of(context);
}

int redisAppendCommandArgv(redisContext* context, int count, const char** words, const size_t* lengths) {
  Redis::Words command;
  for (int place = 0; place < count; ++place) command.emplace_back(words[place], lengths[place]);
  client_of(context).outgoing.push_back(std::move(command));
  return REDIS_OK;
}

int redisBufferWrite(redisContext* context, int* done) {
  auto& client = client_of(context);
  if (!client.cut) Redis::current().send(client);
  *done = 1;
  return REDIS_OK;
}

// What came before the end of the stream is read before it.
int redisBufferRead(redisContext* context) {
  auto& client = client_of(context);
  set_readable(client.fd, client.cut);
  if (client.cut && client.arrived.empty()) {
    client.err = REDIS_ERR_EOF;
    std::strcpy(client.errstr, "Server closed the connection");
    return REDIS_ERR;
  }
  for (auto& said : client.arrived) client.readable.push_back(std::move(said));
  client.arrived.clear();
  return REDIS_OK;
}

int redisGetReplyFromReader(redisContext* context, void** reply) {
  auto& client = client_of(context);
  *reply = client.readable.empty() ? nullptr : reply_of(client.readable.front());
  if (*reply) client.readable.pop_front();
  return REDIS_OK;
}

void freeReplyObject(void* object) {
  auto* reply = static_cast<redisReply*>(object);
  for (size_t place = 0; place < reply->elements; ++place) freeReplyObject(reply->element[place]);
  delete[] reply->element;
  delete[] reply->str;
  delete reply;
}

}  // extern "C"
