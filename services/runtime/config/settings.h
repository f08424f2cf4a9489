#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "runtime/core/result.h"

// Every setting is declared once, as a member of a struct of its section:
//
//   struct DatabaseSettings {
//     config::Section section;
//     config::Setting<config::Secret> url{section, "url", config::required, "Connection string of PostgreSQL."};
//     config::Setting<int> pool_size{section, "pool_size", 16, {1, 200}, "Connections kept open to PostgreSQL."};
//     config::Setting<std::chrono::milliseconds> connect_timeout_ms{section, "connect_timeout_ms", 2s, {10ms, 60s},
//     "…"};
//   };
//
//   config::Settings settings;
//   DatabaseSettings accounts{settings.section("accounts.db")};
//   DatabaseSettings tickets{settings.section("tickets.db")};
//   switch (TRY(settings.load(arguments, environment))) { … }
//   connect(tickets.url->reveal(), *tickets.pool_size);
namespace holdfast::config {

// Text that no log line, error or page shows: it turns into text only where somebody asks for it by name.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

// In the place of a default: somebody has to give this setting a value, or the process does not start.
inline constexpr std::nullopt_t required = std::nullopt;

using Value = std::variant<std::string, int, bool, double, std::chrono::milliseconds, std::filesystem::path, Secret>;

// One declared setting. Numbers and durations (in ms) lie within [least, most]; so do the lengths in bytes of texts.
struct Row {
  std::string name;  // tickets.db.pool_size
  std::string description;
  std::optional<Value> default_value;
  Value value;  // its alternative is the setting's type; the default's until load() has found another
  double least = 0;
  double most = 0;
  std::vector<std::string> words;  // the only texts allowed; empty when any is
  std::string source = "default";  // where the value came from, for people: "environment HOLDFAST_TICKETS_DB_POOL_SIZE"
};

template <class T>
struct Range {
  T least;
  T most;
};

template <class T>
concept Number = std::is_same_v<T, int> || std::is_same_v<T, double> || std::is_same_v<T, std::chrono::milliseconds>;

class Settings;

// A prefix under which a struct declares its settings. Declaring the struct twice takes two sections.
class Section {
 public:
  Section section(std::string_view name) const { return {*settings_, prefix_ + "." + std::string(name)}; }
  Row& declare(std::string_view name, Row row) const;

 private:
  friend class Settings;
  Section(Settings& settings, std::string prefix) : settings_(&settings), prefix_(std::move(prefix)) {}

  Settings* settings_;
  std::string prefix_;
};

// The handle of one setting; it may be copied, and must not outlive its Settings. Any thread once load() is through.
template <class T>
class Setting {
 public:
  static constexpr double longest_text_bytes = 16 << 10;

  Setting(const Section& section, std::string_view name, std::optional<T> default_value, Range<T> range,
          std::string_view description) requires Number<T>
      : row_(&section.declare(name, row(default_value, number(range.least), number(range.most), description))) {}

  Setting(const Section& section, std::string_view name, std::optional<T> default_value,
          std::string_view description) requires(!Number<T>)
      : row_(&section.declare(name, row(default_value, least_bytes(default_value), longest_text_bytes, description))) {}

  // A text that is one of a few words.
  Setting(const Section& section, std::string_view name, std::optional<T> default_value, std::vector<std::string> words,
          std::string_view description) requires std::is_same_v<T, std::string>
      : row_(&section.declare(name, row(default_value, least_bytes(default_value), longest_text_bytes, description,
                                        std::move(words)))) {}

  const T& operator*() const { return std::get<T>(row_->value); }
  const T* operator->() const { return &std::get<T>(row_->value); }
  // For messages about it that are born elsewhere, such as a port that is taken.
  const std::string& name() const { return row_->name; }

 private:
  // A text that must be given is not given by leaving it empty.
  static double least_bytes(const std::optional<T>& default_value) { return default_value ? 0 : 1; }

  static double number(T value) {
    if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
      return static_cast<double>(value.count());
    } else {
      return static_cast<double>(value);
    }
  }

  static Row row(const std::optional<T>& default_value, double least, double most, std::string_view description,
                 std::vector<std::string> words = {}) {
    Row row;
    row.description = description;
    if (default_value) row.default_value = *default_value;
    row.value = default_value.value_or(T{});
    row.least = least;
    row.most = most;
    row.words = std::move(words);
    return row;
  }

  const Row* row_;
};

using Environment = std::map<std::string, std::string, std::less<>>;

// The process's own environment. Call it before other threads exist.
Environment process_environment();

// All settings of a process. Declare and load on the main thread, before any other starts; afterwards nothing changes.
class Settings {
 public:
  enum class Request { run, help };

  Settings() = default;
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;

  // A misspelt or repeated name is our own bug and ends the process when it is declared.
  Section section(std::string_view prefix) { return {*this, std::string(prefix)}; }
  Row& declare(std::string name, Row row);

  // Takes each value from the first of: flag, environment, the JSON file named by --config, default. `arguments` come
  // without the program's name. The error (setting_invalid) tells everything that is wrong, a line each.
  Result<Request> load(std::span<const std::string> arguments, const Environment& environment);

  const std::deque<Row>& rows() const { return rows_; }
  // HOLDFAST_ variables that no setting here goes by: another process's settings, or a typing error. Worth a warning.
  const std::vector<std::string>& unknown_environment() const { return unknown_environment_; }

 private:
  std::deque<Row> rows_;  // a deque: handles point at its rows
  std::unordered_map<std::string, Row*> by_name_;
  std::unordered_map<std::string, Row*> by_variable_;
  std::vector<std::string> unknown_environment_;
};

// HOLDFAST_TICKETS_DB_POOL_SIZE
std::string variable_name(std::string_view setting);

}  // namespace holdfast::config
