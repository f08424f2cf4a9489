#include "command_line/run.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "command_line/names.h"
#include "command_line/session.h"

namespace holdfast::command_line {
namespace {

struct Global {
  bool json = false;
  std::string state;
  std::string server;
  std::string brokers;
  rpc::TlsFiles tls;
};

// A verb while its arguments are read.
struct Parsed {
  const Verb* verb;
  CLI::App* command;
  std::map<std::string, std::vector<std::string>> texts;
  std::map<std::string, bool> switches;

  Values values() const {
    Values values;
    for (const auto& [name, given] : texts) {
      if (!given.empty()) values.emplace(name, given);
    }
    for (const auto& [name, on] : switches) {
      if (on) values.emplace(name, std::vector<std::string>{"true"});
    }
    return values;
  }
};

std::string variable(const Surroundings& surroundings, const std::string& name, const std::string& otherwise) {
  const auto found = surroundings.environment.find(name);
  return found == surroundings.environment.end() ? otherwise : found->second;
}

void add_global_flags(CLI::App& program, Global& global) {
  program.add_flag("--json", global.json, "Print the server's own answer as JSON, one document a line");
  program.add_option("--state", global.state, "The folder of a local installation")->type_name("DIR");
  program.add_option("--server", global.server, "The server, instead of the local installation's")
      ->type_name("HOST:PORT");
  program.add_option("--brokers", global.brokers, "Kafka, instead of the local installation's")
      ->type_name("HOST:PORT,...");
  program
      .add_option("--authorities", global.tls.authorities,
                  "Who signs the server's certificate (PEM): then TLS is spoken")
      ->type_name("FILE");
  program
      .add_option("--certificate", global.tls.certificate, "Ours (PEM), for a server that demands one of its callers")
      ->type_name("FILE");
  program.add_option("--private-key", global.tls.private_key, "That of our certificate (PEM)")->type_name("FILE");
}

void add_flag(Parsed& parsed, const Flag& flag) {
  auto& command = *parsed.command;
  if (!flag.takes_value) {
    command.add_flag("--" + flag.name, parsed.switches[flag.name], flag.help);
    return;
  }
  const auto name = flag.by_place ? flag.name : "--" + flag.name;
  auto* option = command.add_option(name, parsed.texts[flag.name], flag.help);
  const auto value = flag.value.empty() ? CLI::detail::join(flag.words, "|") : flag.value;
  option->required(flag.required)->type_name(value)->allow_extra_args(flag.by_place && flag.repeated);
  if (!flag.repeated) option->expected(1);
  if (flag.words.empty()) return;
  // What stands for the value has named the words.
  option->check(CLI::IsMember(flag.words, CLI::ignore_case, CLI::ignore_underscore).description(""));
}

// "tickets open" is `open` below `tickets`; the group comes into being with its first verb.
CLI::App& command_for(CLI::App& program, const Verb& verb) {
  auto words = split(verb.path);
  const auto last = words.back();
  words.pop_back();
  auto* above = &program;
  for (const auto& word : words) {
    const auto found = above->get_subcommands([&](const CLI::App* one) { return one->get_name() == word; });
    auto* group = found.empty() ? nullptr : found.front();
    if (!group) {
      group = above->add_subcommand(word, "");
      group->require_subcommand(1);
      group->fallthrough();
    }
    above = group;
  }
  auto* command = above->add_subcommand(last, verb.summary);
  command->fallthrough();
  return *command;
}

// A group's line in the help names its verbs.
void describe_groups(CLI::App& program) {
  for (auto* group : program.get_subcommands(nullptr)) {
    std::string verbs;
    for (const auto* verb : group->get_subcommands(nullptr)) verbs += (verbs.empty() ? "" : ", ") + verb->get_name();
    if (!verbs.empty()) group->description(verbs);
  }
}

Session session_of(const Global& global, const Surroundings& surroundings) {
  const bool colors = surroundings.out_is_terminal && !surroundings.environment.contains("NO_COLOR");
  return Session({.out = surroundings.out,
                  .err = surroundings.err,
                  .json = global.json,
                  .colors = colors,
                  .progress = surroundings.err_is_terminal},
                 Installation({.state = global.state,
                               .server = global.server,
                               .brokers = global.brokers,
                               .tls = global.tls,
                               .key = variable(surroundings, "HOLDFAST_KEY", "")}));
}

}  // namespace

Exit run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  Global global{.state = variable(surroundings, "HOLDFAST_STATE", "var"),
                .tls = {.certificate = variable(surroundings, "HOLDFAST_CERTIFICATE", ""),
                        .private_key = variable(surroundings, "HOLDFAST_PRIVATE_KEY", ""),
                        .authorities = variable(surroundings, "HOLDFAST_AUTHORITIES", "")}};
  CLI::App program("Holdfast from the command line.", "holdfast");
  program.require_subcommand(1);
  program.footer("Exit codes: 0 done, 1 refused or partly rejected, 2 wrong usage, 3 unreachable.");
  add_global_flags(program, global);
  std::vector<std::unique_ptr<Parsed>> all;
  for (const auto& verb : verbs()) {
    auto& parsed = *all.emplace_back(std::make_unique<Parsed>(Parsed{&verb, &command_for(program, verb), {}, {}}));
    for (const auto& flag : verb.flags) add_flag(parsed, flag);
  }
  describe_groups(program);
  try {
    program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error, surroundings.out, surroundings.err);
    return code == 0 ? Exit::done : Exit::usage;
  }
  auto session = session_of(global, surroundings);
  for (const auto& parsed : all) {
    if (parsed->command->parsed()) return parsed->verb->run(session, parsed->values());
  }
  return Exit::usage;  // not reached: a verb is required
}

}  // namespace holdfast::command_line
