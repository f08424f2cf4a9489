#include "runtime/rpc/reply.h"

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>

namespace holdfast::rpc {
namespace {

// Up to here copying is cheaper than the two allocations that sharing takes.
constexpr size_t copied_bytes = 1024;

// Assigning a ByteBuffer would copy it.
void set(grpc::ByteBuffer& buffer, const grpc::Slice& slice) {
  grpc::ByteBuffer made(&slice, 1);
  buffer.Swap(&made);
}

// A slice over bytes that `owner` keeps alive until gRPC has sent them.
template <class Owner>
grpc::Slice slice_of(const std::string& bytes, Owner* owner) {
  return {const_cast<char*>(bytes.data()), bytes.size(), [](void* given) { delete static_cast<Owner*>(given); }, owner};
}

}  // namespace

void Reply::put(const google::protobuf::Message& message) {
  const size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  set(buffer_, slice);
}

void Reply::put(std::string bytes) {
  if (bytes.size() <= copied_bytes) return set(buffer_, grpc::Slice(bytes));
  auto* owner = new std::string(std::move(bytes));
  set(buffer_, slice_of(*owner, owner));
}

void Reply::put(StoredBytes bytes) {
  if (bytes->size() <= copied_bytes) return set(buffer_, grpc::Slice(*bytes));
  auto* owner = new StoredBytes(std::move(bytes));
  set(buffer_, slice_of(**owner, owner));
}

}  // namespace holdfast::rpc
