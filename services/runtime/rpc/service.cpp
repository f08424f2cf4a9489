#include "runtime/rpc/service.h"

#include <cstdio>
#include <cstdlib>

#include "runtime/rpc/method.h"

namespace holdfast::rpc {
namespace {

using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

std::unique_ptr<Method> method_from(const MethodDescriptor& descriptor) {
  if (descriptor.client_streaming() || descriptor.server_streaming()) {
    wired_wrongly(descriptor.full_name() + " is a stream; the server knows unary methods only");
  }
  auto method = std::make_unique<Method>();
  method->descriptor = &descriptor;
  method->request_prototype = MessageFactory::generated_factory()->GetPrototype(descriptor.input_type());
  method->rule = descriptor.options().GetExtension(options::v1::rule);
  method->name = descriptor.service()->full_name() + "/" + descriptor.name();
  method->path = "/" + method->name;
  if (method->rule.public_() != method->rule.permission().empty()) {
    wired_wrongly(descriptor.full_name() + " must declare either a permission or that it is public");
  }
  return method;
}

}  // namespace

void wired_wrongly(const std::string& what) {
  std::fprintf(stderr, "holdfast: wired wrongly: %s\n", what.c_str());
  std::abort();
}

Service::Service(const google::protobuf::ServiceDescriptor& descriptor) : descriptor_(descriptor) {
  for (int index = 0; index < descriptor.method_count(); ++index) {
    methods_.push_back(method_from(*descriptor.method(index)));
  }
}

Service::~Service() = default;

void Service::on_bytes(std::string_view method, BytesHandler handle) {
  set_handler(method, [handle = std::move(handle)](Call& call, const Message& request, Reply& reply) -> Result<> {
    std::string response = TRY(handle(call, request));
    reply.put(std::move(response));
    return {};
  });
}

const google::protobuf::MethodDescriptor& Service::method(std::string_view name) const {
  return *find(name).descriptor;
}

void Service::set_handler(std::string_view method, Handler handler) {
  Method& found = find(method);
  if (found.handler) wired_wrongly(found.path + " has a handler already");
  found.handler = std::move(handler);
}

void Service::set_fast(std::string_view method, FastHandler handler) {
  Method& found = find(method);
  if (found.fast) wired_wrongly(found.path + " has a fast handler already");
  found.fast = std::move(handler);
}

void Service::check_types(std::string_view method, const google::protobuf::Descriptor& request,
                          const google::protobuf::Descriptor& response) const {
  check_request_type(method, request);
  if (find(method).descriptor->output_type() != &response) {
    wired_wrongly(find(method).path + " does not return " + response.full_name());
  }
}

void Service::check_request_type(std::string_view method, const google::protobuf::Descriptor& request) const {
  if (find(method).descriptor->input_type() != &request) {
    wired_wrongly(find(method).path + " does not take " + request.full_name());
  }
}

Method& Service::find(std::string_view method) const {
  for (const auto& known : methods_) {
    if (known->descriptor->name() == method) return *known;
  }
  wired_wrongly(descriptor_.full_name() + " has no method " + std::string(method));
}

}  // namespace holdfast::rpc
