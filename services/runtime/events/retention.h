#pragma once

#include <chrono>

namespace holdfast::events {

// How long what is kept: each must outlive the one before it, or an event could have its effect twice.
//   Kafka keeps an event for `topic_retention`, where it is ours to say;
//   a consumer refuses an event that is older than `oldest_handled`, whatever the topic keeps;
//   the inbox remembers what was handled for `inbox_retention`: a day more, for clocks that differ.
// That costs a row an event and handler for 37 days: one handler of 500 events a second has 1,600 million. A cluster
// whose topics keep less could forget sooner, were all three told so.
inline constexpr std::chrono::hours topic_retention{24 * 30};
inline constexpr std::chrono::hours oldest_handled{24 * 36};
inline constexpr std::chrono::hours inbox_retention{24 * 37};
static_assert(topic_retention < oldest_handled && oldest_handled < inbox_retention);

}  // namespace holdfast::events
