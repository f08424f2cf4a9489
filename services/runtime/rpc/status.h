#pragma once

#include <string_view>

#include "runtime/core/result.h"

namespace grpc {
class Status;
}

namespace holdfast::rpc {

// The error as it goes over the wire: code and message, and as details a google.rpc.ErrorInfo (reason of the closed
// list, domain "holdfast", the request id, retry advice and remedy), BadRequest with the fields, RetryInfo where
// repeating helps. An internal error keeps its message for our log. Bounded to what a client's 8 KiB of metadata holds.
grpc::Status to_status(const Error& error, std::string_view request_id);

// The same, read by a client. Statuses that did not come from us (gRPC's own, a proxy's) get the reason that fits
// their code.
Error from_status(const grpc::Status& status);

// The name of the gRPC status code, such as "NOT_FOUND".
std::string_view code_name(Code code);

}  // namespace holdfast::rpc
