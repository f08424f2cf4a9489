#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/rpc/reply.h"

namespace google::protobuf {
class Descriptor;
class Message;
class MethodDescriptor;
class ServiceDescriptor;
}  // namespace google::protobuf

namespace holdfast::rpc {

struct Method;

// One gRPC service while its handlers are given to it, before the server starts. Names that the descriptor does not
// know, types that are not the method's and a second handler for a method are our own bugs and end the process.
//
// Handlers run on the server's executor and may block, until call.deadline. A stop callback on call.stop runs on one
// of gRPC's few threads and must not block.
class Service {
 public:
  using Message = google::protobuf::Message;
  using BytesHandler = std::function<Result<std::string>(Call& call, const Message& request)>;

  explicit Service(const google::protobuf::ServiceDescriptor& descriptor);
  ~Service();

  // The usual handler: Result<Response>(Call& call, const Request& request).
  template <class Request, class Response, class Handle>
  void on(std::string_view method, Handle handle) {
    check_types(method, *Request::descriptor(), *Response::descriptor());
    set_handler(method, [handle = std::move(handle)](Call& call, const Message& request, Reply& reply) -> Result<> {
      const Result<Response> response = handle(call, static_cast<const Request&>(request));
      if (!response) return response.error();
      reply.put(*response);
      return {};
    });
  }

  // For answers that are stored as bytes: the serialised response.
  void on_bytes(std::string_view method, BytesHandler handle);

  // StoredBytes(Call& call, const Request& request), asked first, on gRPC's own thread: it must not block. It answers
  // with the serialised response (a hit in a near cache) or with nullptr, and then the usual handler runs.
  template <class Request, class Recall>
  void fast(std::string_view method, Recall recall) {
    check_request_type(method, *Request::descriptor());
    set_fast(method, [recall = std::move(recall)](Call& call, const Message& request) -> StoredBytes {
      return recall(call, static_cast<const Request&>(request));
    });
  }

  const google::protobuf::MethodDescriptor& method(std::string_view name) const;
  const google::protobuf::ServiceDescriptor& descriptor() const { return descriptor_; }

 private:
  friend class Server;
  using Handler = std::function<Result<>(Call&, const Message&, Reply&)>;
  using FastHandler = std::function<StoredBytes(Call&, const Message&)>;

  void set_handler(std::string_view method, Handler handler);
  void set_fast(std::string_view method, FastHandler handler);
  void check_types(std::string_view method, const google::protobuf::Descriptor& request,
                   const google::protobuf::Descriptor& response) const;
  void check_request_type(std::string_view method, const google::protobuf::Descriptor& request) const;
  Method& find(std::string_view method) const;

  const google::protobuf::ServiceDescriptor& descriptor_;
  std::vector<std::unique_ptr<Method>> methods_;  // in the descriptor's order
};

}  // namespace holdfast::rpc
