#include "runtime/testing/facts.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <stdexcept>

#include "holdfast/options/v1/options.pb.h"

namespace holdfast::testing {

std::vector<std::string> other_events(std::string_view package, const std::vector<std::string_view>& known) {
  auto folder = std::string(package);
  std::ranges::replace(folder, '.', '/');
  const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(folder + "/events.proto");
  if (!file) throw std::runtime_error(folder + "/events.proto is not linked in");
  std::vector<std::string> others;
  for (int index = 0; index < file->message_type_count(); ++index) {
    const auto& message = *file->message_type(index);
    const auto is_event = message.options().HasExtension(options::v1::event);
    if (is_event && std::ranges::count(known, message.full_name()) == 0) others.push_back(message.full_name());
  }
  return others;
}

}  // namespace holdfast::testing
