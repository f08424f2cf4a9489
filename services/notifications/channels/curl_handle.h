#pragma once

#include <curl/curl.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace holdfast::notifications {

struct CurlEasyCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct CurlListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct CurlMimeCloser {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};

// One transfer at a time; its connections stay open between transfers. Used by one thread at a time.
using CurlHandle = std::unique_ptr<CURL, CurlEasyCloser>;
using CurlMime = std::unique_ptr<curl_mime, CurlMimeCloser>;

// A list of lines that curl borrows for the length of a transfer.
class CurlList {
 public:
  void add(const std::string& line);
  curl_slist* get() const { return list_.get(); }

 private:
  std::unique_ptr<curl_slist, CurlListCloser> list_;
};

// Any thread. The first call sets the library up for the life of the process. Without memory the process ends.
CurlHandle new_curl_handle();

// Sets an option that cannot fail with our build of curl; that it does is our bug and ends the process.
template <class Value>
void set_option(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) std::abort();
}

// Runs the transfer on the calling thread, which blocks until the handle's own timeouts end it. `detail` becomes curl's
// own words about a failure, empty after success.
CURLcode perform(CURL* handle, std::string& detail);

// What applies to every transfer of ours: no signals, no proxy whatever the environment says, no redirects,
// certificates verified against `ca_file` (empty: the system's), TLS 1.2 or newer.
void set_common_options(CURL* handle, const std::string& ca_file, long connect_timeout_ms, long total_timeout_ms);

}  // namespace holdfast::notifications
