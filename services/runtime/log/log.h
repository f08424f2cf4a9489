#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/core/call.h"

// One line an occurrence, what happened in fixed words, what it happened to in fields:
//
//   log::Scope scope(call);
//   log::info("ticket opened", {{"ticket_id", to_string(id)}, {"severity", 2}});
//
// The line is in the kernel's hands when the call returns: nothing is queued, so nothing is lost at a crash. Any
// thread.
namespace holdfast::log {

enum class Level { debug, info, warn, error };
std::optional<Level> level_from(std::string_view name);

enum class Format {
  automatic,  // text on a terminal, JSON elsewhere
  json,
  text
};

struct Options {
  Level level = Level::info;
  Format format = Format::automatic;
  std::string service = {};  // of lines outside of any Scope
  int descriptor = 2;        // where lines go
};

// Once, from main. Before it, lines go to standard error as the default options have it.
void start(const Options& options);

// A name and a value that live as long as the statement that logs them. A config::Secret is none, on purpose.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  template <class T>
  requires std::is_convertible_v<const T&, std::string_view> Field(std::string_view name, const T& text)
      : name(name), value(std::string_view(text)) {}
  Field(std::string_view name, std::same_as<bool> auto flag) : name(name), value(flag) {}
  Field(std::string_view name, std::signed_integral auto number) : name(name), value(std::int64_t{number}) {}
  template <std::unsigned_integral T>
  requires(!std::is_same_v<T, bool>) Field(std::string_view name, T number)
      : name(name), value(std::uint64_t{number}) {}
  Field(std::string_view name, double number) : name(name), value(number) {}

  std::string_view name;
  Value value;
};

using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view message, std::span<const Field> fields);

inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

// While it lives, this thread's lines say which service they belong to, or whose call they serve: request_id,
// agency_id, trace_id. What it is given must outlive it. Scopes nest.
class Scope {
 public:
  explicit Scope(std::string_view service);
  explicit Scope(const Call& call);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  std::string_view service_before_;
  const Call* call_before_;
};

// For what may go wrong a thousand times a second (a broker that is down): one line a period, which counts the lines
// held back before it. One object a cause, kept by whoever meets the cause. Any thread.
class Repeated {
 public:
  explicit Repeated(std::chrono::milliseconds period) : period_(period) {}

  void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
  void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

  // The number of lines held back since the last one, if a line may be written now; nothing if it is held back too.
  std::optional<std::uint64_t> admit(std::chrono::steady_clock::time_point now);

 private:
  void write(Level level, std::string_view message, Fields fields);

  const std::chrono::steady_clock::duration period_;
  std::atomic<std::chrono::steady_clock::time_point> next_{std::chrono::steady_clock::time_point::min()};
  std::atomic<std::uint64_t> held_back_{0};
};

// For tests: while it lives, lines of all levels and threads are kept here as JSON instead of being written.
class Capture {
 public:
  Capture();
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  std::vector<std::string> lines() const;
  bool contains(std::string_view text) const;
};

}  // namespace holdfast::log
