#include "runtime/events/topics.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <set>
#include <stdexcept>

#include "holdfast/options/v1/options.pb.h"

namespace holdfast::events {

std::vector<std::string> published_by(std::string_view service) {
  const auto path = fmt::format("holdfast/{}/v1/events.proto", service);
  const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(path);
  if (!file) throw std::logic_error("no " + path + " is linked in");
  std::set<std::string> names;
  for (int index = 0; index < file->message_type_count(); ++index) {
    const auto& options = file->message_type(index)->options();
    if (options.HasExtension(options::v1::event)) names.insert(options.GetExtension(options::v1::event).topic());
  }
  return {names.begin(), names.end()};
}

std::vector<Topic> topics_of(std::string_view service, int partitions, int replicas) {
  std::vector<Topic> topics;
  for (const auto& name : published_by(service)) {
    topics.push_back({.name = name, .partitions = partitions, .replicas = replicas});
    topics.push_back({.name = name + ".dlq", .partitions = 1, .replicas = replicas});
  }
  return topics;
}

}  // namespace holdfast::events
