#include "runtime/events/event.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <stdexcept>

#include "holdfast/options/v1/options.pb.h"

namespace holdfast::events {
namespace {

using google::protobuf::Message;

const options::v1::EventRule& rule_of(const Message& message) {
  const auto& declared = message.GetDescriptor()->options();
  if (!declared.HasExtension(options::v1::event)) {
    throw std::logic_error(message.GetTypeName() + " is published but declares no (holdfast.options.v1.event)");
  }
  return declared.GetExtension(options::v1::event);
}

// The string at a path such as "ticket.account_id".
std::string string_at(const Message& message, std::string_view path) {
  const auto dot = path.find('.');
  const auto name = std::string(path.substr(0, dot));
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (!field) throw std::logic_error(message.GetTypeName() + " has no field " + name + " for its event key");
  if (dot == std::string_view::npos) return message.GetReflection()->GetString(message, field);
  return string_at(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
}

}  // namespace

std::string type_of(const Message& prototype) { return "holdfast." + rule_of(prototype).name() + ".v1"; }

std::string source_of(std::string_view topic) { return "/holdfast/" + std::string(topic.substr(topic.find('.') + 1)); }

Event encode(const Message& message, AgencyId agency, Instant occurred_at) {
  const auto& rule = rule_of(message);
  Event event;
  event.id = new_uuid();
  event.agency = agency;
  event.topic = rule.topic();
  event.key = to_string(agency);
  if (!rule.key().empty()) {
    const auto account = string_at(message, rule.key());
    if (!account.empty()) event.key += "/" + account;
  }
  event.type = type_of(message);
  event.occurred_at = occurred_at;
  event.payload = message.SerializeAsString();
  return event;
}

namespace detail {

Event encode_as(std::string_view message, const Fill& fill, AgencyId agency, Instant occurred_at) {
  const std::unique_ptr<Message> made(wire::prototype(message).New());
  fill(*made);
  return encode(*made, agency, occurred_at);
}

Result<> decode_as(std::string_view message, const Event& event, const Use& use) {
  const std::unique_ptr<Message> made(wire::prototype(message).New());
  if (!made->ParseFromString(event.payload)) {
    return fail(Reason::message_malformed, "the event's data is no " + std::string(message));
  }
  return use(*made);
}

}  // namespace detail

}  // namespace holdfast::events
