#include "runtime/rpc/reply.h"

#include <google/protobuf/message.h>

#include <utility>

#include "runtime/rpc/answer.h"

namespace holdfast::rpc {
namespace {

// Up to here copying is cheaper than the two allocations that sharing takes.
constexpr size_t copied_bytes = 1024;

// A slice over bytes that `owner` keeps alive until gRPC has sent them.
template <class Owner>
grpc::Slice slice_of(const std::string& bytes, Owner* owner) {
  return {const_cast<char*>(bytes.data()), bytes.size(), [](void* given) { delete static_cast<Owner*>(given); }, owner};
}

}  // namespace

void Reply::put(const google::protobuf::Message& message) {
  const size_t size = message.ByteSizeLong();
  answer_.bytes = grpc::Slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(answer_.bytes.begin()));
}

void Reply::put(std::string bytes) {
  if (bytes.size() <= copied_bytes) {
    answer_.bytes = grpc::Slice(bytes);
    return;
  }
  auto* owner = new std::string(std::move(bytes));
  answer_.bytes = slice_of(*owner, owner);
}

void Reply::put(StoredBytes bytes) {
  if (bytes->size() <= copied_bytes) {
    answer_.bytes = grpc::Slice(*bytes);
    return;
  }
  auto* owner = new StoredBytes(std::move(bytes));
  answer_.bytes = slice_of(**owner, owner);
}

}  // namespace holdfast::rpc
