#include "runtime/metrics/admin_server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>
#include <thread>

namespace holdfast::metrics {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr int most_connections = 16;
constexpr size_t longest_header_bytes = 4 << 10;
// When nothing can be accepted (no file descriptors left), before trying again.
constexpr auto accept_pause_ms = 100ms;

constexpr auto plain = "text/plain; charset=utf-8";
constexpr auto prometheus_text = "text/plain; version=0.0.4; charset=utf-8";
constexpr auto json = "application/json";

struct Page {
  http::status status;
  const char* type;
  std::string body;
};

Page readiness_page(const Readiness::Report& report) {
  nlohmann::ordered_json page{
      {"ready", report.ready}, {"draining", report.draining}, {"checks", nlohmann::ordered_json::array()}};
  for (const auto& check : report.checks) {
    auto& entry = page["checks"].emplace_back(nlohmann::ordered_json{{"name", check.name}, {"ready", check.ready}});
    if (!check.ready) entry["message"] = check.message;
  }
  return {report.ready ? http::status::ok : http::status::service_unavailable, json,
          page.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"};
}

}  // namespace

class AdminServer::Listener {
 public:
  Listener(Registry registry, const Readiness& readiness, std::function<std::string()> configz)
      : registry_(std::move(registry)), readiness_(readiness), configz_(std::move(configz)) {}

  ~Listener() { context_.stop(); }

  Result<> listen(const Options& options) {
    const std::string where = options.address + " port " + std::to_string(options.port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return fail(Reason::address_unavailable, "'" + options.address + "' is no IP address to listen on");
    const tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(most_connections, error);
    if (error) return fail(Reason::address_unavailable, "cannot listen on " + where + ": " + error.message());
    connection_timeout_ = options.connection_timeout_ms;
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::jthread([this] { context_.run(); });
    return {};
  }

  std::uint16_t port() const { return port_; }

 private:
  asio::awaitable<void> accept() {
    asio::steady_timer pause(context_);
    for (;;) {
      boost::system::error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) {
        pause.expires_after(accept_pause_ms);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      } else if (connections_ < most_connections) {
        ++connections_;
        asio::co_spawn(context_, serve(std::move(socket)), [this](std::exception_ptr) { --connections_; });
      }
    }
  }

  // One request a connection: probes and scrapes are seconds apart.
  asio::awaitable<void> serve(tcp::socket socket) {
    beast::tcp_stream stream(std::move(socket));
    stream.expires_after(connection_timeout_);
    beast::flat_buffer buffer(longest_header_bytes);
    http::request_parser<http::empty_body> parser;
    boost::system::error_code error;
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    if (error == http::error::end_of_stream || error == beast::error::timeout) co_return;
    const auto page = error ? Page{http::status::bad_request, plain, "not a request that is served here\n"}
                            : answer(parser.get().method(), parser.get().target());

    http::response<http::string_body> response(page.status, 11);
    response.set(http::field::content_type, page.type);
    response.set(http::field::cache_control, "no-store");
    if (page.status == http::status::method_not_allowed) response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(false);
    response.content_length(page.body.size());
    if (parser.get().method() != http::verb::head) response.body() = page.body;
    co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
    stream.socket().shutdown(tcp::socket::shutdown_send, error);
  }

  Page answer(http::verb method, beast::string_view target) const {
    if (method != http::verb::get && method != http::verb::head) {
      return {http::status::method_not_allowed, plain, "only GET and HEAD\n"};
    }
    const auto path = target.substr(0, target.find('?'));
    try {
      if (path == "/metrics") return {http::status::ok, prometheus_text, registry_.text()};
      if (path == "/healthz") return {http::status::ok, plain, "ok\n"};
      if (path == "/readyz") return readiness_page(readiness_.report());
      if (path == "/configz") return {http::status::ok, json, configz_() + "\n"};
    } catch (const std::exception& problem) {
      return {http::status::internal_server_error, plain, std::string(problem.what()) + "\n"};
    }
    return {http::status::not_found, plain, "/metrics /healthz /readyz /configz\n"};
  }

  const Registry registry_;
  const Readiness& readiness_;
  const std::function<std::string()> configz_;
  int connections_ = 0;  // only the thread below
  std::uint16_t port_ = 0;
  std::chrono::milliseconds connection_timeout_{};
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  std::jthread thread_;
};

AdminServer::AdminServer(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
AdminServer::~AdminServer() = default;

std::uint16_t AdminServer::port() const { return listener_->port(); }

Result<std::unique_ptr<AdminServer>> AdminServer::start(const Options& options, Registry registry,
                                                        const Readiness& readiness,
                                                        std::function<std::string()> configz) {
  auto listener = std::make_unique<Listener>(std::move(registry), readiness, std::move(configz));
  CHECK_OK(listener->listen(options));
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(listener)));
}

}  // namespace holdfast::metrics
