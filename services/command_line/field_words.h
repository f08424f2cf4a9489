#pragma once

#include <string>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

// What help says of a field of a request.
namespace holdfast::command_line {

bool is_message(const google::protobuf::FieldDescriptor& field);
bool is_instant(const google::protobuf::FieldDescriptor& field);
// within_days is --within 90d.
bool is_in_days(const google::protobuf::FieldDescriptor& field);

// What stands for its value: "ID", "DATE", "TEXT"; nothing for a switch, or where its words do.
std::string placeholder_of(const google::protobuf::FieldDescriptor& field);

// What it means, by the comment in its .proto; without one by that of the same field of the answer, which mostly is the
// resource (null: of none), else by its name. Never empty.
std::string described(const google::protobuf::FieldDescriptor& field, const google::protobuf::Descriptor* answer);

}  // namespace holdfast::command_line
