#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"

struct redisContext;

namespace holdfast::cache {

// Where Redis listens: a socket's path, or a host and port.
struct RedisAddress {
  std::string path;
  std::string host;
  int port = 0;
};

// "/run/redis/redis.sock", "redis:6379" or "[::1]:6379".
Result<RedisAddress> parse_redis_address(std::string_view text);

// The same address with the host as a number. Blocks for as long as the resolver pleases, so no caller's thread does
// it.
Result<RedisAddress> resolve(const RedisAddress& address);

// A reply of Redis, copied out of the library's own tree. Error replies never get here: they come as errors.
struct Reply {
  enum class Kind { nothing, text, number, list };

  Kind kind = Kind::nothing;
  std::string text;
  std::int64_t number = 0;
  std::vector<Reply> list;
};

// One connection, used by one thread at a time. Every wait ends at its deadline: the socket never blocks, because the
// library's own timeouts count for each read anew and not for the whole command. After any failure but an error reply
// the connection is broken: it is thrown away, never reconnected (a late reply would be taken for the next command's).
class RedisConnection {
 public:
  using Arguments = std::initializer_list<std::string_view>;

  // Connects, gives the password if there is one, and asks which server this is. `address` is resolved.
  static Result<std::unique_ptr<RedisConnection>> connect(const RedisAddress& address, const std::string& password,
                                                          Deadline deadline);

  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  Result<Reply> command(Arguments arguments, Deadline deadline);

  // The two halves of a command. Several may be sent before the first is answered; answers come in the same order.
  Result<> send(Arguments arguments, Deadline deadline);
  Result<Reply> receive(Deadline deadline);
  // For a connection that listens: what came in already, without waiting.
  Result<std::optional<Reply>> receive_ready();

  bool broken() const { return broken_; }
  int descriptor() const;
  // Redis's run id: another one after each start, and on each server that a failover may lead to.
  const std::string& server_id() const { return server_id_; }

 private:
  struct Free {
    void operator()(redisContext* context) const;
  };

  explicit RedisConnection(redisContext* context) : context_(context) {}
  Result<> finish_connecting(Deadline deadline);
  Result<> introduce(const std::string& password, Deadline deadline);
  Result<> wait(short events, Deadline deadline);
  Error lost(std::string what);

  std::unique_ptr<redisContext, Free> context_;
  std::string server_id_;
  bool broken_ = false;
};

}  // namespace holdfast::cache
