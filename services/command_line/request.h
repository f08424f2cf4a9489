#pragma once

#include <string_view>
#include <vector>

#include "command_line/verb.h"
#include "runtime/core/result.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace holdfast::command_line {

// The flags of a method's request, one a field by the field's own name: account_id is --account-id, a field of a
// message within is --notice-period-value, an enumeration takes its names in lower case, an instant reads
// 2026-01-05T09:00:00Z, within_days is --within 90d, and an element of a repeated message is its JSON. Fields in
// `by_place` are given by their place instead. Pages are followed by the program: their fields are no flags.
std::vector<Flag> flags_of(const google::protobuf::MethodDescriptor& method, std::string_view by_place);

// Sets the fields that were given. A request_id that was not is made here, so that a repeat is harmless.
// FIELD_INVALID names the flag whose value does not fit.
Result<> fill(google::protobuf::Message& request, const Values& values);

// Sets the fields that the JSON names, as protobuf reads it. FIELD_INVALID says what does not fit.
Result<> fill_from_json(google::protobuf::Message& request, const std::string& json);

}  // namespace holdfast::command_line
