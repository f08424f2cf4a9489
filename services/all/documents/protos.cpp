#include "all/documents/protos.h"

#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "holdfast/options/v1/options.pb.h"

namespace holdfast::documents {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::ServiceDescriptor;

Protos::Protos(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  if (!file || !set.ParseFromIstream(&file)) throw std::runtime_error(path + " is no set of descriptors");
  for (const auto& proto : set.file()) {
    database_.Add(proto);
    if (proto.package().starts_with("holdfast.")) names_.push_back(proto.name());
  }
  std::ranges::sort(names_);
}

std::vector<const FileDescriptor*> Protos::files() const {
  std::vector<const FileDescriptor*> files;
  for (const auto& name : names_) files.push_back(pool_.FindFileByName(name));
  return files;
}

std::vector<const Descriptor*> Protos::events() const {
  std::vector<const Descriptor*> events;
  for (const auto* file : files()) {
    for (int index = 0; index < file->message_type_count(); ++index) {
      const auto* message = file->message_type(index);
      if (message->options().HasExtension(options::v1::event)) events.push_back(message);
    }
  }
  std::ranges::stable_sort(events, {}, [](const Descriptor* event) { return rule_of(*event).topic(); });
  return events;
}

std::vector<const ServiceDescriptor*> Protos::services() const {
  std::vector<const ServiceDescriptor*> services;
  for (const auto* file : files()) {
    for (int index = 0; index < file->service_count(); ++index) services.push_back(file->service(index));
  }
  std::ranges::sort(services, {}, &ServiceDescriptor::full_name);
  return services;
}

const options::v1::EventRule& rule_of(const Descriptor& event) {
  return event.options().GetExtension(options::v1::event);
}

std::string tidied(const std::string& comment) {
  std::string text;
  std::string line;
  bool paragraph_ended = false;
  for (const char character : comment + "\n") {
    if (character != '\n') {
      if (character != ' ' || !line.empty()) line += character;
      continue;
    }
    if (!line.empty() && !text.empty()) text += paragraph_ended ? "\n\n" : " ";
    paragraph_ended = line.empty();
    text += line;
    line.clear();
  }
  return text;
}

void Types::add_of(const Descriptor& message) {
  for (int index = 0; index < message.field_count(); ++index) {
    const auto* field = message.field(index);
    if (const auto* type = field->enum_type(); type && names.insert(type->full_name()).second) enums.push_back(type);
    const auto* type = field->message_type();
    if (!type || !type->full_name().starts_with("holdfast.") || !names.insert(type->full_name()).second) continue;
    messages.push_back(type);
    add_of(*type);
  }
}

}  // namespace holdfast::documents
