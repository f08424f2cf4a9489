#pragma once

#include <string>

#include "runtime/core/result.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf
namespace grpc {
class ByteBuffer;
}

namespace holdfast::rpc {

// The longest text that any field of a request may hold. Bytes fields have only the message's own limit.
inline constexpr size_t string_limit_bytes = 64 << 10;

// Parses what a client sent into `request`. Refused, with the field at fault where there is one: text that is not
// UTF-8 or holds U+0000 (which PostgreSQL keeps in no text), bytes that are not a message of this type, a text beyond
// string_limit_bytes.
Result<> parse_request(const grpc::ByteBuffer& bytes, google::protobuf::Message& request);

// The largest field of a message, by its wire format alone: what to name when all of it is too large. Empty when it is
// no such message.
std::string largest_field(const grpc::ByteBuffer& bytes, const google::protobuf::Descriptor& type);

}  // namespace holdfast::rpc
