#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/enum_names.h"
#include "runtime/core/fields.h"
#include "runtime/core/result.h"
#include "runtime/core/time.h"
#include "runtime/core/uuid.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

// Between our structs and protobuf messages, by the names of their Fields: the one translation, for requests,
// resources and events alike. Protobuf's headers stay behind it, so that rules and verbs neither see nor compile them.
//
//   std::string, double, bool, int32_t, int64_t   the scalar of that type
//   Uuid, Id<…>                                    string
//   Date                                           string, YYYY-MM-DD
//   Instant                                        google.protobuf.Timestamp
//   an enumeration with names                      enum: value n is our n-1; 0 is "unspecified"
//   a struct with Fields                           message
//   std::optional<T>                               absent: an empty string, an unset message, `optional` unset, enum 0
//   std::vector<T>                                 repeated
//
// Any thread. Reading refuses with the path of the field at fault; what is not optional must be there, unless it is a
// string, number or bool, whose emptiness is for the rule to judge. A value that our enumeration does not have is the
// caller's mistake in a request (FIELD_INVALID); in what another of our programs wrote it is of a newer version than
// ours (NEWER_THAN_PROGRAM): who reads says which.
namespace holdfast::wire {

// A text field is refused above this length, in bytes, and when it holds U+0000, which PostgreSQL keeps in no text.
inline constexpr size_t max_text_bytes = 64 * 1024;

// One message being read; `path` leads to it from the request.
class Source {
 public:
  Source(const google::protobuf::Message& message, std::string path, Reason unknown_value)
      : message_(message), path_(std::move(path)), unknown_value_(unknown_value) {}

  // Fields of this message, by name; their presence as protobuf sees it (an empty string is absent).
  bool has(const char* name) const;
  int size(const char* name) const;
  std::string path_of(const char* name) const { return path_.empty() ? name : path_ + "." + name; }

  // `index` picks an element of a repeated field; -1 for a field that is not.
  Result<std::string> text(const char* name, int index) const;
  std::int64_t integer(const char* name, int index) const;
  double real(const char* name, int index) const;
  Result<int> enumerator(const char* name, int index, int count) const;
  Result<Instant> instant(const char* name, int index) const;
  Source message(const char* name, int index) const;

 private:
  const google::protobuf::Message& message_;
  std::string path_;
  Reason unknown_value_;  // of an enumeration
};

// One message being written. Repeated fields are appended to.
class Target {
 public:
  explicit Target(google::protobuf::Message& message) : message_(message) {}

  void text(const char* name, std::string value);
  void integer(const char* name, std::int64_t value);
  void real(const char* name, double value);
  void enumerator(const char* name, int value);
  void instant(const char* name, Instant value);
  Target message(const char* name);

 private:
  google::protobuf::Message& message_;
};

namespace detail {

// Names the field of a failure that was born below: an id's own parser does not know where it stands.
template <class T>
Result<T> at(Result<T> result, const std::string& path) {
  if (!result && result.error().fields.empty()) result.error().fields.push_back({path, result.error().message});
  return result;
}

Error missing(const std::string& path);

template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};

template <class T>
Result<T> read_struct(const Source& source);

template <class T>
Result<T> read_one(const Source& source, const char* name, int index) {
  if constexpr (HasFields<T>) {
    if (index < 0 && !source.has(name)) return missing(source.path_of(name));
    return read_struct<T>(source.message(name, index));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return source.text(name, index);
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(source.integer(name, index));
  } else if constexpr (std::is_floating_point_v<T>) {
    return source.real(name, index);
  } else if constexpr (NamedEnum<T>) {
    return static_cast<T>(TRY(source.enumerator(name, index, static_cast<int>(enum_names<T>.size()))));
  } else if constexpr (std::is_same_v<T, Instant>) {
    return source.instant(name, index);
  } else {
    const auto text = TRY(source.text(name, index));
    if (text.empty()) return missing(source.path_of(name));
    if constexpr (std::is_same_v<T, Date>) {
      return at(parse_date(text), source.path_of(name));
    } else if constexpr (is_id<T>::value) {
      return T{TRY(at(parse_uuid(text), source.path_of(name)))};
    } else {
      return at(Result<T>(parse_uuid(text)), source.path_of(name));
    }
  }
}

template <class T>
Result<T> read_field(const Source& source, const char* name) {
  if constexpr (is_optional<T>::value) {
    if (!source.has(name)) return T();
    return T(TRY(read_one<typename T::value_type>(source, name, -1)));
  } else if constexpr (is_vector<T>::value) {
    T values;
    for (int index = 0; index < source.size(name); ++index) {
      values.push_back(TRY(read_one<typename T::value_type>(source, name, index)));
    }
    return values;
  } else {
    return read_one<T>(source, name, -1);
  }
}

template <class T>
Result<T> read_struct(const Source& source) {
  T value{};
  std::optional<Error> error;
  for_each_field(value, [&]<class M>(const char* name, M& member) {
    if (error) return;
    auto read = read_field<M>(source, name);
    if (read) {
      member = *std::move(read);
    } else {
      error = std::move(read).error();
    }
  });
  if (error) return *std::move(error);
  return value;
}

template <class T>
void write_struct(const T& value, Target target);

template <class T>
void write_field(const T& value, Target& target, const char* name) {
  if constexpr (is_optional<T>::value) {
    if (value) write_field(*value, target, name);
  } else if constexpr (is_vector<T>::value) {
    for (const auto& element : value) write_field(element, target, name);
  } else if constexpr (HasFields<T>) {
    write_struct(value, target.message(name));
  } else if constexpr (std::is_same_v<T, std::string>) {
    target.text(name, value);
  } else if constexpr (std::is_integral_v<T>) {
    target.integer(name, static_cast<std::int64_t>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    target.real(name, value);
  } else if constexpr (NamedEnum<T>) {
    target.enumerator(name, static_cast<int>(value));
  } else if constexpr (std::is_same_v<T, Instant>) {
    target.instant(name, value);
  } else if constexpr (std::is_same_v<T, Date>) {
    target.text(name, format_date(value));
  } else {
    target.text(name, to_string(value));
  }
}

template <class T>
void write_struct(const T& value, Target target) {
  for_each_field(value, [&](const char* name, const auto& member) { write_field(member, target, name); });
}

// The kind of message field that a member needs.
enum class Kind { text, boolean, int32, int64, real, enumerator, instant, message };

struct Expected {
  const char* name;
  Kind kind;
  bool repeated;
  std::vector<Expected> fields;         // of a nested struct
  std::vector<std::string_view> names;  // of an enumeration
};

template <class T>
std::vector<Expected> expected_fields();

template <class T>
Expected expected_field(const char* name) {
  if constexpr (is_optional<T>::value) {
    return expected_field<typename T::value_type>(name);
  } else if constexpr (is_vector<T>::value) {
    auto element = expected_field<typename T::value_type>(name);
    element.repeated = true;
    return element;
  } else if constexpr (HasFields<T>) {
    return {name, Kind::message, false, expected_fields<T>(), {}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {name, Kind::boolean, false, {}, {}};
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return {name, Kind::int32, false, {}, {}};
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return {name, Kind::int64, false, {}, {}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {name, Kind::real, false, {}, {}};
  } else if constexpr (NamedEnum<T>) {
    return {name, Kind::enumerator, false, {}, {enum_names<T>.begin(), enum_names<T>.end()}};
  } else if constexpr (std::is_same_v<T, Instant>) {
    return {name, Kind::instant, false, {}, {}};
  } else {
    return {name, Kind::text, false, {}, {}};
  }
}

template <class T>
std::vector<Expected> expected_fields() {
  std::vector<Expected> expected;
  fields_of<T>().apply(
      [&]<class... M>(const Field<T, M>&... field) { (expected.push_back(expected_field<M>(field.name)), ...); });
  return expected;
}

void check(const google::protobuf::Descriptor& descriptor, const std::vector<Expected>& expected);
void check(std::string_view message, const std::vector<Expected>& expected);

}  // namespace detail

template <HasFields T>
Result<T> read(const google::protobuf::Message& message, Reason unknown_value = Reason::field_invalid) {
  return detail::read_struct<T>(Source(message, "", unknown_value));
}

template <HasFields T>
void write(const T& value, google::protobuf::Message& message) {
  detail::write_struct(value, Target(message));
}

// Every field of T stands in the message with a fitting type, and every enumerator under the same name: otherwise the
// program is wired wrongly, and ends. Asked once per type, when it is registered.
template <HasFields T>
void check(const google::protobuf::Descriptor& descriptor) {
  detail::check(descriptor, detail::expected_fields<T>());
}

template <HasFields T>
void check(std::string_view message) {
  detail::check(message, detail::expected_fields<T>());
}

// The message type of this name, which must be linked in; our bug otherwise, and ends the process.
const google::protobuf::Message& prototype(std::string_view full_name);

}  // namespace holdfast::wire
