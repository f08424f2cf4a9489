#include <fmt/format.h>

#include <map>

#include "all/documents/markdown.h"
#include "all/documents/pages.h"
#include "all/documents/yaml.h"
#include "holdfast/options/v1/options.pb.h"

namespace holdfast::documents {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::ordered_json;

ordered_json reference(const std::string& section, std::string_view name) {
  return {{"$ref", fmt::format("#/components/{}/{}", section, name)}};
}

ordered_json schema_of_one(const FieldDescriptor& field) {
  if (const auto* type = field.enum_type()) return reference("schemas", short_name(type->full_name()));
  if (const auto* type = field.message_type()) {
    if (type->full_name() == "google.protobuf.Timestamp") return {{"type", "string"}, {"format", "date-time"}};
    return reference("schemas", short_name(type->full_name()));
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}};
    // Protobuf's JSON writes them as texts.
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"pattern", "^-?[0-9]+$"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    default:
      return {{"type", "string"}};
  }
}

ordered_json schema_of(const FieldDescriptor& field) {
  ordered_json schema;
  if (field.is_map()) {
    schema = {{"type", "object"}, {"additionalProperties", schema_of_one(*field.message_type()->field(1))}};
  } else if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", schema_of_one(field)}};
  } else {
    schema = schema_of_one(field);
  }
  // What stands beside a $ref is not read.
  const auto comment = comment_of(field);
  if (!comment.empty() && !schema.contains("$ref")) schema["description"] = comment;
  return schema;
}

template <class Declared>
ordered_json described(const Declared& declared, ordered_json schema) {
  if (const auto comment = comment_of(declared); !comment.empty()) schema["description"] = comment;
  return schema;
}

ordered_json schema_of(const Descriptor& message) {
  auto properties = ordered_json::object();
  for (int index = 0; index < message.field_count(); ++index) {
    const auto& field = *message.field(index);
    properties[field.json_name()] = schema_of(field);
  }
  return described(message, {{"type", "object"}, {"properties", properties}});
}

ordered_json schema_of(const EnumDescriptor& type) {
  auto values = ordered_json::array();
  for (int index = 0; index < type.value_count(); ++index) values.push_back(type.value(index)->name());
  return described(type, {{"type", "string"}, {"enum", values}});
}

ordered_json schemas_of(const std::vector<const Descriptor*>& events) {
  Types types;
  std::map<std::string, ordered_json> sorted;
  for (const auto* event : events) {
    types.add_of(*event);
    sorted[short_name(event->full_name())] = schema_of(*event);
  }
  for (const auto* message : types.messages) sorted[short_name(message->full_name())] = schema_of(*message);
  for (const auto* type : types.enums) sorted[short_name(type->full_name())] = schema_of(*type);
  ordered_json schemas;
  for (const auto& [name, schema] : sorted) schemas[name] = schema;
  return schemas;
}

// The attributes of a CloudEvent in binary mode; events.md says what each holds.
ordered_json headers_schema() {
  const ordered_json text{{"type", "string"}};
  const ordered_json uuid{{"type", "string"}, {"format", "uuid"}};
  auto properties = ordered_json::object();
  properties["content-type"] = {{"type", "string"}, {"const", "application/protobuf"}};
  properties["ce_specversion"] = {{"type", "string"}, {"const", "1.0"}};
  properties["ce_id"] = uuid;
  properties["ce_source"] = text;
  properties["ce_type"] = text;
  properties["ce_time"] = {{"type", "string"}, {"format", "date-time"}};
  properties["ce_partitionkey"] = text;
  properties["ce_sequence"] = {{"type", "string"}, {"pattern", "^[0-9]+$"}};
  properties["ce_agency"] = uuid;
  properties["ce_requestid"] = text;
  properties["ce_traceparent"] = text;
  auto required = ordered_json::array();
  for (const auto& [name, schema] : properties.items()) {
    if (name != "ce_requestid" && name != "ce_traceparent") required.push_back(name);
  }
  return {{"type", "object"}, {"required", required}, {"properties", properties}};
}

ordered_json message_of(const Descriptor& event) {
  const auto& rule = rule_of(event);
  ordered_json message{{"name", fmt::format("holdfast.{}.v1", rule.name())}};
  if (const auto comment = comment_of(event); !comment.empty()) message["summary"] = comment;
  message["contentType"] = "application/protobuf";
  message["headers"] = reference("schemas", "cloudEvent");
  message["payload"] = reference("schemas", short_name(event.full_name()));
  message["bindings"]["kafka"] = {
      {"key", {{"type", "string"}, {"description", rule.key().empty() ? "agency" : "agency/" + rule.key()}}},
      {"bindingVersion", "0.5.0"}};
  message["x-protobuf"] = {{"message", event.full_name()}, {"file", event.file()->name()}};
  return message;
}

ordered_json frame() {
  ordered_json document{{"asyncapi", "3.0.0"}};
  document["info"] = {
      {"title", "Holdfast"},
      {"version", "1"},
      {"description",
       "Generated by tools/documents. What Holdfast publishes onto Apache Kafka: CloudEvents in binary mode. Payloads "
       "are protobuf messages (x-protobuf names them); their schemas here are those of protobuf's JSON, which webhooks "
       "carry."},
      {"license", {{"name", "Apache-2.0"}, {"url", "https://www.apache.org/licenses/LICENSE-2.0"}}}};
  document["defaultContentType"] = "application/protobuf";
  document["servers"]["local"] = {
      {"host", "127.0.0.1:7430"}, {"protocol", "kafka"}, {"description", "Where tools/up has it."}};
  return document;
}

}  // namespace

std::string async_api(const Protos& protos) {
  auto document = frame();
  const auto events = protos.events();
  auto& channels = document["channels"];
  auto& operations = document["operations"];
  ordered_json messages;
  for (const auto* event : events) {
    const auto& rule = rule_of(*event);
    channels[rule.topic()]["address"] = rule.topic();
    channels[rule.topic()]["messages"][rule.name()] = reference("messages", rule.name());
    operations["publish." + rule.topic()] = {{"action", "send"}, {"channel", {{"$ref", "#/channels/" + rule.topic()}}}};
    messages[rule.name()] = message_of(*event);
  }
  document["components"]["messages"] = messages;
  document["components"]["schemas"] = schemas_of(events);
  document["components"]["schemas"]["cloudEvent"] = headers_schema();
  return to_yaml(document);
}

}  // namespace holdfast::documents
