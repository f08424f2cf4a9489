#pragma once

#include <sys/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace holdfast::notifications {

// A server of servers/ as a child process. It ends when its standard input closes: with this object, or with a test
// that crashes.
class ChildServer {
 public:
  explicit ChildServer(const std::string& script, const std::string& argument = "");
  ~ChildServer();
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  // The next line that the server reported; blocks until there is one, and is null when the server ended.
  nlohmann::json next();
  // Writes a line to its standard input and answers what it reported then.
  nlohmann::json tell(const nlohmann::json& line);
  // What it said when it was ready: its ports, its certificate.
  const nlohmann::json& ready() const { return ready_; }

 private:
  pid_t process_ = -1;
  int to_child_ = -1;
  FILE* from_child_ = nullptr;
  nlohmann::json ready_;
};

}  // namespace holdfast::notifications
