#include "runtime/testing/certificate.h"

#include <cstdlib>
#include <stdexcept>

namespace holdfast::testing {

void make_certificate(const std::string& certificate, const std::string& private_key, const std::string& bears) {
  const auto command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=holdfast "
      "-addext subjectAltName=" +
      bears + " -keyout " + private_key + " -out " + certificate + " 2> /dev/null";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl made no certificate");
}

}  // namespace holdfast::testing
