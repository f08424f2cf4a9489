#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class EnumValueDescriptor;
}

// How names of messages read on a command line.
namespace holdfast::command_line {

// By blanks.
std::vector<std::string> split(std::string_view text);

// account_id -> account-id
std::string dashed(std::string_view name);
// account_id, account-id -> "account id"
std::string spaced(std::string_view name);
// pendingCustomer -> pending-customer
std::string word_of_camel(std::string_view text);
// In_Progress -> in-progress
std::string word_of(std::string_view text);
// TICKET_STATUS_IN_PROGRESS -> in-progress
std::string word_of(const google::protobuf::EnumValueDescriptor& value);

}  // namespace holdfast::command_line
