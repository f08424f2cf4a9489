#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

// Pieces of pages about messages.
namespace holdfast::documents {

// What every generated page says first, below its title.
std::string generated_note();

// On one line, and with nothing that would end a cell of a table.
std::string cell(std::string_view text);

// "list of [Ticket](types.md#ticketsticket)"
std::string type_of(const google::protobuf::FieldDescriptor& field);

// "tickets.Ticket" of holdfast.tickets.v1.Ticket: the heading that a type has on types.md.
std::string short_name(std::string_view full_name);

// A link to that heading.
std::string link_to(const google::protobuf::Descriptor& message);

// The fields of a message, with their types and comments; empty for a message that has none.
std::string fields_table(const google::protobuf::Descriptor& message);

}  // namespace holdfast::documents
