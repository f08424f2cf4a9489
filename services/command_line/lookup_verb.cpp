#include <google/protobuf/descriptor.h>

#include <ostream>

#include "command_line/answer.h"
#include "command_line/outage_card.h"
#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "holdfast/accounts/v1/lookup.pb.h"

namespace holdfast::command_line {
namespace {

using accounts::v1::LookUpRequest;
using accounts::v1::LookUpResponse;

constexpr auto method = "holdfast.accounts.v1.LookupService/LookUp";

Result<LookUpResponse> look_up(const Session& session, const LookUpRequest& request) {
  const auto address = TRY(session.installation().address_of("accounts"));
  const auto client = TRY(session.installation().connect(address, Identity::agency));
  return client.call<LookUpResponse>(method, new_call(), request);
}

void print(Session& session, const LookUpResponse& answer) {
  if (session.json()) {
    session.out() << json_of(answer) << '\n';
  } else if (answer.has_card()) {
    print_card(session.out(), answer, session.colors());
  } else if (answer.matches().empty()) {
    print_attempts(session.out(), answer);
  } else {
    print_matches(session.out(), answer, session.colors());
  }
}

}  // namespace

Verb lookup_verb() {
  return {.path = "lookup",
          .summary = "Shows what to tell the carrier, by phone, circuit, billing number, address or name",
          .flags = flags_of(*find_method(method), "query"),
          .run = [](Session& session, const Values& values) {
            LookUpRequest request;
            if (const auto filled = fill(request, values); !filled) return session.misused(filled.error());
            const auto answer = look_up(session, request);
            if (!answer) return session.refuse(answer.error());
            print(session, *answer);
            return Exit::done;
          }};
}

}  // namespace holdfast::command_line
