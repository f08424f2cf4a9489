#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/log/log.h"

// How a line reads, all but its time.
namespace holdfast::log {

// No longer than PIPE_BUF: such a line goes into a pipe whole, whoever else writes there.
constexpr size_t longest_line_bytes = 4096;
constexpr size_t longest_value_bytes = 1024;

struct Line {
  Level level;
  std::string_view message;
  std::string_view service;
  const Call* call;  // null outside of a call
  std::span<const Field> fields;
};

std::string_view level_name(Level level);

// "level":"info","message":"ticket opened",…: the members of a JSON object.
std::string json_members(const Line& line);

// ticket opened ticket_id=0190… reason="no dial tone": for a terminal, with nothing in it that would steer one.
std::string plain_text(const Line& line);

}  // namespace holdfast::log
