#include "notifications/channels/tests/child_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace holdfast::notifications {

ChildServer::ChildServer(const std::string& script, const std::string& argument) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  // Close-on-exec: a server must not hold another server's input open.
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::string path = std::string(HOLDFAST_TEST_SERVERS) + "/" + script;
  std::string program = HOLDFAST_PYTHON;
  std::string option = "-B";  // no compiled files in the source folder
  std::string last = argument;
  std::array<char*, 5> arguments = {program.data(), option.data(), path.data(), last.data(), nullptr};
  const int failed = posix_spawn(&process_, HOLDFAST_PYTHON, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  to_child_ = input[1];
  from_child_ = fdopen(output[0], "r");
  if (failed == 0) ready_ = next();
  if (ready_.is_null()) {
    ADD_FAILURE() << script << " did not start; it needs python3, python3-aiosmtpd and openssl";
    std::abort();
  }
}

ChildServer::~ChildServer() {
  close(to_child_);
  waitpid(process_, nullptr, 0);
  fclose(from_child_);
}

nlohmann::json ChildServer::next() {
  char* line = nullptr;
  size_t capacity = 0;
  const auto length = getline(&line, &capacity, from_child_);
  auto document = length > 0 ? nlohmann::json::parse(line, line + length) : nlohmann::json();
  free(line);
  return document;
}

nlohmann::json ChildServer::tell(const nlohmann::json& line) {
  const auto text = line.dump() + "\n";
  if (write(to_child_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return {};
  return next();
}

}  // namespace holdfast::notifications
