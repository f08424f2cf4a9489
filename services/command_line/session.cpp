#include "command_line/session.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "command_line/answer.h"
#include "command_line/names.h"
#include "command_line/request.h"

namespace holdfast::command_line {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr std::chrono::seconds call_patience{30};
constexpr int page_elements = 500;
// What a person is shown of a list without asking for more; programs get all of it.
constexpr size_t shown_elements = 200;

constexpr auto caller_name = "command-line";

// "holdfast.tickets.v1" -> "tickets"
std::string service_of(const MethodDescriptor& method) {
  const auto& package = method.file()->package();
  const auto begin = package.find('.') + 1;
  return package.substr(begin, package.find('.', begin) - begin);
}

bool is_absence(Code code) { return code == Code::unavailable || code == Code::deadline; }

const FieldDescriptor* field_of(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

std::string text_field(const Message& message, const char* name) {
  const auto* field = field_of(message, name);
  return field ? message.GetReflection()->GetString(message, field) : "";
}

bool flag_field(const Message& message, const std::string& name) {
  return message.GetReflection()->GetBool(message, field_of(message, name.c_str()));
}

bool is_as_it_must_be(const Row& row, const Message& told) {
  return row.must.empty() || flag_field(told, std::string(row.must));
}

// A list in pages: as JSON a document a line as they come, as a table when all that is shown is there.
class Listing {
 public:
  Listing(Session& session, const Row& row, const FieldDescriptor& elements)
      : session_(session), row_(row), elements_(elements) {}

  void take(std::unique_ptr<Message> page, bool more_follow) {
    const auto& reflection = *page->GetReflection();
    for (int index = 0; index < reflection.FieldSize(*page, &elements_); ++index) {
      const auto& element = reflection.GetRepeatedMessage(*page, &elements_, index);
      all_as_they_must_ &= is_as_it_must_be(row_, element);
      if (session_.json()) {
        session_.out() << json_of(element) << '\n';
      } else {
        shown_.push_back(&element);
      }
    }
    more_follow_ = more_follow;
    if (!session_.json()) pages_.push_back(std::move(page));
  }

  bool wants_more() const { return session_.json() || shown_.size() < shown_elements; }

  Exit end() {
    if (!session_.json() && shown_.empty()) session_.out() << row_.when_none << '\n';
    if (!shown_.empty()) print_list(session_.out(), shown_, row_.columns, session_.colors());
    if (!shown_.empty() && more_follow_) session_.out() << "There are more; --json prints all of them.\n";
    return all_as_they_must_ ? Exit::done : Exit::refused;
  }

 private:
  Session& session_;
  const Row& row_;
  const FieldDescriptor& elements_;
  std::vector<std::unique_ptr<Message>> pages_;  // own what is shown
  std::vector<const Message*> shown_;
  bool more_follow_ = false;
  bool all_as_they_must_ = true;
};

// Every page of one server's list.
Result<> follow_pages(const rpc::Client& client, const std::string& method, Message& request,
                      const MethodDescriptor& descriptor, Listing& listing) {
  const auto* page_token = field_of(request, "page_token");
  if (const auto* size = field_of(request, "page_size")) {
    request.GetReflection()->SetInt32(&request, size, page_elements);
  }
  std::string next;
  do {
    auto page = new_answer(descriptor);
    CHECK_OK(client.exchange(method, new_call(), request, *page));
    next = text_field(*page, "next_page_token");
    listing.take(std::move(page), !next.empty());
    if (page_token) request.GetReflection()->SetString(&request, page_token, next);
  } while (!next.empty() && page_token && listing.wants_more());
  return {};
}

// A row of operations asks the process of the service that it names, or else every process.
Result<std::vector<std::string>> addresses_for(const Session& session, const Row& row,
                                               const MethodDescriptor& descriptor, const Message& request) {
  const bool of_processes = row.identity == Identity::operations;
  const auto service = of_processes ? text_field(request, "service") : service_of(descriptor);
  if (of_processes && service.empty()) return session.installation().addresses();
  return std::vector{TRY(session.installation().address_of(service))};
}

Result<> list(Session& session, const Row& row, const MethodDescriptor& descriptor, Message& request,
              Listing& listing) {
  for (const auto& address : TRY(addresses_for(session, row, descriptor, request))) {
    const auto client = TRY(session.installation().connect(address, row.identity));
    CHECK_OK(follow_pages(client, std::string(row.method), request, descriptor, listing));
  }
  return {};
}

Result<Exit> show(Session& session, const Row& row, const MethodDescriptor& descriptor, Message& request) {
  const auto addresses = TRY(addresses_for(session, row, descriptor, request));
  const auto client = TRY(session.installation().connect(addresses.front(), row.identity));
  const auto answer = new_answer(descriptor);
  CHECK_OK(client.exchange(std::string(row.method), new_call(), request, *answer));
  if (session.json()) {
    session.out() << json_of(*answer) << '\n';
  } else if (answer->GetDescriptor()->field_count() == 0) {
    session.out() << "done\n";
  } else {
    print_resource(session.out(), *answer, session.colors());
  }
  return is_as_it_must_be(row, *answer) ? Exit::done : Exit::refused;
}

}  // namespace

Exit Session::refuse(const Error& error) {
  const auto& why = info(error.reason);
  if (json()) {
    auto fields = nlohmann::json::array();
    for (const auto& [field, description] : error.fields) {
      fields.push_back({{"field", field}, {"description", description}});
    }
    err() << nlohmann::json{{"error",
                             {{"message", error.message},
                              {"reason", why.upper},
                              {"fields", fields},
                              {"remedy", why.remedy}}}}
                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
          << '\n';
  } else {
    err() << "holdfast: " << error.message << '\n';
    for (const auto& [field, description] : error.fields) err() << "  field   " << field << ": " << description << '\n';
    err() << "  reason  " << why.upper << "\n  remedy  " << why.remedy << '\n';
  }
  return is_absence(error.code()) ? Exit::unreachable : Exit::refused;
}

Exit Session::misused(const Error& error) {
  refuse(error);
  return Exit::usage;
}

const MethodDescriptor* find_method(std::string_view name) {
  std::string dotted(name);
  std::ranges::replace(dotted, '/', '.');
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(dotted);
}

std::unique_ptr<Message> new_request(const MethodDescriptor& method) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
}

std::unique_ptr<Message> new_answer(const MethodDescriptor& method) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
}

Call new_call() { return service_call({}, caller_name, call_patience); }

Exit run_row(Session& session, const Row& row, const Values& values) {
  const auto& descriptor = *find_method(row.method);
  const auto request = new_request(descriptor);
  if (const auto filled = fill(*request, values); !filled) return session.misused(filled.error());
  if (const auto* elements = elements_of(*descriptor.output_type())) {
    Listing listing(session, row, *elements);
    const auto listed = list(session, row, descriptor, *request, listing);
    return listed ? listing.end() : session.refuse(listed.error());
  }
  const auto shown = show(session, row, descriptor, *request);
  return shown ? *shown : session.refuse(shown.error());
}

}  // namespace holdfast::command_line
