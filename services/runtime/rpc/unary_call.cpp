#include "runtime/rpc/unary_call.h"

#include <grpc/support/time.h>

#include <algorithm>
#include <string>

#include "runtime/auth/authenticator.h"
#include "runtime/rpc/request.h"
#include "runtime/rpc/status.h"

namespace holdfast::rpc {
namespace {

using std::chrono::steady_clock;

constexpr size_t request_id_limit = 128;
const std::string request_id_header = "x-request-id";

std::string_view view(grpc::string_ref text) { return {text.data(), text.size()}; }

// A client's request id goes into log lines and headers as it is, so it must be harmless there.
bool usable_request_id(std::string_view id) {
  const auto harmless = [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; };
  return !id.empty() && id.size() <= request_id_limit && std::ranges::all_of(id, harmless);
}

// W3C trace context: 00-<32 hex digits>-<16>-<2>. It goes into events and headers as it is.
bool usable_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  return text.find_first_not_of("0123456789abcdef-") == text.npos && std::ranges::count(text, '-') == 3;
}

// How long the client will still wait; nothing when it did not say.
std::optional<std::chrono::nanoseconds> patience(gpr_timespec deadline) {
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return std::nullopt;
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  // Whatever is beyond a year is cut elsewhere, and would not fit into nanoseconds.
  return std::chrono::seconds(std::clamp<std::int64_t>(left.tv_sec, -1, 31'536'000)) +
         std::chrono::nanoseconds(left.tv_nsec);
}

}  // namespace

UnaryCall::UnaryCall(Adapter& adapter, Method& method, grpc::CallbackServerContext& context,
                     const grpc::ByteBuffer& request, Answer& answer)
    : adapter_(adapter),
      method_(method),
      context_(context),
      request_bytes_(request),
      answer_(answer),
      began_(steady_clock::now()),
      authorised_(method.rule.public_()) {}

void UnaryCall::begin() noexcept try {
  read_metadata();
  read_deadline();
  if (answered_at_once()) return;
  stop_ = std::stop_source();
  call_.stop = stop_.get_token();
  auto& executor = method_.rule.for_services() ? adapter_.executor_for_services : adapter_.executor;
  switch (executor.submit(*this, request_bytes_.Length(), call_.deadline - began_)) {
    case Executor::Submitted::queued:
      return;  // and may be gone already
    case Executor::Submitted::full:
      return finish(fail(Reason::overloaded, "too many requests are waiting"));
    case Executor::Submitted::closed:
      return refuse();
  }
} catch (const std::exception& exception) {
  finish(fail(Reason::internal, exception.what()));
}

void UnaryCall::read_metadata() {
  for (const auto& [key, value] : context_.client_metadata()) {
    const std::string_view name = view(key);
    if (name == "authorization") {
      authorization_ = view(value);
    } else if (name == request_id_header && usable_request_id(view(value))) {
      call_.request_id = view(value);
    } else if (name == "traceparent" && usable_traceparent(view(value))) {
      call_.traceparent = view(value);
    }
  }
  if (call_.request_id.empty()) call_.request_id = to_string(new_uuid());
  context_.AddInitialMetadata(request_id_header, call_.request_id);
}

void UnaryCall::read_deadline() {
  const std::chrono::nanoseconds asked = patience(context_.raw_deadline()).value_or(adapter_.default_deadline);
  call_.deadline = began_ + std::min<std::chrono::nanoseconds>(asked, adapter_.longest_deadline);
}

// What needs neither the executor nor a lock that could be held for long: refusing callers that are known to be
// nobody, and answers of a near cache to callers that are known.
bool UnaryCall::answered_at_once() {
  if (adapter_.draining.load(std::memory_order_relaxed)) {
    refuse();
    return true;
  }
  if (!authorised_) {
    const auto known = adapter_.authenticator.recall(authorization_);
    if (!known) return false;
    const Result<> verdict = *known ? authorise(***known) : Result<>(known->error());
    if (!verdict) {
      finish(verdict);
      return true;
    }
  }
  if (!method_.fast) return false;
  if (const Result<> parsed = parse(); !parsed) {
    finish(parsed);
    return true;
  }
  const log::Scope scope(call_);
  StoredBytes stored = method_.fast(call_, *request_);
  if (!stored) return false;
  Reply(answer_).put(std::move(stored));
  finish({});
  return true;
}

bool UnaryCall::run() noexcept {
  Result<> outcome = still_wanted();
  if (!outcome) {
    finish(outcome);
    return false;
  }
  try {
    const log::Scope scope(call_);
    outcome = handle();
  } catch (const std::exception& exception) {
    outcome = fail(Reason::internal, std::string("the handler threw: ") + exception.what());
  } catch (...) {
    outcome = fail(Reason::internal, "the handler threw something that is no exception");
  }
  if (steady_clock::now() >= call_.deadline) adapter_.late.add();
  finish(outcome);
  return true;
}

Result<> UnaryCall::still_wanted() {
  if (stop_.stop_requested()) return fail(Reason::cancelled, "the caller went away while the request waited");
  // With less left of it most would end too late: work for nobody, for which those behind wait.
  if (steady_clock::now() - began_ >= (call_.deadline - began_) * 3 / 4) {
    adapter_.expired_in_queue.add();
    return fail(Reason::deadline_exceeded, "three quarters of its time passed while the request waited");
  }
  return {};
}

Result<> UnaryCall::handle() {
  if (!authorised_) {
    const auth::Who who = TRY(adapter_.authenticator.authenticate(authorization_, call_));
    CHECK_OK(authorise(*who));
  }
  CHECK_OK(parse());
  Reply reply(answer_);
  return method_.handler(call_, *request_, reply);
}

void UnaryCall::refuse() noexcept { finish(fail(Reason::shutting_down, "this server is shutting down")); }

Result<> UnaryCall::authorise(const Principal& who) {
  if (!who.permissions.include(method_.rule.permission())) {
    return fail(Reason::permission_denied, "this takes the permission " + method_.rule.permission());
  }
  call_.who = who;
  authorised_ = true;
  return {};
}

Result<> UnaryCall::parse() {
  if (request_ != nullptr) return {};
  if (request_bytes_.Length() > adapter_.message_limit_bytes) {
    return fail(Reason::message_too_large, largest_field(request_bytes_, *method_.request_prototype->GetDescriptor()),
                "a request may hold " + std::to_string(adapter_.message_limit_bytes) + " bytes");
  }
  std::unique_ptr<google::protobuf::Message> request(method_.request_prototype->New());
  CHECK_OK(parse_request(request_bytes_, *request));
  request_ = std::move(request);
  return {};
}

// The last thing that happens here: gRPC may delete this call as soon as it is finished.
void UnaryCall::finish(const Result<>& outcome) {
  const auto took = steady_clock::now() - began_;
  method_.metrics->count(outcome, took);
  adapter_.log.write(method_.name, call_, outcome, took);
  if (outcome) {
    Finish(grpc::Status());
  } else {
    Finish(to_status(outcome.error(), call_.request_id));
  }
}

}  // namespace holdfast::rpc
