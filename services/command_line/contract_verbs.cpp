#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "command_line/answer.h"
#include "command_line/delimited.h"
#include "command_line/names.h"
#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"

namespace holdfast::command_line {
namespace {

using nlohmann::ordered_json;

const Row preview{"contracts preview", "holdfast.contracts.v1.ContractService/PreviewTerm",
                  "Works out a contract's dates; nothing is stored", ""};
constexpr auto cases_flag = "cases";

// The columns of a case and the flags that they are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> columns{{
    {"term_start", "plan-term-start"},
    {"term_months", "plan-term-months"},
    {"notice_value", "plan-notice-value"},
    {"notice_unit", "plan-notice-unit"},
    {"end_of_term_action", "plan-end-of-term-action"},
    {"roll_interval_months", "plan-roll-interval-months"},
    {"renewal_term_months", "plan-renewal-term-months"},
    {"time_zone", "plan-time-zone"},
    {"as_of_utc", "as-of"},
}};

// What is printed of an answer, in this order.
constexpr std::array shown{"rolls",          "currentTermStart", "currentTermEnd", "ended",
                           "noticeDeadline", "daysLeft",         "actionableEnd",  "actionableDeadline"};

Values values_of(const Record& record) {
  Values values;
  for (const auto& [column, flag] : columns) {
    const auto found = record.find(column);
    if (found == record.end() || found->second.empty()) continue;
    const bool is_word = column == "notice_unit" || column == "end_of_term_action";
    values[std::string(flag)] = {is_word ? word_of_camel(found->second) : found->second};
  }
  return values;
}

Result<ordered_json> preview_case(const rpc::Client& client, const Record& record) {
  const auto& method = *find_method(preview.method);
  const auto request = new_request(method);
  CHECK_OK(fill(*request, values_of(record)));
  const auto answer = new_answer(method);
  CHECK_OK(client.exchange(std::string(preview.method), new_call(), *request, *answer));
  const auto all = ordered_json::parse(json_of(*answer));
  ordered_json line;
  const auto id = record.find("id");
  line["id"] = id == record.end() ? "" : id->second;
  for (const auto* key : shown) line[key] = all.contains(key) ? all[key] : ordered_json();
  return line;
}

Result<bool> preview_cases(Session& session, const std::string& path) {
  const auto records = TRY(read_records(path));
  const auto address = TRY(session.installation().address_of("contracts"));
  const auto client = TRY(session.installation().connect(address, Identity::agency));
  bool all_taken = true;
  for (const auto& record : records) {
    const auto line = preview_case(client, record);
    if (line) {
      session.out() << line->dump() << '\n';
    } else if (line.error().code() == Code::unavailable) {
      return line.error();
    } else {
      session.refuse(line.error());
      all_taken = false;
    }
  }
  return all_taken;
}

}  // namespace

Verb preview_contracts_verb() {
  auto flags = flags_of(*find_method(preview.method), "");
  flags.push_back({.name = cases_flag, .help = "cases (.csv); prints a line of JSON for each", .value = "FILE"});
  return {.path = std::string(preview.path),
          .summary = std::string(preview.summary),
          .flags = std::move(flags),
          .run = [](Session& session, const Values& values) {
            const auto cases = values.find(cases_flag);
            if (cases == values.end()) return run_row(session, preview, values);
            const auto previewed = preview_cases(session, cases->second.front());
            if (!previewed) return session.refuse(previewed.error());
            return *previewed ? Exit::done : Exit::refused;
          }};
}

}  // namespace holdfast::command_line
