#pragma once

#include <map>
#include <string>
#include <vector>

namespace holdfast::notifications {

// Stands between libcurl and the C library in this test program: what names resolve to is the test's to say (a hostile
// resolver cannot be had otherwise), and every connection that is attempted to an Internet address is counted, whoever
// attempts it and however the socket came to be.
struct NetworkWatch {
  std::map<std::string, std::vector<std::string>> answers;  // a name not in here is resolved as usual
  int connections = 0;
  int lookups = 0;
};

// The one of this process; curl's resolver threads use it while a transfer runs, and the test between transfers.
NetworkWatch& network_watch();

}  // namespace holdfast::notifications
