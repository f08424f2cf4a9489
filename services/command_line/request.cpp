#include "command_line/request.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>

#include "command_line/field_words.h"
#include "command_line/names.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

std::string flag_name(const std::string& prefix, const FieldDescriptor& field) {
  auto name = prefix + dashed(field.name());
  if (is_in_days(field)) name.erase(name.rfind('-'));
  return std::ranges::find(general_flags, name) == general_flags.end() ? name : "its-" + name;
}

// How deep a message within a message may still be given by flags.
constexpr int deepest = 3;

std::vector<std::string> words_of(const FieldDescriptor& field) {
  std::vector<std::string> words;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return words;
  for (int index = 1; index < field.enum_type()->value_count(); ++index) {
    words.push_back(word_of(*field.enum_type()->value(index)));
  }
  return words;
}

// `answer`: of the method, for the fields of its request itself.
void append_flags(const Descriptor& message, const std::string& prefix, int depth, const Descriptor* answer,
                  std::vector<Flag>& flags) {
  for (int index = 0; index < message.field_count(); ++index) {
    const auto& field = *message.field(index);
    const auto name = flag_name(prefix, field);
    if (is_message(field) && !field.is_repeated() && !is_instant(field)) {
      if (depth < deepest) append_flags(*field.message_type(), name + "-", depth + 1, nullptr, flags);
      continue;
    }
    const auto words = words_of(field);
    flags.push_back({.name = name,
                     .help = described(field, answer),
                     .value = placeholder_of(field),
                     .takes_value = field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL,
                     .repeated = field.is_repeated(),
                     .words = words});
  }
}

template <class Number>
Result<Number> number(const std::string& flag, const std::string& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fail(Reason::field_invalid, "--" + flag, "'" + text + "' is no such number");
  }
  return value;
}

// Sets a field once, or appends to it when it is repeated.
class Setter {
 public:
  Setter(Message& message, const FieldDescriptor& field, const std::string& flag)
      : message_(message), field_(field), reflection_(*message.GetReflection()), flag_(flag) {}

  Result<> set(const std::string& text) {
    switch (field_.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: {
        const bool with_unit = is_in_days(field_) && text.ends_with('d');
        const auto value = TRY(number<std::int32_t>(flag_, text.substr(0, text.size() - (with_unit ? 1 : 0))));
        field_.is_repeated() ? reflection_.AddInt32(&message_, &field_, value)
                             : reflection_.SetInt32(&message_, &field_, value);
        return {};
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        const auto value = TRY(number<std::int64_t>(flag_, text));
        field_.is_repeated() ? reflection_.AddInt64(&message_, &field_, value)
                             : reflection_.SetInt64(&message_, &field_, value);
        return {};
      }
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        const auto value = TRY(number<double>(flag_, text));
        field_.is_repeated() ? reflection_.AddDouble(&message_, &field_, value)
                             : reflection_.SetDouble(&message_, &field_, value);
        return {};
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        if (text != "true" && text != "false") return refused("'" + text + "' is neither true nor false");
        reflection_.SetBool(&message_, &field_, text == "true");
        return {};
      case FieldDescriptor::CPPTYPE_STRING:
        field_.is_repeated() ? reflection_.AddString(&message_, &field_, text)
                             : reflection_.SetString(&message_, &field_, text);
        return {};
      case FieldDescriptor::CPPTYPE_ENUM:
        return set_word(text);
      default:
        return is_instant(field_) ? set_instant(text) : add_json(text);
    }
  }

 private:
  Error refused(const std::string& why) const { return fail(Reason::field_invalid, "--" + flag_, why); }

  Result<> set_word(const std::string& text) {
    for (int index = 1; index < field_.enum_type()->value_count(); ++index) {
      const auto* value = field_.enum_type()->value(index);
      if (word_of(*value) != word_of(text)) continue;
      field_.is_repeated() ? reflection_.AddEnum(&message_, &field_, value)
                           : reflection_.SetEnum(&message_, &field_, value);
      return {};
    }
    return refused("'" + text + "' is none of its words");
  }

  Result<> set_instant(const std::string& text) {
    const auto instant = parse_instant(text);
    if (!instant) return refused(instant.error().message);
    const auto since = instant->time_since_epoch();
    const auto whole = std::chrono::floor<std::chrono::seconds>(since);
    auto* timestamp = static_cast<Timestamp*>(field_.is_repeated() ? reflection_.AddMessage(&message_, &field_)
                                                                   : reflection_.MutableMessage(&message_, &field_));
    timestamp->set_seconds(whole.count());
    timestamp->set_nanos(static_cast<std::int32_t>((since - whole).count() * 1000));
    return {};
  }

  Result<> add_json(const std::string& text) {
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, reflection_.AddMessage(&message_, &field_));
    if (!parsed.ok()) return refused(std::string(parsed.message()));
    return {};
  }

  Message& message_;
  const FieldDescriptor& field_;
  const google::protobuf::Reflection& reflection_;
  const std::string& flag_;
};

Result<> fill_fields(Message& message, const std::string& prefix, int depth, const Values& values) {
  const auto& descriptor = *message.GetDescriptor();
  for (int index = 0; index < descriptor.field_count(); ++index) {
    const auto& field = *descriptor.field(index);
    const auto name = flag_name(prefix, field);
    if (is_message(field) && !field.is_repeated() && !is_instant(field)) {
      const bool given =
          std::ranges::any_of(values, [&](const auto& one) { return one.first.starts_with(name + "-"); });
      if (!given || depth >= deepest) continue;
      CHECK_OK(fill_fields(*message.GetReflection()->MutableMessage(&message, &field), name + "-", depth + 1, values));
      continue;
    }
    const auto found = values.find(name);
    if (found == values.end()) continue;
    for (const auto& text : found->second) CHECK_OK(Setter(message, field, name).set(text));
  }
  return {};
}

}  // namespace

std::vector<Flag> flags_of(const google::protobuf::MethodDescriptor& method, std::string_view by_place) {
  std::vector<Flag> all;
  append_flags(*method.input_type(), "", 0, method.output_type(), all);
  std::vector<Flag> flags;
  for (const auto& word : split(by_place)) {
    const auto found = std::ranges::find(all, dashed(word), &Flag::name);
    if (found == all.end()) continue;  // the table's test says so
    found->by_place = found->required = true;
    flags.push_back(*found);
  }
  for (auto& flag : all) {
    if (!flag.by_place && flag.name != "page-size" && flag.name != "page-token") flags.push_back(std::move(flag));
  }
  return flags;
}

Result<> fill(Message& request, const Values& values) {
  CHECK_OK(fill_fields(request, "", 0, values));
  const auto* request_id = request.GetDescriptor()->FindFieldByName("request_id");
  if (request_id && !values.contains("request-id")) {
    request.GetReflection()->SetString(&request, request_id, to_string(new_uuid()));
  }
  return {};
}

Result<> fill_from_json(Message& request, const std::string& json) {
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &request);
  if (!parsed.ok()) return fail(Reason::field_invalid, std::string(parsed.message()));
  return {};
}

}  // namespace holdfast::command_line
