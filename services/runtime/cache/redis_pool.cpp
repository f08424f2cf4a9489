#include "runtime/cache/redis_pool.h"

#include <csignal>

namespace holdfast::cache {

RedisPool::RedisPool(std::string password, int connections, std::chrono::milliseconds budget)
    : password_(std::move(password)), limit_(connections), budget_(budget) {
  // The library writes with write(): a connection that Redis closed would otherwise end the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Result<RedisPool::Borrowed> RedisPool::borrow(Deadline deadline) {
  const auto own_deadline = std::chrono::steady_clock::now() + budget_;
  const bool full_budget = own_deadline <= deadline;
  const auto until = full_budget ? own_deadline : deadline;
  std::unique_lock lock(mutex_);
  const auto available = [&] { return breaker_ != Breaker::closed || !idle_.empty() || in_use_ < limit_; };
  if (!freed_.wait_until(lock, until, available)) {
    return fail(Reason::dependency_unavailable, "all connections to Redis are busy");
  }
  if (breaker_ != Breaker::closed) return fail(Reason::dependency_unavailable, "Redis is being left alone");
  ++in_use_;
  if (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return Borrowed(*this, std::move(connection), until, full_budget);
  }
  lock.unlock();
  auto connection = connect(until);
  if (connection) return Borrowed(*this, *std::move(connection), until, full_budget);
  give_back(nullptr);
  if (full_budget || connection.error().reason != Reason::deadline_exceeded) trip();
  return std::move(connection).error();
}

RedisPool::Breaker RedisPool::breaker() const {
  std::lock_guard lock(mutex_);
  return breaker_;
}

void RedisPool::link_up(RedisAddress address, std::string server_id) {
  std::lock_guard lock(mutex_);
  address_ = std::move(address);
  server_id_ = std::move(server_id);
}

void RedisPool::link_lost() {
  std::vector<std::unique_ptr<RedisConnection>> closing;
  {
    std::lock_guard lock(mutex_);
    server_id_.clear();
    breaker_ = Breaker::open;
    closing.swap(idle_);
  }
  freed_.notify_all();
}

bool RedisPool::probe() {
  {
    std::lock_guard lock(mutex_);
    if (breaker_ == Breaker::closed) return true;
    if (server_id_.empty()) return false;
    breaker_ = Breaker::half_open;
  }
  auto connection = connect(std::chrono::steady_clock::now() + budget_);
  std::lock_guard lock(mutex_);
  breaker_ = connection ? Breaker::closed : Breaker::open;
  // The probe's connection takes no place from a caller: with all places taken it is closed again.
  if (connection && in_use_ + static_cast<int>(idle_.size()) < limit_) idle_.push_back(*std::move(connection));
  return breaker_ == Breaker::closed;
}

Result<std::unique_ptr<RedisConnection>> RedisPool::connect(Deadline deadline) {
  RedisAddress address;
  std::string server_id;
  {
    std::lock_guard lock(mutex_);
    address = address_;
    server_id = server_id_;
  }
  auto connection = TRY(RedisConnection::connect(address, password_, deadline));
  if (connection->server_id() != server_id) {
    return fail(Reason::dependency_unavailable, "another Redis than the one whose drops we hear");
  }
  return connection;
}

void RedisPool::give_back(std::unique_ptr<RedisConnection> connection) {
  {
    std::lock_guard lock(mutex_);
    --in_use_;
    if (connection && !connection->broken() && connection->server_id() == server_id_) {
      idle_.push_back(std::move(connection));
    }
  }
  freed_.notify_one();
}

void RedisPool::trip() {
  std::vector<std::unique_ptr<RedisConnection>> closing;
  {
    std::lock_guard lock(mutex_);
    breaker_ = Breaker::open;
    closing.swap(idle_);
  }
  freed_.notify_all();
}

RedisPool::Borrowed::~Borrowed() {
  if (!connection_) return;
  if (unanswered_ > 0) connection_.reset();
  pool_->give_back(std::move(connection_));
}

Result<Reply> RedisPool::Borrowed::command(RedisConnection::Arguments arguments) {
  CHECK_OK(send(arguments));
  return receive();
}

Result<> RedisPool::Borrowed::send(RedisConnection::Arguments arguments) {
  ++unanswered_;
  return noted(connection_->send(arguments, deadline_));
}

Result<Reply> RedisPool::Borrowed::receive() {
  if (connection_->broken()) return fail(Reason::dependency_unavailable, "Redis: the connection is broken");
  --unanswered_;
  return noted(connection_->receive(deadline_));
}

}  // namespace holdfast::cache
