#include "runtime/app/process.h"

#include "runtime/command/remote.h"
#include "runtime/config/pages.h"
#include "runtime/log/log.h"

namespace holdfast::app {
namespace {

using config::required;

Result<Instant> start_of(const std::string& text, const Clock& clock) {
  if (text.empty()) return clock.now();
  return parse_instant(text);
}

struct ExchangeKey {
  std::string key;
};

struct ExchangedKey {
  std::string token;
};

}  // namespace
}  // namespace holdfast::app

namespace holdfast {

template <>
struct Fields<app::ExchangeKey> {
  static constexpr auto list = FieldList{Field{"key", &app::ExchangeKey::key}};
};

template <>
struct Fields<app::ExchangedKey> {
  static constexpr auto list = FieldList{Field{"token", &app::ExchangedKey::token}};
};

}  // namespace holdfast

namespace holdfast::app {

ProcessSettings::ProcessSettings(config::Settings& settings)
    : rpc(settings.section("grpc")),
      admin_address(settings.section("admin"), "address", "127.0.0.1",
                    "Address of /metrics, /healthz, /readyz, /configz."),
      admin_port(settings.section("admin"), "port", 7420, {0, 65535}, "Port of the admin pages; 0 takes a free one."),
      log_level(settings.section("log"), "level", "info", {"debug", "info", "warn", "error"}, "Least level logged."),
      log_format(settings.section("log"), "format", "automatic", {"automatic", "json", "text"},
                 "automatic: text on a terminal, JSON elsewhere."),
      kafka(settings.section("kafka")),
      redis_address(settings.section("redis"), "address", "",
                    "host:port or socket path of Redis; empty: no second cache tier."),
      signing_key_file(settings.section("auth"), "signing_key_file", required,
                       "Ed25519 private key (PEM) with which this process signs its tokens."),
      public_key_file(settings.section("auth"), "public_key_file", required,
                      "Ed25519 public key (PEM) whose tokens are trusted."),
      secrets_key_file(
          settings.section("secrets"), "key_file", "",
          "Keys that secrets at rest are encrypted with, the newest first: a line each, an id and 256 bits "
          "in base64. Needed by services that keep secrets."),
      clock_movable(settings.section("clock"), "movable", false,
                    "Whether 'holdfast clock' may move the business clock: for trials, never in production."),
      clock_start(settings.section("clock"), "start", "",
                  "Where a movable business clock starts, as 2026-01-05T09:00:00Z; empty: now. It never goes back: "
                  "an installation that has come further stays there.") {}

Process::Process() : own_(settings_) {}
Process::~Process() = default;

Result<> Process::prepare() {
  log::start({.level = *log::level_from(*own_.log_level),
              .format = *own_.log_format == "json"   ? log::Format::json
                        : *own_.log_format == "text" ? log::Format::text
                                                     : log::Format::automatic,
              .service = "holdfast"});
  registry_.set_build_info(HOLDFAST_VERSION, HOLDFAST_REVISION);
  if (*own_.clock_movable) {
    business_clock_.set_offset(TRY(start_of(*own_.clock_start, system_clock_)) - system_clock_.now());
  }
  business_time_.emplace(business_clock_, system_clock_,
                         operations::BusinessTime::Options{.movable = *own_.clock_movable});
  operations_.emplace(*business_time_, system_clock_);
  kafka_ = TRY(own_.kafka.access());
  signer_ = TRY(auth::TokenSigner::from_file(own_.signing_key_file->string()));
  auto verifier = TRY(auth::TokenVerifier::from_files({own_.public_key_file->string()}));
  authenticator_ = std::make_unique<auth::Authenticator>(
      std::move(verifier), system_clock_, [this](const Call& call, std::string_view key) -> Result<std::string> {
        if (!exchange_) return fail(Reason::dependency_unavailable, "no service that holds API keys is known");
        return exchange_(call, key);
      });
  if (peers_.contains("accounts")) exchange_ = TRY(exchange_at_accounts());
  auto serving = TRY(own_.rpc.server());
  server_ = std::make_unique<rpc::Server>(std::move(serving), *authenticator_, registry_);
  return {};
}

Result<> Process::serve() {
  admin_ = TRY(metrics::AdminServer::start(
      {.address = *own_.admin_address, .port = static_cast<std::uint16_t>(*own_.admin_port)}, registry_, readiness_,
      [this] { return config::configz(settings_); }));
  operations_->serve(server_->add_service("holdfast.operations.v1.OperationsService"));
  CHECK_OK(server_->start());
  business_time_->watch();  // last: whoever cannot serve ends its services, whose databases it looks at
  return {};
}

void Process::drain(Deadline deadline) {
  readiness_.drain();
  server_->drain(deadline);
  business_time_->stop();
}

void Process::declare_peer(const std::string& service) {
  if (peers_.contains(service)) return;  // two services of this process ask the same third
  peers_.emplace(service, config::Setting<std::string>(
                              settings_.section("peers"), service, "",
                              "gRPC target of the service " + service + "; empty: it runs in this process."));
}

Result<secrets::KeyRing> Process::key_ring() const {
  if (own_.secrets_key_file->empty()) {
    return fail(Reason::setting_invalid, own_.secrets_key_file.name() + " is needed by a service of this process");
  }
  return secrets::KeyRing::from_file(own_.secrets_key_file->string());
}

Result<rpc::Client> Process::connect(const std::string& service, const std::string& as_service) {
  auto calling = TRY(own_.rpc.client(*peers_.at(service)));
  return rpc::Client::open(std::move(calling), [this, as_service](const Call& call) -> Result<std::string> {
    const Principal self{call.who.agency, PrincipalKind::service, as_service, {"*"}};
    return "Bearer " + TRY(signer_->sign(self, system_clock_.now()));
  });
}

Result<auth::ExchangeKey> Process::exchange_at_accounts() {
  const auto client = std::make_shared<rpc::Client>(TRY(connect("accounts", "authenticator")));
  return [client](const Call& call, std::string_view key) -> Result<std::string> {
    const ExchangeKey request{std::string(key)};
    return TRY((command::call<ExchangedKey>(*client, "holdfast.accounts.v1.AgencyService/ExchangeKey", call, request)))
        .token;
  };
}

}  // namespace holdfast::app
