#pragma once

#include <array>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "runtime/cache/entry.h"
#include "runtime/core/call.h"
#include "runtime/metrics/metrics.h"

namespace holdfast::cache {

// A load that is under way. Guarded by its shard's lock.
struct Flight {
  std::condition_variable_any landed;
  std::optional<Result<EntryPointer>> result;
  bool loaded = false;    // by the loader, after the flight began; otherwise it was found in Redis
  bool storable = false;  // no drop and no loss of the feed came between
};

// The cache in this process, and the loads under way in it: both in one shard under one lock, so that between a drop
// and a landing there is no moment in which neither sees the other. Bounded by bytes; the oldest go first unless they
// were read since the hand last passed (CLOCK). No call blocks but wait(). Any thread.
class NearCache {
 public:
  struct Size {
    std::int64_t entries = 0;
    std::int64_t bytes = 0;
  };

  NearCache(size_t bytes, metrics::Counter evicted) : shard_bytes_(bytes / shard_count), evicted_(evicted) {}

  // The entry, if it has not expired and is not older than `at_least`.
  EntryPointer find(std::string_view key, std::int64_t at_least, Instant now);

  struct Ticket {
    EntryPointer hit;
    std::shared_ptr<Flight> flight;
    bool leads = false;  // the caller has to call land() once, whatever happens
  };
  // Finds the entry (unless `trusted` says no), or joins the load under way, or begins one. `trusted` is asked under
  // the lock: a clear() that follows the loss of trust meets either a flight, or a flight that knows.
  template <class Trusted>
  Ticket begin(std::string_view key, std::int64_t at_least, Instant now, const Trusted& trusted) {
    Shard& shard = shard_of(key);
    std::lock_guard lock(shard.mutex);
    return begin_locked(shard, key, at_least, now, trusted());
  }

  // Blocks until the flight lands. Nothing when the call's deadline passed or its caller went away.
  std::optional<Result<EntryPointer>> wait(std::string_view key, Flight& flight, const Call& call);

  // Ends the flight, wakes those who wait, and keeps the entry until `expires` if it may.
  void land(std::string_view key, const std::shared_ptr<Flight>& flight, Result<EntryPointer> result, bool loaded,
            Instant expires);

  // Afterwards no entry older than `version` is found, and no load that began before is joined or kept.
  void drop(std::string_view key, std::int64_t version);
  void clear();

  Size size();

 private:
  static constexpr size_t shard_count = 64;
  static constexpr size_t overhead_bytes = 256;  // of an entry: its nodes in list and index, pointers, version

  struct Slot {
    std::string key;
    EntryPointer entry;
    Instant expires;
    size_t bytes;
    bool read_since;
  };
  using Clock = std::list<Slot>;  // the hand is at the front
  struct Shard {
    std::mutex mutex;
    Clock clock;
    std::unordered_map<std::string_view, Clock::iterator> index;  // its keys lie in the slots
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights;
    Size size;
  };

  Shard& shard_of(std::string_view key) { return shards_[std::hash<std::string_view>{}(key) % shard_count]; }
  Ticket begin_locked(Shard& shard, std::string_view key, std::int64_t at_least, Instant now, bool trusted);
  static EntryPointer find_locked(Shard& shard, std::string_view key, std::int64_t at_least, Instant now);
  static void erase_locked(Shard& shard, Clock::iterator slot);
  void store_locked(Shard& shard, std::string_view key, EntryPointer entry, Instant expires);

  const size_t shard_bytes_;
  metrics::Counter evicted_;
  std::array<Shard, shard_count> shards_;
};

}  // namespace holdfast::cache
