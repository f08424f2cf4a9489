#include "runtime/config/settings.h"

#include <cassert>
#include <charconv>

#include "runtime/config/bounds.h"
#include "runtime/config/sources.h"

extern char** environ;

namespace holdfast::config {
namespace {

constexpr std::string_view variable_prefix = "HOLDFAST_";
constexpr std::string_view file_suffix = "_FILE";
// Names that are no settings: the file and the help page.
constexpr std::string_view config_flag = "config";
constexpr std::string_view help_flag = "help";

// Words of a-z, 0-9 and _ between dots, each beginning with a letter.
bool is_name(std::string_view name) {
  bool expect_letter = true;
  for (const char character : name) {
    const bool letter = character >= 'a' && character <= 'z';
    if (expect_letter && !letter) return false;
    if (!letter && !(character >= '0' && character <= '9') && character != '_' && character != '.') return false;
    expect_letter = character == '.';
  }
  return !expect_letter;
}

template <class T>
bool is(const Row& row) {
  return std::holds_alternative<T>(row.value);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The text as the row's own type, whatever the bounds.
std::optional<Value> parse(const Row& row, const std::string& text) {
  if (text.find('\0') != std::string::npos) return std::nullopt;
  return std::visit(
      [&]<class T>(const T&) -> std::optional<Value> {
        if constexpr (std::is_same_v<T, bool>) {
          if (text != "true" && text != "false") return std::nullopt;
          return text == "true";
        } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
          const auto count = parse_number<std::int64_t>(text);
          if (!count) return std::nullopt;
          return std::chrono::milliseconds(*count);
        } else if constexpr (Number<T>) {
          const auto number = parse_number<T>(text);
          if (!number) return std::nullopt;
          return *number;
        } else {
          return T(text);
        }
      },
      row.value);
}

// One text for one row, and where it was found.
struct Candidate {
  std::string text;
  std::string source;
};

FieldViolation violation(const Row& row, const Candidate& candidate, const std::string& complaint) {
  const std::string shown = is<Secret>(row) ? "" : " = '" + candidate.text.substr(0, 64) + "'";
  return {row.name, "setting '" + row.name + "'" + shown + " (" + candidate.source + "): " + complaint};
}

// The variable itself, or the content of the file that ..._FILE names, without the line's end an editor leaves there.
Result<std::optional<Candidate>> from_environment(const Row& row, const Environment& environment) {
  const std::string variable = variable_name(row.name);
  const auto direct = environment.find(variable);
  const auto file = environment.find(variable + std::string(file_suffix));
  if (direct != environment.end() && file != environment.end()) {
    return fail(Reason::setting_invalid, row.name,
                "setting '" + row.name + "' is given by both " + variable + " and " + file->first);
  }
  if (direct != environment.end()) return Candidate{direct->second, "environment " + variable};
  if (file == environment.end()) return std::nullopt;
  auto text = read_file(file->second, longest_file_bytes);
  if (!text) {
    return fail(Reason::setting_invalid, row.name,
                "setting '" + row.name + "' (environment " + file->first + "): " + text.error().message);
  }
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  return Candidate{*std::move(text), "file " + file->second + " (environment " + file->first + ")"};
}

void take(Row& row, const Candidate& candidate, std::vector<FieldViolation>& problems) {
  const auto value = parse(row, candidate.text);
  if (!value || !within_bounds(row, *value)) {
    problems.push_back(violation(row, candidate, "must be " + bounds_text(row)));
    return;
  }
  row.value = *value;
  row.source = candidate.source;
}

// Everything that was given to this process.
struct Sources {
  Given flags;
  const Environment& environment;
  Given file = {};
  std::string file_name = {};
};

// Gives the row the value of the first source that has one.
void resolve(Row& row, const Sources& sources, std::vector<FieldViolation>& problems) {
  const std::string variable = variable_name(row.name);
  auto from_variable = from_environment(row, sources.environment);
  if (!from_variable) {
    problems.push_back(from_variable.error().fields.at(0));
  } else if (const auto flag = sources.flags.values.find(row.name); flag != sources.flags.values.end()) {
    const Candidate candidate{flag->second, "flag --" + row.name};
    if (!is<Secret>(row)) return take(row, candidate, problems);
    // Every user of the machine can read the arguments of every process.
    problems.push_back(
        violation(row, candidate, "is a secret: give " + variable + " or " + variable + "_FILE instead"));
  } else if (*from_variable) {
    take(row, **from_variable, problems);
  } else if (const auto text = sources.file.values.find(row.name); text != sources.file.values.end()) {
    take(row, {text->second, "file " + sources.file_name}, problems);
  } else if (!row.default_value) {
    problems.push_back({row.name, "setting '" + row.name + "' has no default: give " + variable +
                                      (is<Secret>(row) ? "" : " or --" + row.name) + ", " + bounds_text(row)});
  }
}

Error refuse(std::vector<FieldViolation> problems) {
  std::string message;
  for (const auto& problem : problems) message += (message.empty() ? "" : "\n") + problem.description;
  Error error = fail(Reason::setting_invalid, std::move(message));
  error.fields = std::move(problems);
  return error;
}

}  // namespace

std::string variable_name(std::string_view setting) {
  std::string name(variable_prefix);
  for (const char character : setting) {
    name +=
        character == '.' ? '_' : static_cast<char>(character >= 'a' && character <= 'z' ? character - 32 : character);
  }
  return name;
}

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Row& Section::declare(std::string_view name, Row row) const {
  return settings_->declare(prefix_ + "." + std::string(name), std::move(row));
}

Row& Settings::declare(std::string name, Row row) {
  assert(is_name(name) && name != config_flag && name != help_flag);
  assert(!row.default_value || within_bounds(row, *row.default_value));
  assert(!is<std::chrono::milliseconds>(row) || name.ends_with("_ms"));
  row.name = std::move(name);
  Row& kept = rows_.emplace_back(std::move(row));
  // a.b_c and a_b.c are two names but one variable, and so are a.key_file and the file of a.key.
  const std::string variable = variable_name(kept.name);
  [[maybe_unused]] const bool is_new = by_name_.emplace(kept.name, &kept).second &&
                                       by_variable_.emplace(variable, &kept).second &&
                                       by_variable_.emplace(variable + std::string(file_suffix), &kept).second;
  assert(is_new);
  return kept;
}

Result<Settings::Request> Settings::load(std::span<const std::string> arguments, const Environment& environment) {
  Sources sources{.flags = read_flags(arguments,
                                      [&](const std::string& name) {
                                        const auto row = by_name_.find(name);
                                        return name == help_flag || (row != by_name_.end() && is<bool>(*row->second));
                                      }),
                  .environment = environment};
  if (sources.flags.values.contains(std::string(help_flag))) return Request::help;

  const std::string config_variable = variable_name(config_flag);
  if (const auto set = environment.find(config_variable); set != environment.end()) sources.file_name = set->second;
  if (auto node = sources.flags.values.extract(std::string(config_flag))) sources.file_name = node.mapped();
  if (!sources.file_name.empty()) sources.file = read_json_file(sources.file_name);

  std::vector<FieldViolation> problems = std::move(sources.flags.problems);
  problems.insert(problems.end(), sources.file.problems.begin(), sources.file.problems.end());
  for (const auto& [name, text] : sources.flags.values) {
    if (!by_name_.contains(name)) problems.push_back({name, "flag --" + name + " is not known; --help lists all"});
  }
  for (const auto& [name, text] : sources.file.values) {
    if (by_name_.contains(name)) continue;
    problems.push_back(
        {name, "setting '" + name + "' (file " + sources.file_name + ") is not known; --help lists all"});
  }
  for (const auto& [variable, text] : environment) {
    if (variable.starts_with(variable_prefix) && variable != config_variable && !by_variable_.contains(variable)) {
      unknown_environment_.push_back(variable);
    }
  }
  for (Row& row : rows_) resolve(row, sources, problems);
  if (!problems.empty()) return refuse(std::move(problems));
  return Request::run;
}

}  // namespace holdfast::config
