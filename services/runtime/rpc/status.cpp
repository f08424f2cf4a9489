#include "runtime/rpc/status.h"

#include <google/protobuf/stubs/common.h>
#include <grpcpp/support/status.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace holdfast::rpc {
namespace {

// A client drops an answer whose trailing metadata exceeds 8 KiB. The message travels twice (once with up to three
// bytes for one), the details as base64.
constexpr size_t message_limit_bytes = 1024;
constexpr size_t details_limit_bytes = 4096;
constexpr std::int64_t retry_delay_ms = 1000;
constexpr std::string_view error_domain = "holdfast";

struct CodeRow {
  Code code;
  grpc::StatusCode status;
  std::string_view name;
  Reason reason;  // for a status of this code that carries none of ours
};

constexpr std::array code_rows{
    CodeRow{Code::invalid, grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT", Reason::message_malformed},
    CodeRow{Code::not_found, grpc::StatusCode::NOT_FOUND, "NOT_FOUND", Reason::internal},
    CodeRow{Code::already_exists, grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS", Reason::already_exists},
    // One answer for both: what was asked for stands against what is there. The reason tells them apart.
    CodeRow{Code::conflict, grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS", Reason::already_exists},
    CodeRow{Code::aborted, grpc::StatusCode::ABORTED, "ABORTED", Reason::write_conflict},
    CodeRow{Code::denied, grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED", Reason::permission_denied},
    CodeRow{Code::unauthenticated, grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED", Reason::credentials_invalid},
    CodeRow{Code::precondition, grpc::StatusCode::FAILED_PRECONDITION, "FAILED_PRECONDITION", Reason::internal},
    CodeRow{Code::exhausted, grpc::StatusCode::RESOURCE_EXHAUSTED, "RESOURCE_EXHAUSTED", Reason::overloaded},
    CodeRow{Code::unavailable, grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE", Reason::dependency_unavailable},
    CodeRow{Code::deadline, grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", Reason::deadline_exceeded},
    CodeRow{Code::cancelled, grpc::StatusCode::CANCELLED, "CANCELLED", Reason::cancelled},
    CodeRow{Code::unimplemented, grpc::StatusCode::UNIMPLEMENTED, "UNIMPLEMENTED", Reason::method_unknown},
    CodeRow{Code::internal, grpc::StatusCode::INTERNAL, "INTERNAL", Reason::internal},
};

const CodeRow& row_of(Code code) {
  for (const CodeRow& row : code_rows) {
    if (row.code == code) return row;
  }
  std::abort();
}

std::string_view name_of(Retry retry) {
  switch (retry) {
    case Retry::never:
      return "never";
    case Retry::backoff:
      return "backoff";
    case Retry::after_refresh:
      return "after_refresh";
  }
  std::abort();
}

// At most `limit` bytes of UTF-8. An error may quote what a client sent, and a status with other bytes is unreadable.
std::string sendable(std::string_view text, size_t limit) {
  if (text.size() > limit) {
    text = text.substr(0, limit);
    // Not in the middle of a character, of which 10xxxxxx are the later bytes.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.remove_suffix(1);
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.remove_suffix(1);
  }
  std::string sent(text);
  if (google::protobuf::internal::IsStructurallyValidUTF8(sent.data(), static_cast<int>(sent.size()))) return sent;
  for (char& byte : sent) {
    if ((static_cast<unsigned char>(byte) & 0x80) != 0) byte = '?';
  }
  return sent;
}

google::rpc::ErrorInfo error_info(const Error& error, std::string_view request_id) {
  const ReasonInfo& reason = info(error.reason);
  google::rpc::ErrorInfo details;
  details.set_reason(std::string(reason.upper));
  details.set_domain(std::string(error_domain));
  auto& metadata = *details.mutable_metadata();
  metadata["request_id"] = std::string(request_id);
  metadata["retry"] = std::string(name_of(reason.retry));
  metadata["remedy"] = std::string(reason.remedy);
  return details;
}

// As many of the fields as fit into `limit` bytes.
google::rpc::BadRequest bad_request(const std::vector<FieldViolation>& fields, size_t limit) {
  google::rpc::BadRequest details;
  for (const FieldViolation& field : fields) {
    auto& violation = *details.add_field_violations();
    violation.set_field(sendable(field.field, message_limit_bytes));
    violation.set_description(sendable(field.description, message_limit_bytes));
    if (details.ByteSizeLong() > limit) {
      details.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  return details;
}

// Of a status that another program made: its code alone does not say whether it was a message or a server too full.
Reason reason_for(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
      status.error_message().find("message larger than max") != std::string::npos) {
    return Reason::message_too_large;
  }
  for (const CodeRow& row : code_rows) {
    if (row.status == status.error_code()) return row.reason;
  }
  return Reason::internal;
}

}  // namespace

grpc::Status to_status(const Error& error, std::string_view request_id) {
  const CodeRow& row = row_of(error.code());
  google::rpc::Status wire;
  wire.set_code(row.status);
  if (error.code() == Code::internal) {
    wire.set_message("a fault of Holdfast; report request id " + std::string(request_id));
  } else {
    wire.set_message(sendable(error.message, message_limit_bytes));
  }
  wire.add_details()->PackFrom(error_info(error, request_id));
  if (error.retry() == Retry::backoff) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_delay_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(retry_delay_ms % 1000 * 1'000'000));
    wire.add_details()->PackFrom(retry);
  }
  if (const size_t used = wire.ByteSizeLong(); !error.fields.empty() && used < details_limit_bytes) {
    const auto fields = bad_request(error.fields, details_limit_bytes - used);
    if (fields.field_violations_size() > 0) wire.add_details()->PackFrom(fields);
  }
  return {row.status, wire.message(), wire.SerializeAsString()};
}

Error from_status(const grpc::Status& status) {
  Error error = fail(reason_for(status), status.error_message());
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return error;
  for (const auto& detail : wire.details()) {
    google::rpc::ErrorInfo reason;
    google::rpc::BadRequest fields;
    if (detail.UnpackTo(&reason)) {
      if (reason.domain() != error_domain) continue;
      if (const auto known = reason_from_upper(reason.reason())) error.reason = *known;
    } else if (detail.UnpackTo(&fields)) {
      for (const auto& violation : fields.field_violations()) {
        error.fields.push_back({violation.field(), violation.description()});
      }
    }
  }
  return error;
}

std::string_view code_name(Code code) { return row_of(code).name; }

}  // namespace holdfast::rpc
