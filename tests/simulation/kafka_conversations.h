#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

// What is said to Kafka, and the transcript of what it answered. What a broker is free to choose is not in it: which
// member gets which part, and in which order partitions come.

namespace holdfast::simulation {

template <class... Parts>
void say(fmt::format_string<Parts...> text, Parts&&... parts) {
  std::puts(fmt::format(text, std::forward<Parts>(parts)...).c_str());
  std::fflush(stdout);
}

inline const std::array<std::string, 6> keys{"", "a", "stream", "b\n'", "another stream", {"with\0null", 9}};

// One topic, one group, its members and a producer: "at_random", "crowd", "rewind" or "out_of_range".
void converse_in_group(const std::string& name, std::uint64_t seed);

}  // namespace holdfast::simulation
