#include "notifications/channels/tests/network_watch.h"

#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <mutex>

namespace holdfast::notifications {
namespace {

std::mutex watching;

template <class Function>
Function* next_definition(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

NetworkWatch& network_watch() {
  static NetworkWatch watch;
  return watch;
}

}  // namespace holdfast::notifications

using holdfast::notifications::network_watch;
using holdfast::notifications::next_definition;
using holdfast::notifications::watching;

// Definitions in the program come before those of the C library, for libcurl too.

extern "C" int connect(int descriptor, const sockaddr* address, socklen_t length) {
  static auto* const real = next_definition<decltype(connect)>("connect");
  if (address->sa_family == AF_INET || address->sa_family == AF_INET6) {
    const std::lock_guard lock(watching);
    ++network_watch().connections;
  }
  return real(descriptor, address, length);
}

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
  static auto* const real = next_definition<decltype(getaddrinfo)>("getaddrinfo");
  std::vector<std::string> addresses;
  {
    const std::lock_guard lock(watching);
    ++network_watch().lookups;
    const auto answer = network_watch().answers.find(name);
    if (answer != network_watch().answers.end()) addresses = answer->second;
  }
  if (addresses.empty()) return real(name, service, hints, result);
  addrinfo numeric = *hints;
  numeric.ai_family = AF_UNSPEC;
  numeric.ai_flags = AI_NUMERICHOST;
  addrinfo** end = result;
  for (const auto& address : addresses) {
    if (const int failed = real(address.c_str(), service, &numeric, end); failed != 0) return failed;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return 0;
}
