#include "runtime/cache/drop_feed.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>

namespace holdfast::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t origin_length = 36;
// Between attempts to link, probe or deliver: doubling, from the first to the last.
constexpr milliseconds shortest_delay{10};
constexpr milliseconds longest_delay{1'000};
// A trust window holds this many heartbeats, so that a late answer does not end it.
constexpr int heartbeats_in_trust = 5;
// A link that is silent for this many windows is given up; until then it may come back with nothing missed.
constexpr int windows_of_silence = 4;

milliseconds next_delay(milliseconds delay) { return std::clamp(delay * 2, shortest_delay, longest_delay); }

}  // namespace

std::string version_text(std::int64_t version) {
  std::string digits = std::to_string(version);
  return std::string(version_length - digits.size(), '0') + digits;
}

std::optional<std::int64_t> parse_version(std::string_view text) {
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (text.size() != version_length || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return version;
}

std::string encode(const DropMessage& message) {
  return message.origin + version_text(message.version) + message.cache + "\n" + message.key;
}

std::optional<DropMessage> decode(std::string_view text) {
  if (text.size() < origin_length + version_length) return std::nullopt;
  const auto version = parse_version(text.substr(origin_length, version_length));
  const auto names = text.substr(origin_length + version_length);
  const auto newline = names.find('\n');
  if (!version || newline == std::string_view::npos) return std::nullopt;
  return DropMessage{std::string(text.substr(0, origin_length)), *version, std::string(names.substr(0, newline)),
                     std::string(names.substr(newline + 1))};
}

DropFeed::DropFeed(Options options, RedisPool& pool, metrics::Counter drops_heard, std::function<bool()> deliver_owed)
    : options_(std::move(options)),
      pool_(pool),
      drops_heard_(drops_heard),
      deliver_owed_(std::move(deliver_owed)),
      wake_descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

DropFeed::~DropFeed() {
  thread_.request_stop();
  wake();
  thread_.join();
  close(wake_descriptor_);
}

void DropFeed::wake() { eventfd_write(wake_descriptor_, 1); }

bool DropFeed::wait_until_linked(Deadline deadline) {
  std::unique_lock lock(linked_mutex_);
  return linked_changed_.wait_until(lock, deadline, [&] { return linked_.load(); });
}

void DropFeed::attach(const std::string& cache, NearCache& near) {
  std::lock_guard lock(caches_mutex_);
  caches_[cache] = &near;
}

void DropFeed::detach(const std::string& cache) {
  std::lock_guard lock(caches_mutex_);
  caches_.erase(cache);
}

void DropFeed::run(const std::stop_token& stop) {
  milliseconds delay{0};
  while (!stop.stop_requested()) {
    if (link()) {
      delay = milliseconds{0};
      const auto end = follow(stop);
      lose_link();
    }
    delay = next_delay(delay);
    const auto until = steady_clock::now() + delay;
    while (!stop.stop_requested() && steady_clock::now() < until) wait(until);
  }
}

// Subscribes first and trusts afterwards: what Redis executes from the subscription on will be heard.
Result<> DropFeed::link() {
  const auto address = TRY(resolve(options_.address));
  const auto deadline = steady_clock::now() + options_.budget;
  auto connection = TRY(RedisConnection::connect(address, options_.password, deadline));
  TRY(connection->command({"SUBSCRIBE", options_.channel}, deadline));
  pool_.link_up(address, connection->server_id());
  if (!pool_.probe()) return fail(Reason::dependency_unavailable, "Redis takes one connection but no second");
  link_ = std::move(connection);
  ping_unanswered_ = false;
  owing_ = true;  // perhaps: drops may have failed since the last link
  ping_sent_ = steady_clock::now() - options_.trust;
  trusted_until_ = (steady_clock::now() + options_.trust).time_since_epoch().count();
  {
    std::lock_guard lock(linked_mutex_);
    linked_ = true;
  }
  linked_changed_.notify_all();
  return Unit{};
}

// Until the link breaks, or is silent for too long.
Result<> DropFeed::follow(const std::stop_token& stop) {
  const milliseconds interval = options_.trust / heartbeats_in_trust;
  while (!stop.stop_requested()) {
    CHECK_OK(hear_all());
    CHECK_OK(heartbeat(steady_clock::now()));
    mend(steady_clock::now());
    auto next = ping_sent_ + (ping_unanswered_ ? options_.trust * windows_of_silence : interval);
    if (owing_ || pool_.breaker() != RedisPool::Breaker::closed) next = std::min(next, next_probe_);
    wait(next);
  }
  return Unit{};
}

Result<> DropFeed::hear_all() {
  while (auto message = TRY(link_->receive_ready())) hear(*message);
  return Unit{};
}

void DropFeed::hear(const Reply& message) {
  if (message.list.size() == 2 && message.list[0].text == "pong") {
    ping_unanswered_ = false;
    trusted_until_ = (ping_sent_ + options_.trust).time_since_epoch().count();
    return;
  }
  if (message.list.size() != 3 || message.list[0].text != "message") return;
  const auto drop = decode(message.list[2].text);
  if (!drop || drop->origin == options_.origin) return;
  {
    std::lock_guard lock(caches_mutex_);
    const auto cache = caches_.find(drop->cache);
    if (cache != caches_.end()) cache->second->drop(drop->key, drop->version);
  }
  drops_heard_.add();
}

Result<> DropFeed::heartbeat(Deadline now) {
  if (ping_unanswered_) {
    if (now < ping_sent_ + options_.trust * windows_of_silence) return Unit{};
    return fail(Reason::deadline_exceeded, "the link is silent");
  }
  if (now < ping_sent_ + options_.trust / heartbeats_in_trust) return Unit{};
  ping_unanswered_ = true;
  ping_sent_ = now;
  return link_->send({"PING"}, now + options_.budget);
}

// Closes the breaker if Redis answers again, then delivers what is owed: in this order, and until both are done nobody
// reads from Redis.
void DropFeed::mend(Deadline now) {
  if (now < next_probe_) return;
  const bool closed = pool_.probe();
  owing_ = !closed || !deliver_owed_();
  if (closed && !owing_) {
    probe_delay_ = milliseconds{0};
    return;
  }
  probe_delay_ = next_delay(probe_delay_);
  next_probe_ = now + probe_delay_;
}

// Untrusted first, then emptied: a load that begins between the two knows that it must not be kept.
void DropFeed::lose_link() {
  {
    std::lock_guard lock(linked_mutex_);
    linked_ = false;
  }
  pool_.link_lost();
  link_.reset();
  std::lock_guard lock(caches_mutex_);
  for (auto& [name, near] : caches_) near->clear();
}

void DropFeed::wait(Deadline deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  pollfd watched[] = {{wake_descriptor_, POLLIN, 0}, {link_ ? link_->descriptor() : -1, POLLIN, 0}};
  poll(watched, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  eventfd_t wakes = 0;
  eventfd_read(wake_descriptor_, &wakes);
}

}  // namespace holdfast::cache
