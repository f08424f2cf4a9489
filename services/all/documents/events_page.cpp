#include <fmt/format.h>

#include "all/documents/markdown.h"
#include "all/documents/pages.h"
#include "holdfast/options/v1/options.pb.h"

namespace holdfast::documents {
namespace {

using google::protobuf::Descriptor;

constexpr std::string_view preamble = R"(What Holdfast publishes onto Apache Kafka and to webhooks. Each event is a
[CloudEvent](https://cloudevents.io), and carries the whole resource as it was after the change, with its version: from
events alone a copy can be built that is right, if it writes only what is newer than what it has.

On Kafka (binary mode) the value is the protobuf message that is named with the event, and the attributes are headers.
Webhooks carry the same as one JSON document (structured mode), `data` in protobuf's JSON.

| header | holds |
|---|---|
| `content-type` | `application/protobuf` |
| `ce_specversion` | `1.0` |
| `ce_id` | a UUID, of this event alone: it may be delivered twice, with the same id; webhooks send it as `webhook-id` |
| `ce_source` | `/holdfast/tickets` of the topic `holdfast.tickets` |
| `ce_type` | `holdfast.<name>.v1` |
| `ce_time` | when it came to be, by the business clock: RFC 3339, UTC |
| `ce_partitionkey` | Kafka's key: `<agency>/<account>`, or `<agency>` for what is about the whole agency |
| `ce_sequence` | 1, 2, 3, … without a gap for each topic and key: first deliveries arrive in this order |
| `ce_agency` | the agency's id |
| `ce_requestid` | of the call that caused it, where there was one |
| `ce_traceparent` | W3C trace context, where there was one |

The partition follows from the key by murmur2, as Java's own producer has it. Topics keep 30 days; what a service of
Holdfast itself could not take lies as it was in `<topic>.dlq` and is redriven by `tools/holdfast dlq`.

```sh
kcat -b 127.0.0.1:7430 -t holdfast.tickets -C -f '%h\n%k\n'   # headers and key of every event
tools/holdfast events tail --json                             # the same with the data, as JSON
```

Whole consumers: [in Java](../tests/story/clients/java/ReadEvents.java), with the CloudEvents SDK and classes that `protoc`
makes of `proto/`; [in JavaScript](../tests/story/clients/consume.js). The topics as [AsyncAPI](https://www.asyncapi.com): [asyncapi.yaml](asyncapi.yaml). An event changes compatibly only;
what could not be would be published beside the old as `.v2`.

)";

std::string about(const Descriptor& event) {
  const auto& rule = rule_of(event);
  std::string text = fmt::format("### {}\n\n", rule.name());
  if (const auto comment = comment_of(event); !comment.empty()) text += comment + "\n\n";
  text += fmt::format("`holdfast.{}.v1`, message `{}`; key: the agency{}.\n\n", rule.name(), event.full_name(),
                      rule.key().empty() ? "" : " and `" + rule.key() + "`");
  return text + fields_table(event);
}

std::string topics_table(const std::vector<const Descriptor*>& events) {
  std::string table = "## Topics\n\n| topic | events |\n|---|---|\n";
  std::string_view topic;
  for (const auto* event : events) {
    const auto& rule = rule_of(*event);
    const bool first = rule.topic() != topic;
    if (first) table += fmt::format("{}| `{}` | ", topic.empty() ? "" : " |\n", rule.topic());
    table += fmt::format("{}[{}](#{})", first ? "" : ", ", rule.name(), rule.name());
    topic = rule.topic();
  }
  return table + " |\n\n";
}

}  // namespace

std::string events_page(const Protos& protos) {
  const auto events = protos.events();
  std::string page = "# Events\n\n" + generated_note() + std::string(preamble) + topics_table(events);
  std::string_view topic;
  for (const auto* event : events) {
    if (rule_of(*event).topic() != topic) page += fmt::format("## {}\n\n", rule_of(*event).topic());
    topic = rule_of(*event).topic();
    page += about(*event);
  }
  return page;
}

}  // namespace holdfast::documents
