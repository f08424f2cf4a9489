#include "runtime/wire/wire.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace holdfast::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

[[noreturn]] void wired_wrongly(const std::string& what) {
  std::fprintf(stderr, "holdfast: wired wrongly: %s\n", what.c_str());
  std::abort();
}

const FieldDescriptor* field_of(const Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (!field) wired_wrongly(message.GetTypeName() + " has no field " + name);
  return field;
}

// "inProgress" and "TICKET_STATUS_IN_PROGRESS" are the same name; the prefix is for protobuf's sake.
bool same_name(std::string_view ours, std::string_view theirs) {
  std::string upper;
  for (const char letter : ours) {
    if (letter >= 'A' && letter <= 'Z') upper += '_';
    upper += static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
  }
  return theirs == upper || theirs.ends_with("_" + upper);
}

void check_enum(const FieldDescriptor& field, const std::vector<std::string_view>& names) {
  const auto& type = *field.enum_type();
  if (type.value_count() != static_cast<int>(names.size()) + 1) {
    wired_wrongly(
        fmt::format("{} has {} values besides 0, ours has {}", type.full_name(), type.value_count() - 1, names.size()));
  }
  for (size_t index = 0; index < names.size(); ++index) {
    const auto* value = type.FindValueByNumber(static_cast<int>(index) + 1);
    if (!value || !same_name(names[index], value->name())) {
      wired_wrongly(fmt::format("{} {} is not our {}", type.full_name(), index + 1, names[index]));
    }
  }
}

bool fits(const FieldDescriptor& field, detail::Kind kind) {
  using detail::Kind;
  switch (kind) {
    case Kind::text:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    case Kind::boolean:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    case Kind::int32:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
    case Kind::int64:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    case Kind::real:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE;
    case Kind::enumerator:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
    case Kind::instant:
      return field.message_type() == Timestamp::descriptor();
    case Kind::message:
      return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  }
  return false;
}

}  // namespace

bool Source::has(const char* name) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  if (field->is_repeated()) return reflection->FieldSize(message_, field) > 0;
  return reflection->HasField(message_, field);  // for a field without presence: whether it is not its zero
}

int Source::size(const char* name) const {
  return message_.GetReflection()->FieldSize(message_, field_of(message_, name));
}

Result<std::string> Source::text(const char* name, int index) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  std::string scratch;
  const auto& text = index < 0 ? reflection->GetStringReference(message_, field, &scratch)
                               : reflection->GetRepeatedStringReference(message_, field, index, &scratch);
  if (field->type() == FieldDescriptor::TYPE_BYTES) return text;
  if (text.size() > max_text_bytes) {
    return fail(Reason::field_too_long, path_of(name),
                fmt::format("has {} bytes; at most {} are taken", text.size(), max_text_bytes));
  }
  if (text.find('\0') != std::string::npos) {
    return fail(Reason::field_invalid, path_of(name), "holds U+0000");
  }
  return text;
}

std::int64_t Source::integer(const char* name, int index) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return index < 0 ? reflection->GetInt32(message_, field) : reflection->GetRepeatedInt32(message_, field, index);
    case FieldDescriptor::CPPTYPE_INT64:
      return index < 0 ? reflection->GetInt64(message_, field) : reflection->GetRepeatedInt64(message_, field, index);
    case FieldDescriptor::CPPTYPE_BOOL:
      return index < 0 ? reflection->GetBool(message_, field) : reflection->GetRepeatedBool(message_, field, index);
    default:
      wired_wrongly(field->full_name() + " is read as an integer");
  }
}

double Source::real(const char* name, int index) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  return index < 0 ? reflection->GetDouble(message_, field) : reflection->GetRepeatedDouble(message_, field, index);
}

Result<int> Source::enumerator(const char* name, int index, int count) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  const int value =
      index < 0 ? reflection->GetEnumValue(message_, field) : reflection->GetRepeatedEnumValue(message_, field, index);
  if (value == 0) return detail::missing(path_of(name));
  if (value < 0 || value > count) {
    return fail(unknown_value_, path_of(name), fmt::format("{} is no value of {}", value, field->enum_type()->name()));
  }
  return value - 1;
}

Result<Instant> Source::instant(const char* name, int index) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  if (index < 0 && !reflection->HasField(message_, field)) return detail::missing(path_of(name));
  const auto& message =
      index < 0 ? reflection->GetMessage(message_, field) : reflection->GetRepeatedMessage(message_, field, index);
  const auto& stamp = static_cast<const Timestamp&>(message);
  // The years 1900 to 2200, as for dates.
  constexpr std::int64_t first = -2208988800, last = 7289654399;
  if (stamp.seconds() < first || stamp.seconds() > last || stamp.nanos() < 0 || stamp.nanos() > 999'999'999) {
    return fail(Reason::instant_invalid, path_of(name), "lies outside the years 1900 to 2200");
  }
  return Instant{std::chrono::seconds(stamp.seconds()) + std::chrono::microseconds(stamp.nanos() / 1000)};
}

Source Source::message(const char* name, int index) const {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  if (index < 0) return Source(reflection->GetMessage(message_, field), path_of(name), unknown_value_);
  return Source(reflection->GetRepeatedMessage(message_, field, index), fmt::format("{}[{}]", path_of(name), index),
                unknown_value_);
}

void Target::text(const char* name, std::string value) {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  if (field->is_repeated()) return reflection->AddString(&message_, field, std::move(value));
  reflection->SetString(&message_, field, std::move(value));
}

void Target::integer(const char* name, std::int64_t value) {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  const bool repeated = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto narrow = static_cast<std::int32_t>(value);
      return repeated ? reflection->AddInt32(&message_, field, narrow) : reflection->SetInt32(&message_, field, narrow);
    }
    case FieldDescriptor::CPPTYPE_INT64:
      return repeated ? reflection->AddInt64(&message_, field, value) : reflection->SetInt64(&message_, field, value);
    case FieldDescriptor::CPPTYPE_BOOL:
      return repeated ? reflection->AddBool(&message_, field, value != 0)
                      : reflection->SetBool(&message_, field, value != 0);
    default:
      wired_wrongly(field->full_name() + " is written as an integer");
  }
}

void Target::real(const char* name, double value) {
  const auto* field = field_of(message_, name);
  if (field->is_repeated()) return message_.GetReflection()->AddDouble(&message_, field, value);
  message_.GetReflection()->SetDouble(&message_, field, value);
}

void Target::enumerator(const char* name, int value) {
  const auto* field = field_of(message_, name);
  if (field->is_repeated()) return message_.GetReflection()->AddEnumValue(&message_, field, value + 1);
  message_.GetReflection()->SetEnumValue(&message_, field, value + 1);
}

void Target::instant(const char* name, Instant value) {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  auto* message =
      field->is_repeated() ? reflection->AddMessage(&message_, field) : reflection->MutableMessage(&message_, field);
  auto& stamp = static_cast<Timestamp&>(*message);
  const auto whole = std::chrono::floor<std::chrono::seconds>(value);
  stamp.set_seconds(whole.time_since_epoch().count());
  stamp.set_nanos(static_cast<int>((value - whole).count()) * 1000);
}

Target Target::message(const char* name) {
  const auto* field = field_of(message_, name);
  const auto* reflection = message_.GetReflection();
  return Target(field->is_repeated() ? *reflection->AddMessage(&message_, field)
                                     : *reflection->MutableMessage(&message_, field));
}

namespace detail {

Error missing(const std::string& path) { return fail(Reason::field_required, path, "is required"); }

void check(const Descriptor& descriptor, const std::vector<Expected>& expected) {
  for (const auto& ours : expected) {
    const auto* field = descriptor.FindFieldByName(ours.name);
    if (!field) wired_wrongly(descriptor.full_name() + " has no field " + ours.name);
    if (field->is_repeated() != ours.repeated || !fits(*field, ours.kind)) {
      wired_wrongly(field->full_name() + " has another type than our struct");
    }
    if (ours.kind == Kind::message) check(*field->message_type(), ours.fields);
    if (ours.kind == Kind::enumerator) check_enum(*field, ours.names);
  }
}

void check(std::string_view message, const std::vector<Expected>& expected) {
  check(*prototype(message).GetDescriptor(), expected);
}

}  // namespace detail

const Message& prototype(std::string_view full_name) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(full_name));
  if (!descriptor) wired_wrongly("no message " + std::string(full_name) + " is linked in");
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
}

}  // namespace holdfast::wire
