#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "command_line/installation.h"
#include "command_line/verb.h"
#include "runtime/core/call.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace holdfast::command_line {

// One run of the program: where it writes, how, and whom it calls.
class Session {
 public:
  struct Output {
    std::ostream& out;
    std::ostream& err;
    bool json = false;
    bool colors = false;    // a terminal reads `out`
    bool progress = false;  // a terminal reads `err`
  };

  Session(Output output, Installation installation) : output_(output), installation_(std::move(installation)) {}

  const Installation& installation() const { return installation_; }
  std::ostream& out() { return output_.out; }
  bool json() const { return output_.json; }
  bool colors() const { return output_.colors; }
  bool shows_progress() const { return output_.progress; }
  std::ostream& err() { return output_.err; }

  // What went wrong, where, why, and what to do about it; the exit code that says the same.
  Exit refuse(const Error& error);
  // The same for what the caller could have known before asking anybody.
  Exit misused(const Error& error);

 private:
  Output output_;
  Installation installation_;
};

// The method of this full name ("holdfast.tickets.v1.TicketService/OpenTicket"), or null.
const google::protobuf::MethodDescriptor* find_method(std::string_view name);
std::unique_ptr<google::protobuf::Message> new_request(const google::protobuf::MethodDescriptor& method);
std::unique_ptr<google::protobuf::Message> new_answer(const google::protobuf::MethodDescriptor& method);

// A call that gives up after `call_patience`.
Call new_call();

// The whole run of a row of the table: fill the request, call, show the answer; the pages of a list one after the
// other.
Exit run_row(Session& session, const Row& row, const Values& values);

}  // namespace holdfast::command_line
