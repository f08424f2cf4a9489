#include "runtime/testing/listening_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace holdfast::testing {

ListeningPort::ListeningPort() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_, general, size) != 0 || ::listen(socket_, 8) != 0 || ::getsockname(socket_, general, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  number_ = ntohs(address.sin_port);
}

ListeningPort::~ListeningPort() { ::close(socket_); }

}  // namespace holdfast::testing
