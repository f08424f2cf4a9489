#pragma once

#include <memory>
#include <string>

namespace google::protobuf {
class Message;
}

namespace holdfast::rpc {

struct Answer;

// Bytes that several answers may share: what a cache holds.
using StoredBytes = std::shared_ptr<const std::string>;

// Where a handler's answer goes: each way hands the bytes to gRPC without copying them again, unless they are few.
class Reply {
 public:
  explicit Reply(Answer& answer) : answer_(answer) {}

  void put(const google::protobuf::Message& message);
  void put(std::string bytes);
  void put(StoredBytes bytes);

 private:
  Answer& answer_;
};

}  // namespace holdfast::rpc
