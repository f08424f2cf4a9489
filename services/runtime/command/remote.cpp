#include "runtime/command/remote.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace holdfast::command::detail {

Result<> call(const rpc::Client& client, const std::string& method, const Call& call, const Fill& fill,
              const Use& use) {
  auto name = method;
  std::ranges::replace(name, '/', '.');
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (!descriptor) throw std::logic_error("no method " + method + " is linked in");
  const std::unique_ptr<google::protobuf::Message> request(
      wire::prototype(descriptor->input_type()->full_name()).New());
  const std::unique_ptr<google::protobuf::Message> answer(
      wire::prototype(descriptor->output_type()->full_name()).New());
  fill(*request);
  CHECK_OK(client.exchange(method, call, *request, *answer));
  return use(*answer);
}

}  // namespace holdfast::command::detail
