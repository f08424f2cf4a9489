#include "runtime/rpc/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace holdfast::rpc {
namespace {

// Of the process's file descriptors, those that are not for callers: databases, Kafka, Redis, targets, files.
constexpr rlim_t kept_descriptors = 256;
// When nothing can be accepted (no descriptors left after all), before trying again.
constexpr auto accept_pause_ms = std::chrono::milliseconds(100);
constexpr int backlog = 1024;
constexpr std::string_view path_scheme = "unix:";

Error cannot_listen(const std::string& address, const std::string& why) {
  return fail(Reason::setting_invalid, "cannot listen on " + address + ": " + why);
}

Result<int> bound(const std::string& address, int family, const sockaddr* where, socklen_t length) {
  const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (made >= 0 && family != AF_UNIX) {
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // what is accepted inherits it
  }
  if (made >= 0 && ::bind(made, where, length) == 0 && ::listen(made, backlog) == 0) return made;
  const auto error = cannot_listen(address, std::strerror(errno));
  if (made >= 0) ::close(made);
  return error;
}

Result<int> bound_path(const std::string& address) {
  const auto path = address.substr(path_scheme.size());
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.size() >= sizeof where.sun_path) return cannot_listen(address, "the path is too long");
  std::memcpy(where.sun_path, path.c_str(), path.size());
  struct stat left {};
  if (::lstat(path.c_str(), &left) == 0 && S_ISSOCK(left.st_mode)) ::unlink(path.c_str());  // by a process that died
  return bound(address, AF_UNIX, reinterpret_cast<const sockaddr*>(&where), sizeof where);
}

Result<int> bound_port(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return cannot_listen(address, "it names no port");
  auto host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto failed = ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (failed != 0) return cannot_listen(address, ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  auto result = bound(address, found->ai_family, found->ai_addr, found->ai_addrlen);
  for (const auto* next = found->ai_next; !result && next != nullptr; next = next->ai_next) {
    result = bound(address, next->ai_family, next->ai_addr, next->ai_addrlen);
  }
  return result;
}

int port_of(int socket) {
  sockaddr_storage where{};
  socklen_t length = sizeof where;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &length);
  if (where.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(where).sin_port);
  if (where.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(where).sin6_port);
  return 0;
}

// A descriptor has the lowest number that is free, so the number says how many are in use.
bool is_for_callers(int descriptor) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<rlim_t>(descriptor) < limit.rlim_cur - std::min(kept_descriptors, limit.rlim_cur / 2);
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(const std::string& address) {
  const int socket = TRY(address.starts_with(path_scheme) ? bound_path(address) : bound_port(address));
  return std::unique_ptr<Listener>(new Listener(socket));
}

Listener::Listener(int socket) : socket_(socket), port_(port_of(socket)) {}

Listener::~Listener() {
  stop();
  ::close(socket_);
}

void Listener::serve(std::unique_ptr<Acceptor> acceptor, metrics::Counter refused) {
  acceptor_ = std::move(acceptor);
  thread_ = std::jthread([this, refused](const std::stop_token& stop) { accept(stop, refused); });
}

void Listener::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  ::shutdown(socket_, SHUT_RDWR);  // wakes accept
  thread_.join();
}

void Listener::accept(const std::stop_token& stop, metrics::Counter refused) {
  while (!stop.stop_requested()) {
    const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        std::this_thread::sleep_for(accept_pause_ms);
      }
    } else if (!is_for_callers(accepted)) {
      ::close(accepted);
      refused.add();
    } else {
      Acceptor::NewConnectionParameters connection;
      connection.listener_fd = socket_;
      connection.fd = accepted;
      acceptor_->HandleNewConnection(&connection);
    }
  }
}

}  // namespace holdfast::rpc
