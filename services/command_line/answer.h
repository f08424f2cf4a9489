#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace holdfast::command_line {

// An answer as protobuf's JSON on one line: lowerCamelCase, with zero values.
std::string json_of(const google::protobuf::Message& message);

// A value for people: instants and dates readable, enumerations as words, money with its currency. `path` may lead into
// messages within: "account.name".
std::string text_of(const google::protobuf::Message& message, std::string_view path);

// A resource for people, a field a line; what is repeated within it follows as tables.
void print_resource(std::ostream& out, const google::protobuf::Message& message, bool colors);

// A list for people. `columns` names fields by their paths, separated by blanks: "id account=account_name
// days_left!". What stands before = is the heading; "!" marks the column by which rows are painted and sorted, the
// worst first: small numbers and words such as "breached".
void print_list(std::ostream& out, const std::vector<const google::protobuf::Message*>& elements,
                std::string_view columns, bool colors);

// The field of a list's answer that holds its elements; null when the answer is no list.
const google::protobuf::FieldDescriptor* elements_of(const google::protobuf::Descriptor& answer);

}  // namespace holdfast::command_line
