#pragma once

#include "runtime/rpc/client.h"
#include "runtime/wire/wire.h"

namespace holdfast::command {

namespace detail {

using Fill = std::function<void(google::protobuf::Message&)>;
using Use = std::function<Result<>(const google::protobuf::Message&)>;

Result<> call(const rpc::Client& client, const std::string& method, const Call& call, const Fill& fill, const Use& use);

}  // namespace detail

// Calls a method of another service with our own structs, by the names of their Fields; what the answer holds besides
// is not looked at. Blocks as rpc::Client::call does; never inside a transaction.
template <HasFields Answer, HasFields Request>
Result<Answer> call(const rpc::Client& client, const std::string& method, const Call& call, const Request& request) {
  Result<Answer> answer = fail(Reason::internal, "not read");
  CHECK_OK(detail::call(
      client, method, call, [&](google::protobuf::Message& message) { wire::write(request, message); },
      [&](const google::protobuf::Message& message) -> Result<> {
        answer = wire::read<Answer>(message, Reason::newer_than_program);
        return {};
      }));
  return answer;
}

}  // namespace holdfast::command
