#include "runtime/log/line.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace holdfast::log {
namespace {

// What the time, the line's end and "truncated" need.
constexpr size_t reserved_bytes = 128;
// A message that is all control characters grows sixfold and still leaves room.
constexpr size_t longest_message_bytes = 256;

constexpr std::array<std::string_view, 8> own_names{"time",       "level",     "message",  "service",
                                                    "request_id", "agency_id", "trace_id", "truncated"};

// Values whose name says that they open something. The guard behind config::Secret, which cannot be logged at all.
bool names_a_secret(std::string_view name) {
  constexpr std::array<std::string_view, 7> parts{"password", "passcode", "secret",    "token",
                                                  "api_key",  "cookie",   "credential"};
  const auto contains = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  return std::ranges::any_of(parts, contains) || name == "authorization" || name == "pin" || name.ends_with("_pin");
}

// A quoted JSON text: illegal UTF-8 becomes U+FFFD, and no control character survives, the C1 ones of terminals
// included.
std::string quoted(std::string_view text) {
  const std::string dumped = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string safe;
  safe.reserve(dumped.size());
  constexpr char digits[] = "0123456789abcdef";
  const auto append_escape = [&](unsigned char code) {
    safe += "\\u00";
    safe += digits[code >> 4];
    safe += digits[code & 15];
  };
  for (size_t index = 0; index < dumped.size(); ++index) {
    const auto byte = static_cast<unsigned char>(dumped[index]);
    const auto next = static_cast<unsigned char>(index + 1 < dumped.size() ? dumped[index + 1] : 0);
    if (byte == 0x7f) {
      append_escape(byte);
    } else if (byte == 0xc2 && next < 0xa0) {
      append_escape(next);
      ++index;
    } else {
      safe += dumped[index];
    }
  }
  return safe;
}

// Collects members until the line is full; what does not fit is left out and the line says so.
class Members {
 public:
  explicit Members(bool json) : json_(json) {}

  void add(std::string_view name, const Field::Value& value) {
    std::string text = std::visit(
        [&]<class T>(const T& held) {
          if constexpr (std::is_same_v<T, std::string_view>) {
            truncated_ = truncated_ || held.size() > longest_value_bytes;
            return quoted(held.substr(0, longest_value_bytes));
          } else {
            return nlohmann::json(held).dump();  // NaN and the infinities read null
          }
        },
        value);
    if (!json_ && is_bare(text)) text = text.substr(1, text.size() - 2);
    append(json_ ? quoted(name) + ":" + text : " " + std::string(name) + "=" + text);
  }

  void add_field(const Field& field) {
    std::string name(field.name);
    if (std::ranges::find(own_names, field.name) != own_names.end()) name += '_';
    add(name, names_a_secret(field.name) ? Field::Value("***") : field.value);
  }

  std::string finish() && {
    if (truncated_) text_ += json_ ? ",\"truncated\":true" : " truncated=true";
    return std::move(text_);
  }

 private:
  // A quoted text that reads as well without its quotes.
  static bool is_bare(std::string_view text) {
    return text.size() > 2 && text.front() == '"' && text.find_first_of(" =\\") == std::string_view::npos;
  }

  void append(const std::string& member) {
    if (text_.size() + member.size() + 1 > longest_line_bytes - reserved_bytes) {
      truncated_ = true;
      return;
    }
    if (json_ && !text_.empty()) text_ += ',';
    text_ += member;
  }

  const bool json_;
  bool truncated_ = false;
  std::string text_;
};

// The 32 digits in the middle of 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.
std::string_view trace_id(std::string_view traceparent) {
  return traceparent.size() == 55 ? traceparent.substr(3, 32) : std::string_view();
}

void add_context(Members& members, const Line& line) {
  if (line.call == nullptr) return;
  if (!line.call->request_id.empty()) members.add("request_id", line.call->request_id);
  if (!line.call->who.agency.is_nil()) members.add("agency_id", to_string(line.call->who.agency));
  if (const auto id = trace_id(line.call->traceparent); !id.empty()) members.add("trace_id", id);
}

}  // namespace

std::string_view level_name(Level level) {
  constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
  return names.at(static_cast<size_t>(level));
}

std::string json_members(const Line& line) {
  Members members(true);
  members.add("level", level_name(line.level));
  members.add("message", line.message.substr(0, longest_message_bytes));
  if (!line.service.empty()) members.add("service", line.service);
  add_context(members, line);
  for (const Field& field : line.fields) members.add_field(field);
  return std::move(members).finish();
}

std::string plain_text(const Line& line) {
  const std::string message = quoted(line.message.substr(0, longest_message_bytes));
  Members members(false);
  if (!line.service.empty()) members.add("service", line.service);
  add_context(members, line);
  for (const Field& field : line.fields) members.add_field(field);
  return message.substr(1, message.size() - 2) + std::move(members).finish();
}

}  // namespace holdfast::log
