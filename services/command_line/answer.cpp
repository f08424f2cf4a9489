#include "command_line/answer.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <ostream>

#include "command_line/names.h"
#include "command_line/table.h"
#include "runtime/core/time.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

// Up to so many days left a row is painted as one to look at.
constexpr int days_to_warn = 30;

std::string readable(std::chrono::sys_days day) {
  constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(day);
  return fmt::format("{} {:02} {} {}", weekdays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

std::string readable(const Timestamp& timestamp) {
  const std::chrono::sys_seconds instant{std::chrono::seconds(timestamp.seconds())};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time(instant - day);
  return fmt::format("{} {:02}:{:02}:{:02} UTC", readable(day), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string readable(const std::string& text) {
  const auto date = text.size() == 10 ? parse_date(text) : fail(Reason::date_invalid, "no date");
  return date ? readable(std::chrono::sys_days(date->time_since_epoch())) : text;
}

bool is_money(const Descriptor& type) { return type.full_name() == "holdfast.type.v1.Money"; }
bool is_leaf(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || is_money(*field.message_type()) ||
         field.message_type()->full_name() == Timestamp::descriptor()->full_name();
}

std::string readable_money(const Message& money) {
  const auto& type = *money.GetDescriptor();
  const auto minor = money.GetReflection()->GetInt64(money, type.FindFieldByName("minor"));
  const auto currency = money.GetReflection()->GetString(money, type.FindFieldByName("currency"));
  if (currency.empty()) return {};
  return fmt::format("{}{}.{:02} {}", minor < 0 ? "-" : "", std::abs(minor) / 100, std::abs(minor) % 100, currency);
}

std::string leaf(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return fmt::format("{:g}", reflection.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = reflection.GetEnum(message, &field);
      return value->number() == 0 ? "" : spaced(word_of(*value));
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (!reflection.HasField(message, &field)) return {};
      const auto& inner = reflection.GetMessage(message, &field);
      return is_money(*inner.GetDescriptor()) ? readable_money(inner) : readable(static_cast<const Timestamp&>(inner));
    }
    default:
      return readable(reflection.GetString(message, &field));
  }
}

std::string joined(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  std::vector<std::string> texts;
  for (int index = 0; index < reflection.FieldSize(message, &field); ++index) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      texts.push_back(readable(reflection.GetRepeatedString(message, &field, index)));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      texts.push_back(spaced(word_of(*reflection.GetRepeatedEnum(message, &field, index))));
    }
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

struct Column {
  std::string heading;
  std::string path;
  bool ranks = false;
};

std::vector<Column> parse(std::string_view columns) {
  std::vector<Column> parsed;
  for (auto word : split(columns)) {
    Column column;
    column.ranks = word.ends_with('!');
    if (column.ranks) word.pop_back();
    const auto equals = word.find('=');
    column.path = equals == std::string::npos ? word : word.substr(equals + 1);
    column.heading = spaced(equals == std::string::npos ? word : word.substr(0, equals));
    parsed.push_back(std::move(column));
  }
  return parsed;
}

std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Urgency urgency_of(const std::string& text) {
  if (const auto days = number(text)) {
    return *days <= 0 ? Urgency::alarm : *days <= days_to_warn ? Urgency::warning : Urgency::none;
  }
  constexpr std::array alarms{"p1", "no", "breached", "failed", "overdue", "dead"};
  constexpr std::array warnings{"p2", "warned", "held", "pending", "disabled"};
  if (std::ranges::find(alarms, text) != alarms.end()) return Urgency::alarm;
  return std::ranges::find(warnings, text) != warnings.end() ? Urgency::warning : Urgency::none;
}

// Numbers by size, words by how bad they are; equals stay as the server gave them.
bool is_worse(const std::string& left, const std::string& right) {
  const auto first = number(left), second = number(right);
  if (first && second) return *first < *second;
  return urgency_of(left) < urgency_of(right);
}

using Pairs = std::vector<std::pair<std::string, Cell>>;

void append_pairs(const Message& message, const std::string& prefix, Pairs& pairs,
                  std::vector<std::pair<const Message*, const FieldDescriptor*>>& lists) {
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int index = 0; index < type.field_count(); ++index) {
    const auto& field = *type.field(index);
    if (field.is_repeated()) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        lists.emplace_back(&message, &field);
      } else {
        pairs.push_back({prefix + spaced(field.name()), {joined(message, field)}});
      }
    } else if (is_leaf(field)) {
      pairs.push_back({prefix + spaced(field.name()), {leaf(message, field)}});
    } else if (reflection.HasField(message, &field)) {
      append_pairs(reflection.GetMessage(message, &field), prefix + spaced(field.name()) + " ", pairs, lists);
    }
  }
}

// Every field that fits a cell and says something of some element, for lists that stand within a resource.
std::string filled_columns(const Descriptor& type, const std::vector<const Message*>& elements) {
  std::string columns;
  for (int index = 0; index < type.field_count(); ++index) {
    const auto& field = *type.field(index);
    if (field.is_repeated() || !is_leaf(field)) continue;
    const auto filled = [&](const Message* element) { return !leaf(*element, field).empty(); };
    if (std::ranges::any_of(elements, filled)) columns += field.name() + " ";
  }
  return columns;
}

std::vector<const Message*> elements(const Message& message, const FieldDescriptor& field) {
  std::vector<const Message*> list;
  for (int index = 0; index < message.GetReflection()->FieldSize(message, &field); ++index) {
    list.push_back(&message.GetReflection()->GetRepeatedMessage(message, &field, index));
  }
  return list;
}

}  // namespace

std::string json_of(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);  // fails for Any and ill Timestamps only
  return json;
}

std::string text_of(const Message& message, std::string_view path) {
  const auto dot = path.find('.');
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  if (!field) return {};  // the table's test says so
  if (dot != std::string_view::npos) {
    return text_of(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
  }
  if (field->is_repeated()) return joined(message, *field);
  return is_leaf(*field) ? leaf(message, *field) : "";
}

void print_resource(std::ostream& out, const Message& message, bool colors) {
  Pairs pairs;
  std::vector<std::pair<const Message*, const FieldDescriptor*>> lists;
  append_pairs(message, "", pairs, lists);
  print_pairs(out, pairs, colors);
  for (const auto& [owner, field] : lists) {
    const auto found = elements(*owner, *field);
    if (found.empty()) continue;
    out << '\n' << spaced(field->name()) << '\n';
    print_list(out, found, filled_columns(*field->message_type(), found), colors);
  }
}

void print_list(std::ostream& out, const std::vector<const Message*>& elements, std::string_view columns, bool colors) {
  const auto parsed = parse(columns);
  auto sorted = elements;
  const auto ranking = std::ranges::find(parsed, true, &Column::ranks);
  if (ranking != parsed.end()) {
    std::ranges::stable_sort(sorted, [&](const Message* left, const Message* right) {
      return is_worse(text_of(*left, ranking->path), text_of(*right, ranking->path));
    });
  }
  std::vector<std::string> headings;
  for (const auto& column : parsed) headings.push_back(column.heading);
  Table table(std::move(headings));
  for (const auto* element : sorted) {
    std::vector<Cell> row;
    for (const auto& column : parsed) {
      const auto text = text_of(*element, column.path);
      row.push_back({text, column.ranks ? urgency_of(text) : Urgency::none});
    }
    table.add(std::move(row));
  }
  table.print(out, colors);
}

const FieldDescriptor* elements_of(const Descriptor& answer) {
  const FieldDescriptor* found = nullptr;
  for (int index = 0; index < answer.field_count(); ++index) {
    const auto& field = *answer.field(index);
    if (field.name() == "next_page_token") continue;
    if (!field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || found) return nullptr;
    found = &field;
  }
  return found;
}

}  // namespace holdfast::command_line
