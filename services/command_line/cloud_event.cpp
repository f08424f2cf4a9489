#include "command_line/cloud_event.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "command_line/answer.h"
#include "holdfast/options/v1/options.pb.h"
#include "runtime/events/event.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// Every message that is an event, by the type under which it travels.
const std::map<std::string, const Descriptor*>& event_types() {
  static const auto types = [] {
    std::map<std::string, const Descriptor*> found;
    for (const auto* service : {"accounts", "contracts", "tickets", "notifications"}) {
      const auto path = std::string("holdfast/") + service + "/v1/events.proto";
      const auto* file = DescriptorPool::generated_pool()->FindFileByName(path);
      for (int index = 0; file && index < file->message_type_count(); ++index) {
        const auto* message = file->message_type(index);
        if (!message->options().HasExtension(options::v1::event)) continue;
        found.emplace(events::type_of(*MessageFactory::generated_factory()->GetPrototype(message)), message);
      }
    }
    return found;
  }();
  return types;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (size_t byte = at; byte < at + 3; ++byte) {
      group = group << 8 | (byte < bytes.size() ? static_cast<unsigned char>(bytes[byte]) : 0);
    }
    for (size_t digit = 0; digit < 4; ++digit) {
      text += at + digit > bytes.size() ? '=' : digits[group >> (18 - 6 * digit) & 63];
    }
  }
  return text;
}

}  // namespace

std::string json_of(const events::Event& event) {
  const auto service = event.topic.substr(event.topic.find('.') + 1);
  nlohmann::ordered_json json{{"specversion", "1.0"},
                              {"id", to_string(event.id)},
                              {"source", "/holdfast/" + service},
                              {"type", event.type},
                              {"time", format_instant(event.occurred_at)},
                              {"datacontenttype", "application/json"},
                              {"partitionkey", event.key},
                              {"sequence", std::to_string(event.sequence)},
                              {"agency", to_string(event.agency)},
                              {"topic", event.topic}};
  if (!event.request_id.empty()) json["requestid"] = event.request_id;
  if (!event.traceparent.empty()) json["traceparent"] = event.traceparent;
  const auto type = event_types().find(event.type);
  std::unique_ptr<Message> data;
  if (type != event_types().end()) {
    data.reset(MessageFactory::generated_factory()->GetPrototype(type->second)->New());
  }
  if (data && data->ParseFromString(event.payload)) {
    json["data"] = nlohmann::ordered_json::parse(json_of(*data));
  } else {
    json["datacontenttype"] = "application/protobuf";
    json["data_base64"] = base64(event.payload);
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> known_topics() {
  std::set<std::string> topics;
  for (const auto& [type, message] : event_types()) {
    topics.insert(message->options().GetExtension(options::v1::event).topic());
  }
  return {topics.begin(), topics.end()};
}

}  // namespace holdfast::command_line
