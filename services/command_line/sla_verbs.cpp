#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "command_line/answer.h"
#include "command_line/names.h"
#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "runtime/core/limits.h"

namespace holdfast::command_line {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view preview_method = "holdfast.tickets.v1.TicketService/PreviewSla";
constexpr auto file_flag = "file";
constexpr size_t max_file_bytes = 64 << 20;

// FILE_UNKNOWN when it cannot be read, FILE_DAMAGED when it is not an array of JSON.
Result<ordered_json> read_cases(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return fail(Reason::file_unknown, "file", path + " cannot be read");
  if (static_cast<size_t>(file.tellg()) > max_file_bytes) {
    return fail(Reason::file_too_large, "file", path + " is larger than " + bytes_text(max_file_bytes));
  }
  file.seekg(0);
  auto cases = ordered_json::parse(file, nullptr, false);
  if (!cases.is_array()) return fail(Reason::file_damaged, "file", path + " is no array of cases in JSON");
  return cases;
}

// The enumerator that the file's word means: pendingCustomer is PAUSE_REASON_PENDING_CUSTOMER.
std::string enumerator(const char* type, const std::string& word) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  const auto* values = pool->FindEnumTypeByName(std::string("holdfast.tickets.v1.") + type);
  for (int index = 1; values && index < values->value_count(); ++index) {
    if (word_of(*values->value(index)) == word_of_camel(word)) return values->value(index)->name();
  }
  return word;  // refused where the request is read
}

// The case as a request in protobuf JSON. Throws what nlohmann throws where the file has no such member.
ordered_json request_of(const ordered_json& given) {
  const auto& calendar = given.at("calendar");
  ordered_json request{{"calendar", {{"timeZone", calendar.at("time_zone")}, {"holidays", calendar.at("holidays")}}},
                       {"targetMinutes", given.at("target_minutes")},
                       {"start", given.at("start")}};
  for (const auto& window : calendar.at("windows")) {
    request["calendar"]["windows"].push_back(
        {{"day", enumerator("Weekday", window.at("day"))}, {"open", window.at("open")}, {"close", window.at("close")}});
  }
  for (const auto& pause : given.at("pauses")) {
    request["pauses"].push_back({{"startedAt", pause.at("from")},
                                 {"endedAt", pause.at("to")},
                                 {"reason", enumerator("PauseReason", pause.at("reason"))}});
  }
  for (const auto& asked : given.at("expect").at("elapsed")) request["at"].push_back(asked.at("at"));
  return request;
}

// What was asked, with what is answered. Protobuf's JSON has an int64 as text; here it is a number.
ordered_json line_of(const ordered_json& id, const ordered_json& answer) {
  ordered_json line{
      {"id", id}, {"due", answer.value("due", ordered_json())}, {"warn", answer.value("warn", ordered_json())}};
  line["elapsed"] = ordered_json::array();
  for (const auto& elapsed : answer.at("elapsed")) {
    line["elapsed"].push_back(
        {{"at", elapsed.at("at")}, {"seconds", std::stoll(elapsed.at("seconds").get<std::string>())}});
  }
  return line;
}

Result<ordered_json> preview_case(const rpc::Client& client, const ordered_json& given) {
  const auto& method = *find_method(preview_method);
  const auto request = new_request(method);
  const auto answer = new_answer(method);
  try {
    CHECK_OK(fill_from_json(*request, request_of(given).dump()));
    CHECK_OK(client.exchange(std::string(preview_method), new_call(), *request, *answer));
    return line_of(given.value("id", ordered_json("")), ordered_json::parse(json_of(*answer)));
  } catch (const nlohmann::json::exception& error) {
    return fail(Reason::field_invalid, "case", error.what());
  }
}

Exit preview_cases(Session& session, const std::string& path) {
  const auto cases = read_cases(path);
  if (!cases) return session.refuse(cases.error());
  const auto address = session.installation().address_of("tickets");
  if (!address) return session.refuse(address.error());
  const auto client = session.installation().connect(*address, Identity::agency);
  if (!client) return session.refuse(client.error());
  auto exit = Exit::done;
  for (const auto& given : *cases) {
    const auto line = preview_case(*client, given);
    if (line) {
      session.out() << line->dump() << '\n';
      continue;
    }
    exit = session.refuse(line.error());
    if (exit == Exit::unreachable) return exit;
  }
  return exit;
}

}  // namespace

Verb preview_sla_verb() {
  return {.path = "tickets preview-sla",
          .summary = "Works out what SLA clocks say, for a file of cases; nothing is stored",
          .flags = {{.name = file_flag,
                     .help = "an array of cases (.json); prints a line of JSON for each",
                     .value = "FILE",
                     .by_place = true,
                     .required = true}},
          .run = [](Session& session, const Values& values) {
            return preview_cases(session, values.at(file_flag).front());
          }};
}

}  // namespace holdfast::command_line
