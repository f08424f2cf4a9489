#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace holdfast::bench {

// The other side of a measurement: this program once more, in a process of its own and on a core of its own (`core`;
// -1: any), so that what it costs can be told from what asking costs. Ends with its owner.
class Child {
 public:
  // `command` is what starts this program, such as a profiler; empty: nothing.
  Child(std::vector<std::string> command, const std::string& served, int core);
  ~Child();
  Child(const Child&) = delete;

  const std::string& address() const { return address_; }
  const std::string& authorization() const { return authorization_; }  // that it accepts
  double cpu_seconds() const;                                          // that it has used so far, with all its threads
  void end();                                                          // and waits

 private:
  pid_t pid_ = 0;
  int ends_ = -1;  // closing it ends the child
  std::string address_;
  std::string authorization_;
};

// Keeps this process, with the threads that it starts from here on, to a core; -1: any.
void stay_on(int core);
// The two sides' cores; -1 where there is only one.
int core_of_server();
int core_of_client();

}  // namespace holdfast::bench
