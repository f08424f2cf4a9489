// hiredis as the cache uses it: sockets that never block, RESP2, three scripts and one channel.

#include "redis.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <utility>

#include "system.h"

using namespace holdfast::simulation;

struct Redis::Said {
  int type = REDIS_REPLY_NIL;
  std::string text;
  Words list;
};

struct Redis::Client : redisContext {
  int run = 0;  // of the server that it leads to
  Process process = 0;
  bool cut = false, subscribed = false;
  std::vector<Words> outgoing;
  std::deque<Said> arrived, readable;
  Nanoseconds sent_until = 0, answered_until = 0;  // a stream's order
};

namespace holdfast::simulation {
namespace {

Redis* the_redis = nullptr;

// As redis_tier.cpp has them, letter for letter: what is written differently there is not what is done here.
constexpr std::string_view lease_script = R"(
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1])";
constexpr std::string_view fill_script = R"(
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1)";
constexpr std::string_view drop_script = R"(
if redis.call('GETRANGE', KEYS[1], 0, 19) < ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1)";

[[noreturn]] void unknown(const std::string& command) {
  std::fprintf(stderr, "simulation: Redis does not know %s\n", command.c_str());
  std::abort();
}

}  // namespace

Redis::Redis(World& world) : world_(world) { the_redis = this; }

Redis& Redis::current() { return *the_redis; }

void Redis::crash(Nanoseconds up) {
  up_at_ = up;
  ++run_;
  values_ = world_.random.once_in(2) ? dump_ : std::map<std::string, Value>();
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

void Redis::answer(int number, Said said) {
  const auto found = clients_.find(number);
  if (found == clients_.end() || found->second->cut) return;
  auto& client = *found->second;
  client.answered_until = arrival(client.process, client.answered_until);
  world_.at(client.answered_until, [this, number, said = std::move(said)] { deliver(number, said); });
}

void Redis::deliver(int number, const Said& said) {
  const auto found = clients_.find(number);
  if (found == clients_.end() || found->second->cut) return;
  found->second->arrived.push_back(said);
  set_readable(number, true);
}

Redis::Said Redis::execute(const Sent& sent, const Words& words) {
  const auto& command = words[0];
  if (command == "GET") {
    const auto* text = find(words[1]);
    return text ? Said{REDIS_REPLY_STRING, *text, {}} : Said{};
  }
  if (command == "EVAL") return evaluate(sent.by, words);
  if (command == "INFO") return {REDIS_REPLY_STRING, "# Server\r\nrun_id:" + std::to_string(run_) + "\r\n", {}};
  if (command == "PING") return {REDIS_REPLY_ARRAY, {}, {"pong", ""}};
  if (command == "SUBSCRIBE") {
    if (const auto found = clients_.find(sent.number); found != clients_.end()) found->second->subscribed = true;
    return {REDIS_REPLY_ARRAY, {}, {"subscribe", words[1], "1"}};
  }
  unknown(command);
}

// EVAL, the script, the number of keys, the keys, the arguments.
Redis::Said Redis::evaluate(Process by, const Words& words) {
  if (world_.random.once_in(500))
    return {REDIS_REPLY_ERROR, "READONLY You can't write against a read only replica.", {}};
  if (world_.random.once_in(50)) dump_ = values_;
  if (world_.random.once_in(100) && !values_.empty()) values_.erase(values_.begin());  // for want of memory
  if (words[1] == lease_script) {
    const auto* held = find(words[3]);
    if (held) return {REDIS_REPLY_STRING, *held, {}};
    set(words[3], words[4], words[5]);
    return {REDIS_REPLY_STRING, words[4], {}};
  }
  const auto &value = words[3], &lease = words[4];
  if (words[1] == fill_script) {
    const auto* held = find(lease);
    if (!held || *held != words[5]) return {REDIS_REPLY_INTEGER, {}, {}};
    values_.erase(lease);
    set(value, words[6], words[7]);
    return {REDIS_REPLY_INTEGER, {}, {}};
  }
  if (words[1] != drop_script) unknown(words[1]);
  const auto* text = find(value);
  if (text && text->substr(0, 20) < words[5]) values_.erase(value);
  values_.erase(lease);
  publish(by, words[6], words[7]);
  return {REDIS_REPLY_INTEGER, {}, {}};
}

void Redis::publish(Process by, const std::string& channel, const std::string& message) {
  if (published_) published_(by, message);
  for (auto& [number, client] : clients_) {
    if (client->subscribed) answer(number, {REDIS_REPLY_ARRAY, {}, {"message", channel, message}});
  }
}

const std::string* Redis::find(const std::string& key) {
  const auto found = values_.find(key);
  return found == values_.end() || found->second.expires_at <= world_.now ? nullptr : &found->second.text;
}

void Redis::set(const std::string& key, const std::string& text, const std::string& life_ms) {
  values_[key] = {text, world_.now + std::stoll(life_ms) * millisecond};
}

namespace {

redisReply* text_reply(int type, const std::string& text) {
  auto* reply = new redisReply{};
  reply->type = type;
  reply->len = text.size();
  reply->str = new char[text.size() + 1];
  std::memcpy(reply->str, text.c_str(), text.size() + 1);
  return reply;
}

redisReply* reply_of(const Redis::Said& said) {
  auto* reply = text_reply(said.type, said.text);
  if (said.list.empty()) return reply;
  reply->elements = said.list.size();
  reply->element = new redisReply*[said.list.size()];
  for (size_t place = 0; place < said.list.size(); ++place) {
    reply->element[place] = text_reply(REDIS_REPLY_STRING, said.list[place]);
  }
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
