#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "command_line/verb.h"

namespace holdfast::command_line {

// What the program finds around itself.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  std::map<std::string, std::string> environment;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// All of main() but the process: reads the arguments, runs the verb that they name.
Exit run(const std::vector<std::string>& arguments, const Surroundings& surroundings);

}  // namespace holdfast::command_line
