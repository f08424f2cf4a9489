#include "runtime/events/cloud_event.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <memory>

#include "holdfast/options/v1/options.pb.h"

namespace holdfast::events {
namespace {

using google::protobuf::DescriptorPool;

constexpr std::string_view type_prefix = "holdfast.";
constexpr std::string_view type_suffix = ".v1";

Result<std::string> data_of(const Event& event) {
  const auto found = messages_by_type().find(event.type);
  if (found == messages_by_type().end()) {
    return fail(Reason::newer_than_program, "this version knows no event " + event.type);
  }
  const std::unique_ptr<google::protobuf::Message> message(wire::prototype(found->second).New());
  if (!message->ParseFromString(event.payload)) {
    return fail(Reason::message_malformed, "the event's data is no " + found->second);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(*message, &json, options);
  if (!printed.ok()) return fail(Reason::message_malformed, "the event's data cannot be printed as JSON");
  return json;
}

}  // namespace

const std::map<std::string, std::string, std::less<>>& messages_by_type() {
  static const auto messages = [] {
    std::map<std::string, std::string, std::less<>> found;
    std::vector<std::string> files;
    DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
    for (const auto& name : files) {
      const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
      for (int index = 0; file && index < file->message_type_count(); ++index) {
        const auto* message = file->message_type(index);
        if (!message->options().HasExtension(options::v1::event)) continue;
        found.emplace(type_of(wire::prototype(message->full_name())), message->full_name());
      }
    }
    return found;
  }();
  return messages;
}

// Every attribute is of our own making, in letters that JSON takes as they are.
Result<std::string> cloud_event_json(const Event& event) {
  const auto data = TRY(data_of(event));
  const auto trace =
      event.traceparent.empty() ? std::string() : fmt::format(R"("traceparent":"{}",)", event.traceparent);
  return fmt::format(
      R"({{"specversion":"1.0","id":"{}","source":"{}","type":"{}","time":"{}","datacontenttype":"application/json",)"
      R"("partitionkey":"{}","sequence":"{}","agency":"{}",{}"data":{}}})",
      to_string(event.id), source_of(event.topic), event.type, format_instant(event.occurred_at), event.key,
      event.sequence, to_string(event.agency), trace, data);
}

std::string_view name_of_type(std::string_view type) {
  if (!type.starts_with(type_prefix) || !type.ends_with(type_suffix)) return type;
  type.remove_prefix(type_prefix.size());
  type.remove_suffix(type_suffix.size());
  return type;
}

std::vector<std::string> all_event_names() {
  std::vector<std::string> names;
  for (const auto& [type, message] : messages_by_type()) names.emplace_back(name_of_type(type));
  return names;
}

std::optional<Uuid> account_of(const Event& event) {
  const auto slash = event.key.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto account = parse_uuid(std::string_view(event.key).substr(slash + 1));
  return account ? std::optional(*account) : std::nullopt;
}

}  // namespace holdfast::events
