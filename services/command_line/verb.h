#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::command_line {

class Session;

// Something that may be given with a verb: by its name as --name, or by its place.
struct Flag {
  std::string name;  // "account-id"
  std::string help;
  std::string value = {};  // what stands for it in the help: "ID"
  bool by_place = false;
  bool required = false;
  bool takes_value = true;
  bool repeated = false;
  std::vector<std::string> words = {};  // the only values, when there are some
};

// Those of the program itself, which every verb has: a field of such a name is told apart as --its-state.
inline constexpr std::array general_flags{"state",       "server",      "json",        "brokers",
                                          "authorities", "certificate", "private-key", "help"};

// What was given, by the flag's name; a flag without a value reads "true".
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

// The exit codes that scripts rely on.
enum class Exit { done = 0, refused = 1, usage = 2, unreachable = 3 };

struct Verb {
  std::string path;  // "tickets open"
  std::string summary;
  std::vector<Flag> flags;
  std::function<Exit(Session&, const Values&)> run;
};

// In whose name a verb calls.
enum class Identity {
  agency,       // by its API key
  operations,   // the installation's own, when its signing key can be read here; else the agency
  installation  // the installation's own, and no other
};

// A verb that is one RPC: all that has to be said about it.
struct Row {
  std::string_view path;
  std::string_view method;  // "holdfast.tickets.v1.TicketService/OpenTicket"
  std::string_view summary;
  std::string_view by_place;   // fields of the request that are given by place, in order: "account_id name"
  std::string_view columns;    // of a list: see Table
  std::string_view when_none;  // of a list: what an empty one means, and what to do next
  Identity identity = Identity::agency;
  std::string_view must = {};  // a bool that the answer, or each element of a list, must have, else the exit code is 1
};

const std::vector<Row>& rows();

// All verbs, those of rows() and those that are more than one RPC, in the order in which help shows them.
const std::vector<Verb>& verbs();

}  // namespace holdfast::command_line
