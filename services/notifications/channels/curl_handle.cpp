#include "notifications/channels/curl_handle.h"

#include <array>
#include <cstdlib>
#include <new>

namespace holdfast::notifications {

void CurlList::add(const std::string& line) {
  auto* longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list_.release();
  list_.reset(longer);
}

CurlHandle new_curl_handle() {
  // Threads may race for the first handle; a local static is set up once. It is never taken down: handles of worker
  // threads may outlive any place where that could be done.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CurlHandle handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle) std::abort();
  return handle;
}

CURLcode perform(CURL* handle, std::string& detail) {
  std::array<char, CURL_ERROR_SIZE> words{};
  set_option(handle, CURLOPT_ERRORBUFFER, words.data());
  const CURLcode code = curl_easy_perform(handle);
  set_option(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  detail.clear();
  if (code != CURLE_OK) detail = words[0] != '\0' ? words.data() : curl_easy_strerror(code);
  return code;
}

void set_common_options(CURL* handle, const std::string& ca_file, long connect_timeout_ms, long total_timeout_ms) {
  set_option(handle, CURLOPT_NOSIGNAL, 1L);
  set_option(handle, CURLOPT_PROXY, "");
  set_option(handle, CURLOPT_NOPROXY, "*");
  set_option(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set_option(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set_option(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) set_option(handle, CURLOPT_CAINFO, ca_file.c_str());
  set_option(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  set_option(handle, CURLOPT_TIMEOUT_MS, total_timeout_ms);
}

}  // namespace holdfast::notifications
