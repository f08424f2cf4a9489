#pragma once

#include <grpcpp/impl/codegen/serialization_traits.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

namespace holdfast::rpc {

// A serialised response until gRPC sends it. A ByteBuffer in its place would be copied then, which is a second one to
// make and to destroy.
struct Answer {
  grpc::Slice bytes;
};

}  // namespace holdfast::rpc

template <>
class grpc::SerializationTraits<holdfast::rpc::Answer> {
 public:
  static Status Serialize(const holdfast::rpc::Answer& answer, ByteBuffer* buffer, bool* own_buffer) {
    ByteBuffer made(&answer.bytes, 1);
    buffer->Swap(&made);
    *own_buffer = true;
    return Status();
  }
};
