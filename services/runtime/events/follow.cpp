#include "runtime/events/follow.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <stdexcept>

#include "runtime/events/cloud_event.h"

namespace holdfast::events {

std::vector<Carrier> carriers_of(std::string_view resource, const char* place) {
  std::vector<Carrier> carriers;
  for (const auto& [type, message] : messages_by_type()) {
    const auto& declared = *wire::prototype(message).GetDescriptor();
    const auto* field = declared.FindFieldByName(place);
    if (!field || field->is_repeated() || !field->message_type()) continue;
    if (field->message_type()->full_name() == resource) carriers.push_back({declared.name(), type, message});
  }
  if (carriers.empty()) throw std::logic_error("no event carries a " + std::string(resource) + " as " + place);
  return carriers;
}

}  // namespace holdfast::events
