#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <optional>
#include <string>

#include "holdfast/options/v1/options.pb.h"
#include "runtime/core/call.h"
#include "runtime/rpc/observer.h"
#include "runtime/rpc/reply.h"

namespace holdfast::rpc {

// One RPC as the adapter needs it: looked up once at start, then only read.
struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  const google::protobuf::Message* request_prototype = nullptr;
  options::v1::MethodRule rule;
  std::string name;  // holdfast.tickets.v1.TicketService/OpenTicket
  std::string path;  // the same with a leading slash
  std::function<Result<>(Call&, const google::protobuf::Message&, Reply&)> handler;
  std::function<StoredBytes(Call&, const google::protobuf::Message&)> fast;  // empty for most
  std::optional<MethodMetrics> metrics;  // once the server starts; thread-safe in itself
};

// The process cannot go on: the program is wired wrongly.
[[noreturn]] void wired_wrongly(const std::string& what);

}  // namespace holdfast::rpc
