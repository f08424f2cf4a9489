#include <fmt/format.h>

#include <map>

#include "all/documents/markdown.h"
#include "all/documents/pages.h"
#include "google/api/annotations.pb.h"
#include "holdfast/options/v1/options.pb.h"

namespace holdfast::documents {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;

constexpr std::string_view introduction =
    R"page(Every RPC of Holdfast, in gRPC. Reflection is on, so `grpcurl` needs no files:

```sh
grpcurl -plaintext -H "authorization: Bearer $(cat var/keys/agency.key)" -d '{"id": "…"}' \
  127.0.0.1:7410 holdfast.tickets.v1.TicketService/GetTicket
```

A call proves who it is by `authorization: Bearer` with an API key or a token, and needs the permission named with the
method; `*` grants every permission. HTTP paths are those that a transcoding gateway serves.

*Reads* change nothing. What *may be repeated* does no harm when it comes again, and with its `request_id` is answered as
the first time, for 24 hours. `validate_only` does everything and undoes it. Lists go on where `next_page_token` of the page before
says; a token is bound to its filter. A refusal names a [reason](reasons.md), the field at fault, and whether repeating
helps.

)page";

std::string http_of(const MethodDescriptor& method) {
  const auto& http = method.options().GetExtension(google::api::http);
  if (!http.get().empty()) return "GET " + http.get();
  if (!http.post().empty()) return "POST " + http.post();
  if (!http.put().empty()) return "PUT " + http.put();
  if (!http.patch().empty()) return "PATCH " + http.patch();
  if (!http.delete_().empty()) return "DELETE " + http.delete_();
  return "";
}

std::string_view effect_of(const MethodDescriptor& method) {
  switch (method.options().idempotency_level()) {
    case MethodOptions::NO_SIDE_EFFECTS:
      return "reads";
    case MethodOptions::IDEMPOTENT:
      return "may be repeated";
    default:
      return "does it again when repeated";
  }
}

std::string facts_of(const MethodDescriptor& method) {
  const auto& rule = method.options().GetExtension(options::v1::rule);
  std::string facts = rule.public_() ? "Needs no credentials" : fmt::format("Permission `{}`", rule.permission());
  facts += fmt::format("; {}", effect_of(method));
  if (const auto http = http_of(method); !http.empty()) facts += fmt::format("; `{}`", http);
  if (rule.holds_secret()) facts += "; the answer holds a secret and is not stored";
  if (rule.for_services()) facts += "; meant for other services";
  return facts + ".\n\n";
}

std::string about(const MethodDescriptor& method) {
  std::string text = fmt::format("### {}\n\n", method.name());
  if (const auto comment = comment_of(method); !comment.empty()) text += comment + "\n\n";
  text += facts_of(method);
  text += fmt::format("Answers {}.", link_to(*method.output_type()));
  text += method.input_type()->field_count() ? "\n\n" + fields_table(*method.input_type()) : " Takes no fields.\n\n";
  return text;
}

template <class Descriptors>
auto by_short_name(const Descriptors& descriptors) {
  std::map<std::string, typename Descriptors::value_type> sorted;
  for (const auto* descriptor : descriptors) sorted.emplace(short_name(descriptor->full_name()), descriptor);
  return sorted;
}

}  // namespace

std::string api_page(const Protos& protos) {
  std::string page = "# API\n\n" + generated_note() + std::string(introduction);
  for (const auto* service : protos.services()) {
    page += fmt::format("## {}\n\n`{}`\n\n", service->name(), service->full_name());
    if (const auto comment = comment_of(*service); !comment.empty()) page += comment + "\n\n";
    for (int index = 0; index < service->method_count(); ++index) page += about(*service->method(index));
  }
  return page;
}

std::string types_page(const Protos& protos) {
  Types types;
  for (const auto* event : protos.events()) types.add_of(*event);
  for (const auto* service : protos.services()) {
    for (int index = 0; index < service->method_count(); ++index) {
      const auto& method = *service->method(index);
      types.add_of(*method.input_type());
      types.add_of(*method.output_type());
      if (types.names.insert(method.output_type()->full_name()).second) types.messages.push_back(method.output_type());
    }
  }
  std::string page = "# Types\n\n" + generated_note() +
                     "What [requests and answers](api.md) and [events](events.md) consist of. Identifiers are UUIDs, "
                     "dates without a time `YYYY-MM-DD`.\n\n";
  for (const auto& [name, message] : by_short_name(types.messages)) {
    page += fmt::format("## {}\n\n", name);
    if (const auto comment = comment_of(*message); !comment.empty()) page += comment + "\n\n";
    page += message->field_count() ? fields_table(*message) : "Without fields.\n\n";
  }
  for (const auto& [name, type] : by_short_name(types.enums)) {
    page += fmt::format("## {}\n\n", name);
    if (const auto comment = comment_of(*type); !comment.empty()) page += comment + "\n\n";
    page += "| value | |\n|---|---|\n";
    for (int index = 0; index < type->value_count(); ++index) {
      if (type->value(index)->number() == 0) continue;
      page += fmt::format("| `{}` | {} |\n", type->value(index)->name(), cell(comment_of(*type->value(index))));
    }
    page += "\n";
  }
  return page;
}

}  // namespace holdfast::documents
