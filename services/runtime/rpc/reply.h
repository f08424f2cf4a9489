#pragma once

#include <memory>
#include <string>

namespace google::protobuf {
class Message;
}
namespace grpc {
class ByteBuffer;
}

namespace holdfast::rpc {

// Bytes that several answers may share: what a cache holds.
using StoredBytes = std::shared_ptr<const std::string>;

// Where a handler's answer goes: each way hands the bytes to gRPC without copying them again, unless they are few.
class Reply {
 public:
  explicit Reply(grpc::ByteBuffer& buffer) : buffer_(buffer) {}

  void put(const google::protobuf::Message& message);
  void put(std::string bytes);
  void put(StoredBytes bytes);

 private:
  grpc::ByteBuffer& buffer_;
};

}  // namespace holdfast::rpc
