#pragma once

#include <cstddef>

namespace holdfast::metrics {

inline constexpr size_t shard_count = 16;

// The shard that the calling thread adds to, the same in every counter and histogram: its own while no more threads
// live than there are shards.
size_t thread_shard();

}  // namespace holdfast::metrics
