#pragma once

#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast {

// What kind of failure it is: one to one with the gRPC status codes that we use.
enum class Code {
  invalid,
  not_found,
  already_exists,
  conflict,
  aborted,
  denied,
  unauthenticated,
  precondition,
  exhausted,
  unavailable,
  deadline,
  cancelled,
  unimplemented,
  internal
};

// May the caller repeat the same request? Decided where the error is born, never guessed later.
enum class Retry { never, backoff, after_refresh };

// Why: the closed list of reasons.def.
enum class Reason {
#define REASON(name, upper, camel, code, retry, remedy) name,
#include "runtime/core/reasons.def"
#undef REASON
};

struct ReasonInfo {
  std::string_view upper;  // as in google.rpc.ErrorInfo
  std::string_view camel;  // as in files: rejected rows, delivery ledgers
  Code code;
  Retry retry;
  std::string_view remedy;  // what to do next, one sentence
};

const ReasonInfo& info(Reason reason);
std::optional<Reason> reason_from_upper(std::string_view upper);

// Which part of the input is at fault: a path such as "ticket.location_id".
struct FieldViolation {
  std::string field;
  std::string description;
};

struct Error {
  Reason reason = Reason::internal;
  std::string message;
  std::vector<FieldViolation> fields;
  std::source_location at;

  Code code() const { return info(reason).code; }
  Retry retry() const { return info(reason).retry; }
  // Something that was asked is away, or went away before it answered: no fault of what it was asked, and it passes.
  bool is_outage() const { return code() == Code::unavailable || reason == Reason::outcome_unknown; }
};

// "TICKET_NOT_FOUND: no ticket 01… (tickets/store/ticket_store.cpp:31)": for logs and test output.
std::string describe(const Error& error);

Error fail(Reason reason, std::string message, std::source_location at = std::source_location::current());
// A failure of one input field; the description repeats the message.
Error fail(Reason reason, std::string field, std::string message,
           std::source_location at = std::source_location::current());

// Ends the process, with the error on standard error: somebody used the value that is not there.
[[noreturn]] void no_value(const Error& error);

struct Unit {};

// A value, or the error that stands in its place. std::expected is not in g++ 12.
template <class T = Unit>
class [[nodiscard]] Result {
 public:
  using Value = T;

  Result() requires std::is_same_v<T, Unit> : state_(Unit{}) {}
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  template <class U>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, T>)
      Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }

  // Precondition: there is a value. Breaking it is our bug and ends the process.
  T& operator*() & { return value_of(*this); }
  const T& operator*() const& { return value_of(*this); }
  T&& operator*() && { return std::move(value_of(*this)); }
  T* operator->() { return &value_of(*this); }
  const T* operator->() const { return &value_of(*this); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  template <class Self>
  static auto& value_of(Self& self) {
    if (self.state_.index() != 0) [[unlikely]]
      no_value(std::get<1>(self.state_));
    return *std::get_if<0>(&self.state_);
  }

  std::variant<T, Error> state_;
};

}  // namespace holdfast

// auto ticket = TRY(load(id)); – the value, or return the error to our own caller.
#define TRY(expression)                      \
  ({                                         \
    auto try_result_ = (expression);         \
    if (!try_result_) {                      \
      return std::move(try_result_).error(); \
    }                                        \
    *std::move(try_result_);                 \
  })

// The same for a Result whose value is of no interest.
#define CHECK_OK(expression)                             \
  do {                                                   \
    if (auto try_result_ = (expression); !try_result_) { \
      return std::move(try_result_).error();             \
    }                                                    \
  } while (false)
