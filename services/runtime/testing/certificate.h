#pragma once

#include <string>

namespace holdfast::testing {

// Writes a certificate that vouches for itself, two days long, and its key, by openssl's command. `bears` is whom it is
// good for: "IP:127.0.0.1", "DNS:tickets.holdfast".
void make_certificate(const std::string& certificate, const std::string& private_key,
                      const std::string& bears = "IP:127.0.0.1");

}  // namespace holdfast::testing
