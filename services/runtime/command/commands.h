#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "runtime/events/unit_of_work.h"
#include "runtime/rpc/service.h"
#include "runtime/wire/wire.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace holdfast::command {

namespace detail {

// Result<T>(First&, const Input&), taken apart; a query that asks what is due takes the time as well.
template <class Function>
struct Signature;
template <class T, class First, class Input>
struct Signature<std::function<Result<T>(First&, const Input&)>> {
  using Output = T;
  using Command = Input;
};
template <class T, class First, class Input>
struct Signature<std::function<Result<T>(First&, const Input&, Instant)>>
    : Signature<std::function<Result<T>(First&, const Input&)>> {};
template <class Verb>
using SignatureOf = Signature<decltype(std::function{std::declval<Verb>()})>;

}  // namespace detail

// Serves the verbs of app/ as the RPCs of one service: one line each. Reads the request into the verb's own struct,
// runs the verb in one transaction, and writes what it returns into the response, both by the names of their Fields.
//
// A command whose request has a `request_id` is answered once: the answer is stored in the command's transaction and
// given again to whoever repeats it within 24 hours, before anything else happens; the same id with another request is
// refused (REQUEST_ID_REUSED). Answers that hold a secret are not stored. With `validate_only` everything is done and
// rolled back.
class Commands {
 public:
  Commands(rpc::Service& service, events::Transactor& transactor) : service_(service), transactor_(transactor) {}

  // verb: Result<T>(events::UnitOfWork&, const Command&)
  template <class Verb>
  void command(std::string_view method, Verb verb) {
    using Input = typename detail::SignatureOf<Verb>::Command;
    command(method, std::move(verb), [](const Call&, const Input&, const Error&) -> Result<bool> { return false; });
  }

  // `learn(const Call&, const Command&, const Error&) -> Result<bool>` is asked once when the verb has failed, outside
  // of any transaction: if it could learn what was not known here (from its owner), the verb runs again; if it could
  // not even ask, the caller gets its error, which says to try again.
  template <class Verb, class Learn>
  void command(std::string_view method, Verb verb, Learn learn) {
    using Input = typename detail::SignatureOf<Verb>::Command;
    using Output = typename detail::SignatureOf<Verb>::Output;
    const auto* descriptor = checked<Input, Output>(method);
    service_.on_bytes(method,
                      [this, descriptor, verb = std::move(verb), learn = std::move(learn)](
                          Call& call, const rpc::Service::Message& request) -> Result<std::string> {
                        const auto input = TRY(wire::read<Input>(request));
                        const Body body = [&](events::UnitOfWork& unit) -> Result<std::string> {
                          return write(*descriptor, TRY(verb(unit, input)));
                        };
                        auto answer = run(call, *descriptor, request, body);
                        if (answer) return answer;
                        const bool learned = TRY(learn(call, input, answer.error()));
                        if (!learned) return answer;
                        return run(call, *descriptor, request, body);
                      });
  }

  // For a command that acts for another agency than its caller's: `agency_of(const Call&, const Command&) ->
  // Result<AgencyId>` says for which, or refuses. The verb sees that agency's rows and no others.
  template <class AgencyOf, class Verb>
  void command_for(std::string_view method, AgencyOf agency_of, Verb verb) {
    using Input = typename detail::SignatureOf<Verb>::Command;
    using Output = typename detail::SignatureOf<Verb>::Output;
    const auto* descriptor = checked<Input, Output>(method);
    service_.on_bytes(method,
                      [this, descriptor, agency_of = std::move(agency_of), verb = std::move(verb)](
                          Call& call, const rpc::Service::Message& request) -> Result<std::string> {
                        const auto input = TRY(wire::read<Input>(request));
                        auto acting = call;
                        acting.who.agency = TRY(agency_of(call, input));
                        const Body body = [&](events::UnitOfWork& unit) -> Result<std::string> {
                          return write(*descriptor, TRY(verb(unit, input)));
                        };
                        return run(acting, *descriptor, request, body);
                      });
  }

  // verb: Result<T>(sql::Transaction&, const Query&), in a read-only transaction; or with `Instant now` behind them, by
  // the business clock
  template <class Verb>
  void query(std::string_view method, Verb verb) {
    using Input = typename detail::SignatureOf<Verb>::Command;
    using Output = typename detail::SignatureOf<Verb>::Output;
    const auto* descriptor = checked<Input, Output>(method);
    service_.on_bytes(method,
                      [this, descriptor, verb = std::move(verb)](
                          Call& call, const rpc::Service::Message& request) -> Result<std::string> {
                        const auto input = TRY(wire::read<Input>(request));
                        const auto output =
                            TRY(transactor_.database().read(call, [&](sql::Transaction& transaction) -> Result<Output> {
                              if constexpr (std::is_invocable_v<const Verb&, sql::Transaction&, const Input&>) {
                                return verb(transaction, input);
                              } else {
                                return verb(transaction, input, transactor_.clock().now());
                              }
                            }));
                        return write(*descriptor, output);
                      });
  }

 private:
  using Body = std::function<Result<std::string>(events::UnitOfWork&)>;
  using Fill = std::function<void(google::protobuf::Message&)>;

  template <class Input, class Output>
  const google::protobuf::MethodDescriptor* checked(std::string_view method) {
    const auto& descriptor = service_.method(method);
    wire::check<Input>(input_of(descriptor));
    wire::check<Output>(output_of(descriptor));
    return &descriptor;
  }

  template <class Output>
  static std::string write(const google::protobuf::MethodDescriptor& method, const Output& output) {
    return serialize(method, [&](google::protobuf::Message& message) { wire::write(output, message); });
  }

  static const google::protobuf::Descriptor& input_of(const google::protobuf::MethodDescriptor& method);
  static const google::protobuf::Descriptor& output_of(const google::protobuf::MethodDescriptor& method);
  static std::string serialize(const google::protobuf::MethodDescriptor& method, const Fill& fill);
  Result<std::string> run(const Call& call, const google::protobuf::MethodDescriptor& method,
                          const rpc::Service::Message& request, const Body& body);

  rpc::Service& service_;
  events::Transactor& transactor_;
};

}  // namespace holdfast::command
