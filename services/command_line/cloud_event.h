#pragma once

#include <string>
#include <vector>

namespace holdfast::events {
struct Event;
}

namespace holdfast::command_line {

// An event as CloudEvents' JSON on one line, its data decoded; data of a type that this program does not know stays
// away, and "data_base64" holds its bytes.
std::string json_of(const events::Event& event);

// The topics that this program knows events of, without those of dead letters.
std::vector<std::string> known_topics();

}  // namespace holdfast::command_line
