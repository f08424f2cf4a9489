#include "runtime/cache/redis_connection.h"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace holdfast::cache {
namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using LibraryReply = std::unique_ptr<redisReply, FreeReply>;

Reply copied(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      return {Reply::Kind::text, std::string(reply.str, reply.len), 0, {}};
    case REDIS_REPLY_INTEGER:
      return {Reply::Kind::number, {}, reply.integer, {}};
    case REDIS_REPLY_ARRAY: {
      Reply list{Reply::Kind::list, {}, 0, {}};
      for (size_t index = 0; index < reply.elements; ++index) list.list.push_back(copied(*reply.element[index]));
      return list;
    }
    default:
      return {};
  }
}

// The value of "run_id:" in the answer to INFO.
std::string run_id(std::string_view information) {
  constexpr std::string_view label = "run_id:";
  const auto at = information.find(label);
  if (at == std::string_view::npos) return {};
  const auto rest = information.substr(at + label.size());
  return std::string(rest.substr(0, rest.find_first_of("\r\n")));
}

}  // namespace

Result<RedisAddress> parse_redis_address(std::string_view text) {
  if (text.starts_with('/')) return RedisAddress{std::string(text), {}, 0};
  const auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  int port = 0;
  if (colon != std::string_view::npos) {
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) port = 0;
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || port < 1 || port > 65535) {
    return fail(Reason::setting_invalid, "'" + std::string(text) + "' is neither a socket's path nor host:port");
  }
  return RedisAddress{{}, std::string(host), port};
}

Result<RedisAddress> resolve(const RedisAddress& address) {
  if (!address.path.empty()) return address;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(address.host.c_str(), nullptr, &hints, &found); error != 0) {
    return fail(Reason::dependency_unavailable, "Redis's host " + address.host + ": " + gai_strerror(error));
  }
  char number[NI_MAXHOST];
  const int error = getnameinfo(found->ai_addr, found->ai_addrlen, number, sizeof number, nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  if (error != 0) return fail(Reason::dependency_unavailable, std::string("Redis's host: ") + gai_strerror(error));
  return RedisAddress{{}, number, address.port};
}

void RedisConnection::Free::operator()(redisContext* context) const { redisFree(context); }

int RedisConnection::descriptor() const { return context_->fd; }

Result<std::unique_ptr<RedisConnection>> RedisConnection::connect(const RedisAddress& address,
                                                                  const std::string& password, Deadline deadline) {
  redisContext* context = address.path.empty() ? redisConnectNonBlock(address.host.c_str(), address.port)
                                               : redisConnectUnixNonBlock(address.path.c_str());
  if (context == nullptr) return fail(Reason::dependency_unavailable, "Redis: no memory for a connection");
  std::unique_ptr<RedisConnection> connection(new RedisConnection(context));
  if (context->err != 0) return connection->lost("connecting");
  CHECK_OK(connection->finish_connecting(deadline));
  CHECK_OK(connection->introduce(password, deadline));
  return connection;
}

Result<> RedisConnection::finish_connecting(Deadline deadline) {
  CHECK_OK(wait(POLLOUT, deadline));
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error == 0) return Unit{};
  broken_ = true;
  return fail(Reason::dependency_unavailable, std::string("Redis: connecting: ") + std::strerror(error));
}

Result<> RedisConnection::introduce(const std::string& password, Deadline deadline) {
  if (!password.empty()) CHECK_OK(command({"AUTH", password}, deadline));
  server_id_ = run_id(TRY(command({"INFO", "server"}, deadline)).text);
  if (server_id_.empty()) return fail(Reason::dependency_unavailable, "Redis does not say which server it is");
  return Unit{};
}

Result<Reply> RedisConnection::command(Arguments arguments, Deadline deadline) {
  CHECK_OK(send(arguments, deadline));
  return receive(deadline);
}

Result<Reply> RedisConnection::receive(Deadline deadline) {
  for (;;) {
    // Several answers may have come with the first.
    if (auto reply = TRY(receive_ready())) return *std::move(reply);
    CHECK_OK(wait(POLLIN, deadline));
  }
}

Result<> RedisConnection::send(Arguments arguments, Deadline deadline) {
  std::vector<const char*> texts;
  std::vector<size_t> lengths;
  for (const auto argument : arguments) {
    texts.push_back(argument.data() == nullptr ? "" : argument.data());
    lengths.push_back(argument.size());
  }
  const int count = static_cast<int>(texts.size());
  if (redisAppendCommandArgv(context_.get(), count, texts.data(), lengths.data()) != REDIS_OK) return lost("sending");
  for (;;) {
    int done = 0;
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) return lost("sending");
    if (done != 0) return Unit{};
    CHECK_OK(wait(POLLOUT, deadline));
  }
}

Result<std::optional<Reply>> RedisConnection::receive_ready() {
  for (const bool read_first : {false, true}) {
    if (read_first && redisBufferRead(context_.get()) != REDIS_OK) return lost("reading");
    void* raw = nullptr;
    if (redisGetReplyFromReader(context_.get(), &raw) != REDIS_OK) return lost("reading");
    if (raw == nullptr) continue;
    const LibraryReply reply(static_cast<redisReply*>(raw));
    if (reply->type == REDIS_REPLY_ERROR) {
      return fail(Reason::dependency_unavailable, "Redis refuses: " + std::string(reply->str, reply->len));
    }
    return std::optional(copied(*reply));
  }
  return std::optional<Reply>();
}

Result<> RedisConnection::wait(short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{context_->fd, events, 0};
    const int ready = poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return Unit{};
    if (ready < 0 && errno == EINTR) continue;
    broken_ = true;
    return fail(Reason::deadline_exceeded, "Redis did not answer in time");
  }
}

Error RedisConnection::lost(std::string what) {
  broken_ = true;
  return fail(Reason::dependency_unavailable, "Redis: " + what + ": " + context_->errstr);
}

}  // namespace holdfast::cache
