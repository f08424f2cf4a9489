#pragma once

#include <memory>
#include <string>

#include "runtime/core/result.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace holdfast::rpc {

// PEM files, read once at start.
struct TlsFiles {
  std::string certificate;  // our own chain
  std::string private_key;
  std::string authorities;  // who may sign the other side's certificate; a server that has some demands one (mTLS)
};

Result<std::shared_ptr<grpc::ServerCredentials>> server_credentials(const TlsFiles& files);
// A client's own certificate is optional.
Result<std::shared_ptr<grpc::ChannelCredentials>> channel_credentials(const TlsFiles& files);

}  // namespace holdfast::rpc
