#include "runtime/command/commands.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>

#include "holdfast/options/v1/options.pb.h"
#include "runtime/command/mutants.sql.h"
#include "runtime/command/requests.sql.h"
#include "runtime/core/limits.h"
#include "runtime/core/mutant.h"

namespace holdfast::command {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

struct Answer {
  Uuid fingerprint;
  sql::Bytes response;
};

constexpr size_t max_request_id_bytes = 128;

std::string text_field(const Message& request, const char* name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  return field ? request.GetReflection()->GetString(request, field) : std::string();
}

bool flag_field(const Message& request, const char* name) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  return field && request.GetReflection()->GetBool(request, field);
}

bool holds_secret(const MethodDescriptor& method) {
  return method.options().GetExtension(options::v1::rule).holds_secret();
}

}  // namespace
}  // namespace holdfast::command

template <>
struct holdfast::Fields<holdfast::command::Answer> {
  using Answer = command::Answer;
  static constexpr auto list =
      FieldList{Field{"fingerprint", &Answer::fingerprint}, Field{"response", &Answer::response}};
};

namespace holdfast::command {

const google::protobuf::Descriptor& Commands::input_of(const MethodDescriptor& method) { return *method.input_type(); }
const google::protobuf::Descriptor& Commands::output_of(const MethodDescriptor& method) {
  return *method.output_type();
}

std::string Commands::serialize(const MethodDescriptor& method, const Fill& fill) {
  const std::unique_ptr<Message> response(wire::prototype(method.output_type()->full_name()).New());
  fill(*response);
  return response->SerializeAsString();
}

Result<std::string> Commands::run(const Call& call, const MethodDescriptor& method, const Message& request,
                                  const Body& body) {
  const auto request_id = holds_secret(method) ? std::string() : text_field(request, "request_id");
  const bool validate_only = flag_field(request, "validate_only");
  CHECK_OK(check_size("request_id", request_id, max_request_id_bytes));
  const bool in_turn = !mutant("requests.not_in_turn");
  const auto fingerprint = named_uuid(Uuid{}, request.SerializeAsString());
  std::optional<std::string> validated;
  auto answer = transactor_.run(call, [&](events::UnitOfWork& unit) -> Result<std::string> {
    if (!request_id.empty()) {
      if (in_turn) unit.transaction.defer(statements::take_turns, unit.agency(), method.full_name(), request_id);
      const auto before =
          TRY((unit.transaction.maybe<Answer>(statements::find, unit.agency(), method.full_name(), request_id)));
      if (before && before->fingerprint != fingerprint) {
        return fail(Reason::request_id_reused, "request_id", "was used for another request within 24 hours");
      }
      if (before) return before->response.data;
    }
    auto response = TRY(body(unit));
    if (validate_only) {
      CHECK_OK(unit.write_last());
      TRY(unit.transaction.exec(statements::settle));
      validated = std::move(response);
      return fail(Reason::cancelled, "validated only");  // rolls back; the answer is given below
    }
    if (!request_id.empty()) {
      const auto& store = in_turn ? statements::store : statements::store_where_none;
      unit.transaction.defer(store, unit.agency(), method.full_name(), request_id, fingerprint, sql::Bytes{response});
    }
    return response;
  });
  if (validated) return *std::move(validated);
  return answer;
}

}  // namespace holdfast::command
