#include <unistd.h>

#include <csignal>
#include <iostream>

#include "command_line/run.h"

namespace {

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    variables.emplace(text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace holdfast::command_line;
  const auto exit = run({argv + 1, argv + argc}, {.out = std::cout,
                                                  .err = std::cerr,
                                                  .environment = environment(),
                                                  .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                                                  .err_is_terminal = isatty(STDERR_FILENO) == 1});
  std::cout.flush();
  // What librdkafka and gRPC still hold is not waited for: nothing of it is ours.
  _exit(static_cast<int>(exit));
}
