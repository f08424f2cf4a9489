#include "command_line/installation.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/auth/keys.h"
#include "runtime/auth/token.h"
#include "runtime/core/clock.h"

namespace holdfast::command_line {
namespace {

using nlohmann::json;

constexpr auto signing_key = "signing_key.pem";
constexpr auto agency_key_file = "agency.key";

Result<json> description_in(const std::filesystem::path& state) {
  const auto path = state / "holdfast.json";
  std::ifstream file(path);
  if (!file) return fail(Reason::nothing_running, "nothing runs here: there is no " + path.string());
  const auto parsed = json::parse(file, nullptr, false);
  const auto addresses = parsed.is_object() ? parsed.find("addresses") : parsed.end();
  if (addresses == parsed.end() || !addresses->is_object()) {
    return fail(Reason::nothing_running, path.string() + " does not say what runs");
  }
  return *addresses;
}

bool can_read(const std::filesystem::path& path) { return std::ifstream(path).good(); }

}  // namespace

Result<std::string> Installation::described(const std::string& kind, const std::string& name) const {
  const auto addresses = TRY(description_in(options_.state));
  const auto pointer = json::json_pointer("/" + kind + (name.empty() ? "" : "/" + name));
  if (!addresses.contains(pointer) || !addresses.at(pointer).is_string()) {
    return fail(Reason::nothing_running,
                (options_.state / "holdfast.json").string() + " names no address of " + (name.empty() ? kind : name));
  }
  return addresses.at(pointer).get<std::string>();
}

Result<std::string> Installation::address_of(const std::string& service) const {
  if (!options_.server.empty()) return options_.server;
  return described("grpc", service);
}

Result<std::vector<std::string>> Installation::addresses() const {
  if (!options_.server.empty()) return std::vector{options_.server};
  const auto addresses = TRY(description_in(options_.state));
  const auto grpc = addresses.value("grpc", json::object());
  std::set<std::string> each;
  for (const auto& address : grpc) {
    if (address.is_string()) each.insert(address.get<std::string>());
  }
  if (each.empty()) return fail(Reason::nothing_running, "holdfast.json names no gRPC address");
  return std::vector(each.begin(), each.end());
}

Result<std::string> Installation::brokers() const {
  if (!options_.brokers.empty()) return options_.brokers;
  return described("kafka", "");
}

Result<rpc::Authorization> Installation::authorization(Identity identity, const Clock& clock) const {
  const auto signing = key_file(signing_key);
  if (identity == Identity::installation || (identity == Identity::operations && can_read(signing))) {
    return [&clock, signer = TRY(auth::TokenSigner::from_file(signing.string()))](const Call&) -> Result<std::string> {
      const Principal self{AgencyId{}, PrincipalKind::service, "command-line", {"*"}};
      return "Bearer " + TRY(signer.sign(self, clock.now()));
    };
  }
  const auto key = TRY(agency_key());
  return [key](const Call&) -> Result<std::string> { return "Bearer " + key; };
}

Result<std::string> Installation::agency_key() const {
  if (!options_.key.empty()) return options_.key;
  const auto path = key_file(agency_key_file);
  if (!can_read(path)) return fail(Reason::key_missing, "no key to call with: there is no " + path.string());
  auto key = TRY(auth::read_key_file(path.string()));
  while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back()))) key.pop_back();
  return key;
}

Result<rpc::Client> Installation::connect(const std::string& address, Identity identity) const {
  static const SystemClock clock;
  auto authorization = TRY(this->authorization(identity, clock));
  rpc::ClientSettings settings{.target = address};
  const auto& tls = options_.tls;
  if (tls.certificate.empty() != tls.private_key.empty()) {
    return fail(Reason::setting_invalid, "certificate", "a certificate and its private key come together");
  }
  if (!tls.certificate.empty() && tls.authorities.empty()) {
    return fail(Reason::setting_invalid, "authorities",
                "TLS is spoken once it is known who signs the server's certificate");
  }
  if (!tls.authorities.empty()) settings.tls = tls;
  return rpc::Client::open(std::move(settings), std::move(authorization));
}

}  // namespace holdfast::command_line
