#include "runtime/cache/near_cache.h"

#include "runtime/core/mutant.h"

namespace holdfast::cache {

EntryPointer NearCache::find(std::string_view key, std::int64_t at_least, Instant now) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  return find_locked(shard, key, at_least, now);
}

EntryPointer NearCache::find_locked(Shard& shard, std::string_view key, std::int64_t at_least, Instant now) {
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return nullptr;
  Slot& slot = *found->second;
  if (slot.expires <= now) {
    erase_locked(shard, found->second);
    return nullptr;
  }
  if (slot.entry->version < at_least) return nullptr;
  slot.read_since = true;
  return slot.entry;
}

NearCache::Ticket NearCache::begin_locked(Shard& shard, std::string_view key, std::int64_t at_least, Instant now,
                                          bool trusted) {
  if (trusted) {
    if (auto entry = find_locked(shard, key, at_least, now)) return {std::move(entry), nullptr, false};
  }
  auto& flight = shard.flights[std::string(key)];
  if (flight) return {nullptr, flight, false};
  flight = std::make_shared<Flight>();
  flight->storable = trusted;
  return {nullptr, flight, true};
}

std::optional<Result<EntryPointer>> NearCache::wait(std::string_view key, Flight& flight, const Call& call) {
  std::unique_lock lock(shard_of(key).mutex);
  flight.landed.wait_until(lock, call.stop, call.deadline, [&] { return flight.result.has_value(); });
  return flight.result;
}

void NearCache::land(std::string_view key, const std::shared_ptr<Flight>& flight, Result<EntryPointer> result,
                     bool loaded, Instant expires) {
  Shard& shard = shard_of(key);
  {
    std::lock_guard lock(shard.mutex);
    const auto under_way = shard.flights.find(std::string(key));
    if (under_way != shard.flights.end() && under_way->second == flight) shard.flights.erase(under_way);
    if (result && flight->storable) store_locked(shard, key, *result, expires);
    flight->loaded = loaded;
    flight->result = std::move(result);
  }
  flight->landed.notify_all();
}

void NearCache::store_locked(Shard& shard, std::string_view key, EntryPointer entry, Instant expires) {
  // What is there was too old for the call that began this flight, or had expired: it is replaced whatever its version.
  const auto found = shard.index.find(key);
  if (found != shard.index.end()) erase_locked(shard, found->second);
  const size_t bytes = overhead_bytes + key.size() + (entry->bytes ? entry->bytes->size() : 0);
  if (bytes > shard_bytes_) return;
  while (static_cast<size_t>(shard.size.bytes) + bytes > shard_bytes_) {
    const auto hand = shard.clock.begin();
    if (hand->read_since) {
      hand->read_since = false;
      shard.clock.splice(shard.clock.end(), shard.clock, hand);
    } else {
      erase_locked(shard, hand);
      evicted_.add();
    }
  }
  shard.clock.push_back({std::string(key), std::move(entry), expires, bytes, false});
  const auto slot = std::prev(shard.clock.end());
  shard.index.emplace(slot->key, slot);
  ++shard.size.entries;
  shard.size.bytes += static_cast<std::int64_t>(bytes);
}

void NearCache::erase_locked(Shard& shard, Clock::iterator slot) {
  --shard.size.entries;
  shard.size.bytes -= static_cast<std::int64_t>(slot->bytes);
  shard.index.erase(slot->key);
  shard.clock.erase(slot);
}

void NearCache::drop(std::string_view key, std::int64_t version) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found != shard.index.end() && found->second->entry->version < version) erase_locked(shard, found->second);
  const auto under_way = shard.flights.find(std::string(key));
  if (under_way == shard.flights.end() || mutant("cache.filled_unfenced")) return;
  under_way->second->storable = false;
  shard.flights.erase(under_way);
}

void NearCache::clear() {
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    while (!shard.clock.empty()) erase_locked(shard, shard.clock.begin());
    for (auto& [key, flight] : shard.flights) flight->storable = false;
    shard.flights.clear();
  }
}

NearCache::Size NearCache::size() {
  Size sum;
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    sum.entries += shard.size.entries;
    sum.bytes += shard.size.bytes;
  }
  return sum;
}

}  // namespace holdfast::cache
