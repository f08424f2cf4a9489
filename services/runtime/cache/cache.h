#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cache/entry.h"
#include "runtime/cache/near_cache.h"
#include "runtime/cache/redis_tier.h"
#include "runtime/core/call.h"
#include "runtime/core/clock.h"
#include "runtime/metrics/metrics.h"

// # A cache that is never older than you are
//
// A value is looked for near (in this process), then in Redis, then loaded from the database. One command makes a copy
// wrong: the one that commits a change. It calls drop(key, version) after its commit and before it answers, and from
// then on no copy older than `version` may be served. Most of this module is about the word "from then on".
//
// ## What is promised
//
//  1. In the process that dropped: a get() or peek() that begins after drop() returned never answers with less. Redis
//     may be up, down, slow, restarted or half-way through any of these.
//  2. In every process: a get() with `at_least` never answers with less than that version, unless the database itself
//     has less. A caller's read-after token becomes this argument, so it reads its own writes on every replica, always.
//  3. In other processes, without a token: they stop serving the old value as soon as they hear the drop, which takes
//     about a millisecond; a call that comes before that may still join a load that began before the drop. A process
//     that hears nothing stops reading its near cache after `trust` (500 ms). A drop that Redis never took (below)
//     reaches them when it is delivered, or when the service's own events drop again, or by the TTL.
//  4. Redis failing costs each call under way at that moment one budget (50 ms), and no other call anything.
//  5. One load per key and process at a time, however many call; a drop in between allows one more.
//
// The contract of a loader: it reads what is committed, from the primary, when it is called and not before, outside any
// transaction that writes. A command never reads from the cache in a transaction that writes.
//
// ## The races
//
// *The slow loader.* L reads version 1; a command commits version 2 and drops; L comes back and stores version 1. In
// the process, loads under way live beside the entries, in the same shard under the same lock: a drop strikes out the
// load as well as the entry. L still answers those who came before the drop, nobody who came after joins it, and
// nothing is kept. In Redis, a miss hands out a lease (a random token under its own key); a fill has to present it; a
// drop deletes it, and so does the fill. Thus what lies in Redis was read after the last drop that Redis executed. This
// needs no clock and no tombstone: a tombstone forgotten (its seconds over, or evicted for memory) lets the old value
// in, a lease forgotten keeps the new value out, which costs one load. It needs no order of versions either, so it
// serves keys that have none (phone number -> accounts): for these, drop(key) drops whatever there is.
//
// *Redis first, then near.* drop() executes in Redis and only then strikes the near entry out. The other way round, a
// get() between the two would bring the old value back from Redis into the near cache.
//
// *Read from Redis, then dropped, then stored near.* Replica B gets version 1 from Redis; before B has stored it, A
// drops and B hears of it. B's read is a load under way like any other, registered before it asked Redis, so the drop
// strikes it out. This is the "caching in progress" placeholder of Redis's documentation on client-side caching.
//
// *Redis does not take the drop.* The command has committed; it is not failed for that. The drop is owed: this process
// leaves Redis unread until its feed's thread has delivered it, so promise 1 holds. Too many owed (10,000): Redis stays
// unread until everything in it has expired. drop() says `here` instead of `everywhere`; a command may ignore that. Of
// many that travel together, those are owed that Redis did not answer.
//
// *The process dies between commit and drop,* or while it owes one. A command's drop is made up for by the service's
// own events, at least once: they drop again, which is harmless, since entries that have the version already stay.
// Nobody makes up for a reaction's: its event is handled and does not come again, so that the old value lives for its
// time.
//
// *It is not known whether the command was committed* (OUTCOME_UNKNOWN): it is dropped as if it was. Where the database
// commits it after that, a load in between keeps the old value: as above.
//
// *A command that timed out here executes there, later.* A late drop deletes more than it had to. A late fill finds its
// lease deleted. Connections are never used again after a timeout, so no reply is taken for another's.
//
// *The feed breaks* (see drop_feed.h). Drops may be missed, so the near caches are emptied, and bypassed until a new
// subscription stands; trust is withdrawn before they are emptied, and a load that began without trust is not kept. If
// the link is silent rather than broken, nobody notices at once; therefore near caches are read only for `trust` after
// the sending of the last heartbeat that was answered: what Redis published before that heartbeat has arrived before
// its answer. A process that was stopped for a minute wakes up without trust.
//
// *Redis restarts from an old dump, or fails over to a replica that lags.* Values may rise again whose drops are lost.
// Every key contains the id of the server run it was written to, and every connection asks for that id first, so they
// are not found. Connections to any other server than the one whose drops we hear are refused.
//
// *A reader that knows better.* If a copy in Redis is older than the loader's answer, then a drop was lost; the reader
// makes up for it. It never does so on the word of a token alone, which a client could have invented.
//
// *Without Redis,* or before it was ever reached, near caches are trusted only in a process that is the only replica,
// by its settings.
namespace holdfast::cache {

struct CacheLimits {
  size_t near_bytes = 64 << 20;
  std::chrono::milliseconds near_ttl{60'000};
  std::chrono::milliseconds absent_ttl{2'000};
  bool only_replica = false;
};

// Called at most once by get(), on its thread; may block until the call's deadline.
using Loader = std::function<Result<Loaded>()>;

// Any thread. Destroyed before the RedisTier it uses, and after the last call into it.
class Cache {
 public:
  // `redis` is null where none is configured. `name` is unlike that of the service's other caches; `system_clock`
  // counts the TTLs and the ages.
  Cache(std::string name, const CacheLimits& limits, RedisTier* redis, const Clock& system_clock,
        const metrics::Registry& registry);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The near cache alone; never blocks: for answering inline. Null is a miss.
  EntryPointer peek(std::string_view key, std::int64_t at_least = 0);

  // Blocks for Redis (one budget) and for the loader, its own or another caller's, up to the call's deadline. Null is
  // never returned: what is not there has an entry without bytes. The errors are the loader's, deadline_exceeded or
  // cancelled.
  Result<EntryPointer> get(const Call& call, std::string_view key, const Loader& loader, std::int64_t at_least = 0);

  // After a commit that made `version` of the key's value. Blocks for one budget at most, and never fails its caller.
  Dropped drop(std::string_view key, std::int64_t version = every_version);
  // Whatever there is of these keys, as the other drops it: a round trip and a budget for each hundred of them.
  Dropped drop_all(std::span<const std::string> keys);

 private:
  bool trusted() const;
  Result<EntryPointer> lead(const Call& call, std::string_view key, const std::shared_ptr<Flight>& flight,
                            const Loader& loader, std::int64_t at_least);
  Result<EntryPointer> load(const Loader& loader);
  void land(std::string_view key, const std::shared_ptr<Flight>& flight, Result<EntryPointer> result, bool loaded);
  void keep(const Call& call, std::string_view key, const RedisTier::Found& found, const Entry& entry);

  const std::string name_;
  const CacheLimits limits_;
  RedisTier* const redis_;
  const Clock& clock_;
  metrics::Counter near_hits_;
  metrics::Counter redis_hits_;
  metrics::Counter joined_;
  metrics::Counter loads_;
  metrics::Counter failed_loads_;
  NearCache near_;
  std::vector<metrics::Registration> gauges_;  // last: they ask the near cache for its size
};

}  // namespace holdfast::cache
