#pragma once

#include <cstdint>
#include <string>

namespace holdfast::notifications {

// Moves this process, which has one thread yet, into a network of its own, where nothing of the machine's can be
// reached, and has names resolved by the DNS server on 127.0.0.1 there, by it alone. Answers why not, where the kernel
// or the container refuses; then nothing has changed that a test relies on.
std::string enter_network_of_our_own();

// What the kernel counted in this network since it is there.
struct NetworkCounters {
  std::uint64_t connections_begun = 0;  // SYNs, repeats apart: TcpActiveOpens
  std::uint64_t connections_taken = 0;  // by a listener here: TcpPassiveOpens
  std::uint64_t datagrams_sent = 0;     // UDP, of both families: questions to the DNS server and its answers
};

NetworkCounters count_network();

}  // namespace holdfast::notifications
