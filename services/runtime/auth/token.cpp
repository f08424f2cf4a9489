#include "runtime/auth/token.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/auth/base64url.h"
#include "runtime/auth/keys.h"
#include "runtime/core/limits.h"

namespace holdfast::auth {
namespace {

using nlohmann::json;

constexpr size_t signature_bytes = 64;
constexpr std::string_view issuer = "holdfast";

std::int64_t seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

bool signed_by(const Key& key, std::string_view text, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

std::string signature_of(const Key& key, std::string_view text) {
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string signature(signature_bytes, '\0');
  size_t length = signature.size();
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), out, &length, bytes(text), text.size()) != 1) {
    std::abort();  // memory is exhausted, or the key is not what the constructor checked
  }
  return signature;
}

constexpr std::array<std::pair<PrincipalKind, std::string_view>, 3> kinds{{
    {PrincipalKind::user, "user"},
    {PrincipalKind::integration, "integration"},
    {PrincipalKind::service, "service"},
}};

std::string_view name_of(PrincipalKind kind) {
  for (const auto& [known, name] : kinds) {
    if (known == kind) return name;
  }
  std::abort();
}

std::optional<PrincipalKind> kind_of(std::string_view name) {
  for (const auto& [kind, known] : kinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

// One text for everything that is wrong with a token, so that an answer tells a forger nothing.
Error refused(std::source_location at = std::source_location::current()) {
  return fail(Reason::credentials_invalid, "the token is not valid here", at);
}

struct Parts {
  std::string_view header;
  std::string_view signed_text;  // header.payload
  std::string_view payload;
  std::string_view signature;
};

std::optional<Parts> split(std::string_view token) {
  const size_t first = token.find('.');
  const size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(0, second), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

std::optional<json> decoded_object(std::string_view base64url) {
  const std::optional<std::string> text = from_base64url(base64url);
  if (!text) return std::nullopt;
  json object = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  return object;
}

std::optional<std::string> text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<std::int64_t> number_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

std::optional<std::vector<std::string>> texts_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const json& element : *found) {
    if (!element.is_string()) return std::nullopt;
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

Result<Principal> principal_in(const json& claims) {
  const auto subject = text_at(claims, "sub");
  const auto agency = text_at(claims, "agency");
  const auto kind_name = text_at(claims, "kind");
  auto permissions = texts_at(claims, "permissions");
  if (!subject || subject->empty() || !agency || !kind_name || !permissions) return refused();
  const auto agency_uuid = parse_uuid(*agency);
  const auto kind = kind_of(*kind_name);
  if (!agency_uuid || !kind) return refused();
  return Principal{AgencyId{*agency_uuid}, *kind, *subject, Permissions(*std::move(permissions))};
}

// Called only after the signature has been found right: a token's age is told to nobody else.
Result<Identity> identity_in(const json& claims, Instant now) {
  const auto issued = number_at(claims, "iat");
  const auto expires = number_at(claims, "exp");
  if (text_at(claims, "iss") != issuer || !issued || !expires) return refused();
  // Compared before anything is computed from them: a claim may be any 64-bit number.
  const std::int64_t now_s = seconds(now);
  if (*issued > now_s + clock_leeway.count()) return refused();
  if (*expires <= now_s) return fail(Reason::token_expired, "the token has expired");
  if (*expires > now_s + clock_leeway.count() + std::chrono::seconds(token_lifetime).count()) return refused();
  if (*issued < *expires - std::chrono::seconds(token_lifetime).count()) return refused();
  auto who = TRY(principal_in(claims));
  return Identity{std::move(who), Instant(std::chrono::seconds(*expires))};
}

}  // namespace

TokenSigner::TokenSigner(Key key) : key_(std::move(key)), key_id_(thumbprint(key_)) {}

Result<TokenSigner> TokenSigner::from_pem(std::string_view private_key_pem) {
  auto key = TRY(private_key_from_pem(private_key_pem));
  return TokenSigner(std::move(key));
}

Result<TokenSigner> TokenSigner::from_file(const std::string& private_key_path) {
  const std::string pem = TRY(read_key_file(private_key_path));
  return from_pem(pem);
}

TokenSigner TokenSigner::with_new_key() { return TokenSigner(new_private_key()); }

std::string TokenSigner::private_key_pem() const { return private_pem(key_); }

std::string TokenSigner::public_key_pem() const { return public_pem(key_); }

Result<std::string> TokenSigner::sign(const Principal& who, Instant now) const {
  const json header{{"alg", "EdDSA"}, {"kid", key_id_}, {"typ", "JWT"}};
  const json claims{{"iss", issuer},
                    {"sub", who.id},
                    {"agency", to_string(who.agency)},
                    {"kind", name_of(who.kind)},
                    {"permissions", who.permissions.names()},
                    {"iat", seconds(now)},
                    {"exp", seconds(now) + std::chrono::seconds(token_lifetime).count()}};
  // Text that is not UTF-8 cannot be in a token; replacing it keeps dump() from throwing.
  const auto encoded = [](const json& object) {
    return to_base64url(object.dump(-1, ' ', false, json::error_handler_t::replace));
  };
  std::string token = encoded(header) + "." + encoded(claims);
  token += "." + to_base64url(signature_of(key_, token));
  if (token.size() > token_limit_bytes) {
    return fail(Reason::field_too_long, "permissions",
                "the permissions do not fit into a token of " + bytes_text(token_limit_bytes));
  }
  return token;
}

Result<TokenVerifier> TokenVerifier::from_pems(const std::vector<std::string>& public_key_pems) {
  TokenVerifier verifier;
  for (const std::string& pem : public_key_pems) {
    auto key = TRY(public_key_from_pem(pem));
    std::string id = thumbprint(key);
    verifier.keys_.emplace(std::move(id), std::move(key));
  }
  if (verifier.keys_.empty()) return fail(Reason::setting_invalid, "no public key is given to verify tokens with");
  return verifier;
}

Result<TokenVerifier> TokenVerifier::from_files(const std::vector<std::string>& public_key_paths) {
  std::vector<std::string> pems;
  for (const std::string& path : public_key_paths) {
    auto pem = TRY(read_key_file(path));
    pems.push_back(std::move(pem));
  }
  return from_pems(pems);
}

Result<Identity> TokenVerifier::verify(std::string_view token, Instant now) const {
  if (token.size() > token_limit_bytes) return refused();
  const std::optional<Parts> parts = split(token);
  if (!parts) return refused();
  const std::optional<json> header = decoded_object(parts->header);
  if (!header || text_at(*header, "alg") != "EdDSA") return refused();
  // "crit" names extensions that a verifier must understand (RFC 7515, 4.1.11); we understand none.
  if (header->contains("crit")) return refused();
  const auto key = keys_.find(text_at(*header, "kid").value_or(""));
  if (key == keys_.end()) return refused();
  const std::optional<std::string> signature = from_base64url(parts->signature);
  if (!signature || signature->size() != signature_bytes) return refused();
  if (!signed_by(key->second, parts->signed_text, *signature)) return refused();
  const std::optional<json> claims = decoded_object(parts->payload);
  if (!claims) return refused();
  return identity_in(*claims, now);
}

}  // namespace holdfast::auth
