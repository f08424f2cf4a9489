#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/cache/redis_connection.h"

namespace holdfast::cache {

// A limited number of connections behind a breaker. The breaker opens with the first failure, so that an outage costs
// each thread that was waiting at that moment one budget, and nobody else anything. No caller ever probes: the feed's
// thread does (drop_feed.h), and closes the breaker when a connection of this pool has answered it. Any thread.
class RedisPool {
 public:
  enum class Breaker { closed, open, half_open };

  // A connection for a command or a few, all within one budget. Given back, or thrown away, at the end of its life.
  class Borrowed {
   public:
    Borrowed(RedisPool& pool, std::unique_ptr<RedisConnection> connection, Deadline deadline, bool full_budget)
        : pool_(&pool), connection_(std::move(connection)), deadline_(deadline), full_budget_(full_budget) {}
    Borrowed(Borrowed&&) = default;
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed();

    Result<Reply> command(RedisConnection::Arguments arguments);
    // Its two halves. Whoever sends several receives as many: a connection with an answer on its way is thrown away.
    Result<> send(RedisConnection::Arguments arguments);
    Result<Reply> receive();
    const std::string& server_id() const { return connection_->server_id(); }

   private:
    // A refusal (no memory left, read only) came in time and costs nobody a budget: it is no reason to leave Redis
    // alone.
    template <class T>
    Result<T> noted(Result<T> outcome) {
      const bool in_a_hurry = !full_budget_ && !outcome && outcome.error().reason == Reason::deadline_exceeded;
      if (connection_->broken() && !in_a_hurry) pool_->trip();
      return outcome;
    }

    RedisPool* pool_;
    std::unique_ptr<RedisConnection> connection_;
    Deadline deadline_;
    bool full_budget_;  // a caller in a hurry proves nothing about Redis
    int unanswered_ = 0;
  };

  RedisPool(std::string password, int connections, std::chrono::milliseconds budget);

  // Waits up to the budget, or until the caller's own deadline, for a free connection; refuses at once while the
  // breaker is open.
  Result<Borrowed> borrow(Deadline deadline);
  Breaker breaker() const;

  // Called by the feed's thread alone. Until there is a link, and after it was lost, nothing is borrowed; connections
  // lead only to the server that the link leads to, whatever the name resolves to meanwhile.
  void link_up(RedisAddress address, std::string server_id);
  void link_lost();
  // Tries a fresh connection if the breaker is open; blocks for up to one budget. True when it is closed now.
  bool probe();

 private:
  Result<std::unique_ptr<RedisConnection>> connect(Deadline deadline);
  void give_back(std::unique_ptr<RedisConnection> connection);
  void trip();

  const std::string password_;
  const int limit_;
  const std::chrono::milliseconds budget_;

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<RedisConnection>> idle_;
  int in_use_ = 0;
  Breaker breaker_ = Breaker::open;
  RedisAddress address_;
  std::string server_id_;  // empty: no link
};

}  // namespace holdfast::cache
