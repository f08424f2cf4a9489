#include "runtime/rpc/tls.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <fstream>
#include <sstream>

namespace holdfast::rpc {
namespace {

Result<std::string> contents(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.view().empty()) return fail(Reason::setting_invalid, "cannot read the TLS file " + path);
  return text.str();
}

}  // namespace

Result<std::shared_ptr<grpc::ServerCredentials>> server_credentials(const TlsFiles& files) {
  grpc::SslServerCredentialsOptions options(files.authorities.empty()
                                                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto certificate = TRY(contents(files.certificate));
  auto private_key = TRY(contents(files.private_key));
  auto authorities = TRY(contents(files.authorities));
  options.pem_key_cert_pairs.push_back({std::move(private_key), std::move(certificate)});
  options.pem_root_certs = std::move(authorities);
  return grpc::SslServerCredentials(options);
}

Result<std::shared_ptr<grpc::ChannelCredentials>> channel_credentials(const TlsFiles& files) {
  grpc::SslCredentialsOptions options;
  options.pem_cert_chain = TRY(contents(files.certificate));
  options.pem_private_key = TRY(contents(files.private_key));
  options.pem_root_certs = TRY(contents(files.authorities));
  return grpc::SslCredentials(options);
}

}  // namespace holdfast::rpc
