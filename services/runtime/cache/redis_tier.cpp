#include "runtime/cache/redis_tier.h"

#include <utility>

#include "runtime/core/uuid.h"

namespace holdfast::cache {
namespace {

// KEYS[1] the lease, ARGV[1] a new token, ARGV[2] its life in ms. Whoever misses while a lease is good shares it.
constexpr std::string_view lease_script = R"(
local held = redis.call('GET', KEYS[1])
if held then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1])";

// KEYS[1] the value, KEYS[2] the lease, ARGV[1] the token, ARGV[2] the new value, ARGV[3] its life in ms. One fill a
// lease.
constexpr std::string_view fill_script = R"(
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1)";

// KEYS[1] the value, KEYS[2] the lease, ARGV[1] the version now, ARGV[2] the channel, ARGV[3] the message. A missing
// value reads as an empty text, which is less than any version.
constexpr std::string_view drop_script = R"(
if redis.call('GETRANGE', KEYS[1], 0, 19) < ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1)";

constexpr size_t header_length = 2 * version_length + 1;

// Version, when it was loaded, + or - for there or not, the bytes.
std::string encode_entry(const Entry& entry) {
  const auto loaded_at = entry.loaded_at.time_since_epoch().count();
  return version_text(entry.version) + version_text(loaded_at) + (entry.bytes ? "+" + *entry.bytes : "-");
}

EntryPointer decode_entry(std::string_view text) {
  if (text.size() < header_length) return nullptr;
  const auto version = parse_version(text.substr(0, version_length));
  const auto loaded_at = parse_version(text.substr(version_length, version_length));
  if (!version || !loaded_at) return nullptr;
  Entry entry{std::nullopt, *version, Instant{Duration{*loaded_at}}};
  if (text[header_length - 1] == '+') entry.bytes = std::string(text.substr(header_length));
  return std::make_shared<const Entry>(std::move(entry));
}

// The server's id is part of each key: a value that survived a restart or a failover that a drop did not survive is
// never found again, and expires.
struct Names {
  Names(std::string_view service, const std::string& server_id, std::string_view cache, std::string_view key)
      : value("holdfast:" + std::string(service) + ":" + server_id + ":" + std::string(cache) + ":" + std::string(key)),
        lease("lease:" + value) {}

  std::string value;
  std::string lease;
};

}  // namespace

RedisTier::RedisTier(RedisOptions options, const metrics::Registry& registry)
    : options_(std::move(options)),
      origin_(to_string(new_uuid())),
      channel_("holdfast:" + options_.service + ":drops"),
      pool_(options_.password, options_.connections, options_.budget),
      failures_(registry.counter("holdfast_cache_redis_failures_total",
                                 "Reads, fills and drops that Redis did not take, or was not asked for.")),
      feed_({options_.address, options_.password, channel_, origin_, options_.budget, options_.trust}, pool_,
            registry.counter("holdfast_cache_drops_heard_total", "Drops by other replicas, heard and applied."),
            [this] { return deliver_owed(); }) {
  gauges_.push_back(registry.gauge_from("holdfast_cache_owed_drops", "Drops that Redis has not taken yet.", {},
                                        [this] { return static_cast<double>(owed()); }));
  gauges_.push_back(registry.gauge_from("holdfast_cache_linked", "1 while the drops of other replicas are heard.", {},
                                        [this] { return linked() ? 1.0 : 0.0; }));
  gauges_.push_back(registry.gauge_from("holdfast_cache_breaker_open", "1 while Redis is being left alone.", {},
                                        [this] { return breaker() == RedisPool::Breaker::closed ? 0.0 : 1.0; }));
}

RedisTier::Found RedisTier::read(std::string_view cache, std::string_view key, std::int64_t at_least,
                                 Deadline deadline) {
  if (!usable()) return {};
  auto redis = pool_.borrow(deadline);
  if (!redis) {
    failures_.add();
    return {};
  }
  const Names names(options_.service, redis->server_id(), cache, key);
  Found found;
  const auto value = redis->command({"GET", names.value});
  if (value && value->kind == Reply::Kind::text) found.entry = decode_entry(value->text);
  if (found.entry && found.entry->version >= at_least) return found;
  if (found.entry) found.stale = std::exchange(found.entry, nullptr)->version;
  if (value) {
    const auto token = to_string(new_uuid());
    const auto life = std::to_string(options_.lease.count());
    auto lease = redis->command({"EVAL", lease_script, "1", names.lease, token, life});
    if (lease) {
      found.lease = std::move(lease->text);
      return found;
    }
  }
  failures_.add();
  feed_.wake();
  return found;
}

void RedisTier::fill(std::string_view cache, std::string_view key, const std::string& lease, const Entry& entry,
                     Deadline deadline) {
  if (!usable()) return;
  auto redis = pool_.borrow(deadline);
  if (!redis) {
    failures_.add();
    return;
  }
  const Names names(options_.service, redis->server_id(), cache, key);
  const auto life = std::to_string((entry.bytes ? options_.ttl : options_.absent_ttl).count());
  const auto value = encode_entry(entry);
  if (redis->command({"EVAL", fill_script, "2", names.value, names.lease, lease, value, life})) return;
  failures_.add();
  feed_.wake();
}

Dropped RedisTier::drop(std::string_view cache, std::span<const std::string_view> keys, std::int64_t version) {
  const auto taken = deliver(cache, keys, version);
  auto dropped = Dropped::everywhere;
  for (size_t place = 0; place < keys.size(); ++place) {
    if (taken[place]) continue;
    failures_.add();
    owe(cache, keys[place], version);
    dropped = Dropped::here;
  }
  if (dropped == Dropped::here) feed_.wake();
  return dropped;
}

std::vector<bool> RedisTier::deliver(std::string_view cache, std::span<const std::string_view> keys,
                                     std::int64_t version) {
  std::vector<bool> taken(keys.size());
  auto redis = pool_.borrow(Deadline::max());
  if (!redis) return taken;
  size_t sent = 0;
  for (bool sending = true; sending && sent < keys.size(); ++sent) {
    const Names names(options_.service, redis->server_id(), cache, keys[sent]);
    const auto message = encode({origin_, version, std::string(cache), std::string(keys[sent])});
    sending =
        redis->send({"EVAL", drop_script, "2", names.value, names.lease, version_text(version), channel_, message})
            .has_value();
  }
  for (size_t place = 0; place < sent; ++place) taken[place] = redis->receive().has_value();
  return taken;
}

bool RedisTier::usable() const {
  std::lock_guard lock(owed_mutex_);
  return owed_.empty() && std::chrono::steady_clock::now() >= bypass_until_;
}

void RedisTier::owe(std::string_view cache, std::string_view key, std::int64_t version) {
  std::lock_guard lock(owed_mutex_);
  const auto name = std::string(cache) + "\n" + std::string(key);
  const auto [owed, added] = owed_.try_emplace(name, version);
  owed->second = std::max(owed->second, version);
  if (owed_.size() <= options_.owed_limit) return;
  // What is forgotten here is dropped by the service's own events; this process reads nothing that is older than them.
  owed_.clear();
  bypass_until_ = std::chrono::steady_clock::now() + options_.ttl + options_.lease;
}

bool RedisTier::deliver_owed() {
  for (;;) {
    std::pair<std::string, std::int64_t> next;
    {
      std::lock_guard lock(owed_mutex_);
      if (owed_.empty()) return true;
      next = *owed_.begin();
    }
    const auto newline = next.first.find('\n');
    const std::string_view name = next.first;
    const auto key = name.substr(newline + 1);
    if (!deliver(name.substr(0, newline), std::span(&key, 1), next.second)[0]) return false;
    std::lock_guard lock(owed_mutex_);
    const auto owed = owed_.find(next.first);
    if (owed != owed_.end() && owed->second == next.second) owed_.erase(owed);
  }
}

std::int64_t RedisTier::owed() const {
  std::lock_guard lock(owed_mutex_);
  return static_cast<std::int64_t>(owed_.size());
}

}  // namespace holdfast::cache
