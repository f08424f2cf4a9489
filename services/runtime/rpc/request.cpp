#include "runtime/rpc/request.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/limits.h"

namespace holdfast::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int nesting_limit = 100;  // the parser's own

// Finds out why a message could not be parsed, by its wire format: the parser itself says only that it failed.
class Diagnosis {
 public:
  // True when a text that is not UTF-8 was met; its path is text_path() then.
  bool found_bad_text(CodedInputStream& input, const Descriptor& type) { return in_message(input, type, "", 0); }
  const std::string& text_path() const { return text_path_; }

 private:
  bool in_message(CodedInputStream& input, const Descriptor& type, const std::string& prefix, int depth) {
    while (const std::uint32_t tag = input.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (field == nullptr || WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED ||
          (field->type() != FieldDescriptor::TYPE_STRING && field->type() != FieldDescriptor::TYPE_MESSAGE)) {
        if (!WireFormatLite::SkipField(&input, tag)) return false;
        continue;
      }
      std::string content;
      std::uint32_t length = 0;
      if (!input.ReadVarint32(&length) || !input.ReadString(&content, static_cast<int>(length))) return false;
      if (in_field(content, *field, prefix + field->name(), depth)) return true;
    }
    return false;
  }

  bool in_field(const std::string& content, const FieldDescriptor& field, const std::string& path, int depth) {
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      const int size = static_cast<int>(content.size());
      if (google::protobuf::internal::IsStructurallyValidUTF8(content.data(), size)) return false;
      text_path_ = path;
      return true;
    }
    if (depth == nesting_limit) return false;
    google::protobuf::io::ArrayInputStream bytes(content.data(), static_cast<int>(content.size()));
    CodedInputStream input(&bytes);
    return in_message(input, *field.message_type(), path + ".", depth + 1);
  }

  std::string text_path_;
};

Error why_unparsable(const grpc::ByteBuffer& bytes, const Descriptor& type) {
  grpc::ByteBuffer readable(bytes);
  grpc::ProtoBufferReader reader(&readable);
  CodedInputStream input(&reader);
  Diagnosis diagnosis;
  if (diagnosis.found_bad_text(input, type)) {
    return fail(Reason::text_not_utf8, diagnosis.text_path(), "the text is not UTF-8");
  }
  return fail(Reason::message_malformed, "the request is no message of the type " + type.full_name());
}

Result<> check_texts(const Message& message, const std::string& prefix);

Result<> check_text(const std::string& text, const std::string& path) {
  if (text.size() > string_limit_bytes) {
    return too_long(path, string_limit_bytes);
  }
  if (text.find('\0') != std::string::npos) return fail(Reason::field_invalid, path, "the text holds U+0000");
  return {};
}

Result<> check_field(const Message& message, const FieldDescriptor& field, const std::string& path) {
  const auto& reflection = *message.GetReflection();
  std::string scratch;
  if (!field.is_repeated()) {
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      return check_text(reflection.GetStringReference(message, &field, &scratch), path);
    }
    return check_texts(reflection.GetMessage(message, &field), path + ".");
  }
  for (int index = 0; index < reflection.FieldSize(message, &field); ++index) {
    const std::string element = path + "[" + std::to_string(index) + "]";
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      CHECK_OK(check_text(reflection.GetRepeatedStringReference(message, &field, index, &scratch), element));
    } else {
      CHECK_OK(check_texts(reflection.GetRepeatedMessage(message, &field, index), element + "."));
    }
  }
  return {};
}

Result<> check_texts(const Message& message, const std::string& prefix) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() != FieldDescriptor::TYPE_STRING && field->type() != FieldDescriptor::TYPE_MESSAGE) continue;
    CHECK_OK(check_field(message, *field, prefix + field->name()));
  }
  return {};
}

// False: no text in the message can be one that check_text refuses. One that is too long needs a message as long, and
// U+0000 stands as a zero byte; so nearly no request is walked field by field.
bool may_hold_refused_text(const grpc::Slice& bytes) {
  return bytes.size() > string_limit_bytes || std::memchr(bytes.begin(), 0, bytes.size()) != nullptr;
}

// The bytes in one piece: as they lie, which is the rule, or copied together. Nothing: they cannot be decompressed.
std::optional<grpc::Slice> in_one_piece(const grpc::ByteBuffer& bytes) {
  grpc::Slice piece;
  if (bytes.TrySingleSlice(&piece).ok() || bytes.DumpToSingleSlice(&piece).ok()) return piece;
  return std::nullopt;
}

}  // namespace

Result<> parse_request(const grpc::ByteBuffer& bytes, Message& request) {
  const auto piece = in_one_piece(bytes);
  if (!piece || !request.ParseFromArray(piece->begin(), static_cast<int>(piece->size()))) {
    return why_unparsable(bytes, *request.GetDescriptor());
  }
  if (!may_hold_refused_text(*piece)) return {};
  return check_texts(request, "");
}

std::string largest_field(const grpc::ByteBuffer& bytes, const Descriptor& type) {
  grpc::ByteBuffer readable(bytes);
  grpc::ProtoBufferReader reader(&readable);
  CodedInputStream input(&reader);
  std::string largest;
  int size = 0;
  while (const std::uint32_t tag = input.ReadTag()) {
    const int begin = input.CurrentPosition();
    if (!WireFormatLite::SkipField(&input, tag)) break;
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field == nullptr || input.CurrentPosition() - begin <= size) continue;
    size = input.CurrentPosition() - begin;
    largest = field->name();
  }
  return largest;
}

}  // namespace holdfast::rpc
