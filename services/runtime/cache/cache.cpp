#include "runtime/cache/cache.h"

#include <algorithm>

namespace holdfast::cache {
namespace {

constexpr size_t dropped_together = 100;

// The leader ran out of its own time, or its caller went away: that is no answer to those who waited for it.
bool leader_gave_up(const Error& error) { return error.code() == Code::deadline || error.code() == Code::cancelled; }

Result<> still_wanted(const Call& call) {
  if (call.stop.stop_requested()) return fail(Reason::cancelled, "the caller went away");
  if (std::chrono::steady_clock::now() < call.deadline) return Unit{};
  return fail(Reason::deadline_exceeded, "no time left for the load");
}

}  // namespace

Cache::Cache(std::string name, const CacheLimits& limits, RedisTier* redis, const Clock& system_clock,
             const metrics::Registry& registry)
    : name_(std::move(name)),
      limits_(limits),
      redis_(redis),
      clock_(system_clock),
      near_hits_(registry.counter("holdfast_cache_hits_total", "Values found, by where.",
                                  {{"cache", name_}, {"tier", "near"}})),
      redis_hits_(registry.counter("holdfast_cache_hits_total", "Values found, by where.",
                                   {{"cache", name_}, {"tier", "redis"}})),
      joined_(registry.counter("holdfast_cache_joined_total", "Calls that waited for another call's load.",
                               {{"cache", name_}})),
      loads_(registry.counter("holdfast_cache_loads_total", "Values loaded, for want of a hit.", {{"cache", name_}})),
      failed_loads_(registry.counter("holdfast_cache_failed_loads_total", "Loads that failed.", {{"cache", name_}})),
      near_(limits.near_bytes,
            registry.counter("holdfast_cache_evicted_total", "Values that went from the process's memory to make room.",
                             {{"cache", name_}})) {
  gauges_.push_back(registry.gauge_from("holdfast_cache_bytes", "Memory of this process that values take.",
                                        {{"cache", name_}},
                                        [this] { return static_cast<double>(near_.size().bytes); }));
  gauges_.push_back(registry.gauge_from("holdfast_cache_entries", "Values in this process's memory.",
                                        {{"cache", name_}},
                                        [this] { return static_cast<double>(near_.size().entries); }));
  if (redis_ != nullptr) redis_->attach(name_, near_);
}

Cache::~Cache() {
  if (redis_ != nullptr) redis_->detach(name_);
}

bool Cache::trusted() const { return limits_.only_replica || (redis_ != nullptr && redis_->trusted()); }

EntryPointer Cache::peek(std::string_view key, std::int64_t at_least) {
  if (!trusted()) return nullptr;
  auto entry = near_.find(key, at_least, clock_.now());
  if (entry) near_hits_.add();
  return entry;
}

Result<EntryPointer> Cache::get(const Call& call, std::string_view key, const Loader& loader, std::int64_t at_least) {
  if (key.size() > longest_key_bytes) return load(loader);
  for (bool first = true;; first = false) {
    CHECK_OK(still_wanted(call));
    auto ticket = near_.begin(key, at_least, clock_.now(), [this] { return trusted(); });
    if (ticket.hit) {
      near_hits_.add();
      return std::move(ticket.hit);
    }
    if (ticket.leads) return lead(call, key, ticket.flight, loader, at_least);
    joined_.add();
    auto landed = near_.wait(key, *ticket.flight, call);
    if (!landed) continue;
    if (!*landed) {
      if (leader_gave_up(landed->error())) continue;
      return *std::move(landed);
    }
    // What was loaded since this call came is the truth, even when it is less than the caller asks for.
    if ((**landed)->version >= at_least || (!first && ticket.flight->loaded)) return *std::move(landed);
  }
}

Result<EntryPointer> Cache::lead(const Call& call, std::string_view key, const std::shared_ptr<Flight>& flight,
                                 const Loader& loader, std::int64_t at_least) {
  try {
    RedisTier::Found found;
    if (redis_ != nullptr) found = redis_->read(name_, key, at_least, call.deadline);
    if (found.entry) {
      redis_hits_.add();
      land(key, flight, found.entry, false);
      return found.entry;
    }
    // Those who wait go on before Redis is filled.
    auto result = load(loader);
    land(key, flight, result, true);
    if (result) keep(call, key, found, **result);
    return result;
  } catch (...) {
    // A loader of ours that throws is a fault of ours; it must not leave the key without an answer for ever.
    land(key, flight, fail(Reason::internal, "the loader threw"), true);
    throw;
  }
}

Result<EntryPointer> Cache::load(const Loader& loader) {
  const auto began = clock_.now();
  loads_.add();
  auto loaded = loader();
  if (!loaded) {
    failed_loads_.add();
    return std::move(loaded).error();
  }
  return std::make_shared<const Entry>(Entry{std::move(loaded->bytes), loaded->version, began});
}

void Cache::land(std::string_view key, const std::shared_ptr<Flight>& flight, Result<EntryPointer> result,
                 bool loaded) {
  const bool absent = result && !(*result)->bytes;
  const auto expires = clock_.now() + (absent ? limits_.absent_ttl : limits_.near_ttl);
  near_.land(key, flight, std::move(result), loaded, expires);
}

void Cache::keep(const Call& call, std::string_view key, const RedisTier::Found& found, const Entry& entry) {
  if (redis_ == nullptr || (entry.bytes && entry.bytes->size() > largest_entry_bytes)) return;
  if (found.stale && *found.stale != entry.version) {
    redis_->drop(name_, key, every_version);
  } else if (!found.lease.empty()) {
    redis_->fill(name_, key, found.lease, entry, call.deadline);
  }
}

Dropped Cache::drop(std::string_view key, std::int64_t version) {
  const auto dropped =
      redis_ == nullptr || key.size() > longest_key_bytes ? Dropped::everywhere : redis_->drop(name_, key, version);
  near_.drop(key, version);
  return dropped;
}

Dropped Cache::drop_all(std::span<const std::string> keys) {
  auto dropped = Dropped::everywhere;
  while (!keys.empty()) {
    const auto now = keys.first(std::min(keys.size(), dropped_together));
    keys = keys.subspan(now.size());
    std::vector<std::string_view> in_redis;
    std::ranges::copy_if(now, std::back_inserter(in_redis),
                         [](const std::string& key) { return key.size() <= longest_key_bytes; });
    if (redis_ != nullptr && redis_->drop(name_, in_redis, every_version) == Dropped::here) dropped = Dropped::here;
    for (const auto& key : now) near_.drop(key, every_version);
  }
  return dropped;
}

}  // namespace holdfast::cache
