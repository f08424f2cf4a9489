#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "runtime/core/call.h"
#include "runtime/core/result.h"
#include "runtime/rpc/tls.h"

namespace google::protobuf {
class Message;
}

namespace holdfast::rpc {

// The `authorization` header under which a call goes out. Called for every request; it may not block for long.
using Authorization = std::function<Result<std::string>(const Call& call)>;

struct ClientSettings {
  std::string target;                          // dns:///tickets:7410, 127.0.0.1:7410 or unix:/path
  int attempts = 3;                            // in all, for methods that may be repeated
  int message_limit_bytes = 8 << 20;           // of one answer
  std::optional<TlsFiles> tls = std::nullopt;  // none: plain text
  std::string tls_name = {};                   // that the other side's certificate bears; empty: the target's
};

// Calls another service's methods by their full name, without generated stubs. Any thread.
class Client {
 public:
  // Connects on first use. TLS files that cannot be read are setting_invalid.
  static Result<Client> open(ClientSettings settings, Authorization authorization);
  ~Client();
  Client(Client&&) noexcept;

  // Blocks until the answer, call.deadline or call.stop. `method` reads "holdfast.tickets.v1.TicketService/GetTicket".
  // UNAVAILABLE is tried again, within the deadline, only where the method declares that repeating is harmless
  // (idempotency_level), and only as long as repeats are no more than a tenth of this client's calls (RetryBudget). A
  // request that has a `request_id` and no value for it is given one first: an attempt whose outcome nobody knows is
  // then answered, not done twice. The other side's reason comes back as it was given there;
  // what was cancelled by anybody but this caller is OUTCOME_UNKNOWN.
  template <class Response>
  Result<Response> call(const std::string& method, const Call& call, const google::protobuf::Message& request) const {
    Response response;
    CHECK_OK(exchange(method, call, request, response));
    return response;
  }

  // The same for messages whose type is known only at run time.
  Result<> exchange(const std::string& method, const Call& call, const google::protobuf::Message& request,
                    google::protobuf::Message& response) const;

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace holdfast::rpc
