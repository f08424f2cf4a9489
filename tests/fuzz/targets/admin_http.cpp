// The HTTP of the admin port, over a real connection: what is sent, an answer or none; then the next is served.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "runtime/metrics/admin_server.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace holdfast;
using fuzz::require;

metrics::AdminServer& server() {
  static auto* const readiness = new metrics::Readiness;
  static auto* const running =
      metrics::AdminServer::start({}, metrics::Registry(), *readiness, [] { return std::string("{}"); })->release();
  return *running;
}

std::string answer_to(std::string_view request) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server().port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // From another address each time: ports that wait for stragglers run out, and the machine's other programs need some.
  static std::uint32_t connections = 0;
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + connections++ % 65'000);
  require(bind(connection, reinterpret_cast<sockaddr*>(&own), sizeof own) == 0, "there is a port to call from");
  // The fuzzer's clock interrupts what blocks. Linux goes on with such a connect when it is asked again.
  const auto connected = TEMP_FAILURE_RETRY(connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address));
  require(connected == 0, "the port is open", std::strerror(errno));
  (void)TEMP_FAILURE_RETRY(send(connection, request.data(), request.size(), MSG_NOSIGNAL));
  shutdown(connection, SHUT_WR);
  std::string answer;
  std::array<char, 4096> piece;
  const auto receive = [&] { return TEMP_FAILURE_RETRY(recv(connection, piece.data(), piece.size(), 0)); };
  for (ssize_t got = 0; (got = receive()) > 0;) answer.append(piece.data(), got);
  // Closed at once, and not kept waiting by the kernel: a run opens millions.
  const linger now{1, 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(connection);
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto answer = answer_to(fuzz::text_of(data, size));
  require(answer.empty() || answer.starts_with("HTTP/1.1 "), "an answer is HTTP", answer);
  static int requests = 0;
  if (++requests % 64 == 1) {
    require(answer_to("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 200"), "the next is served");
  }
  return 0;
}
