#include "runtime/events/received.h"

#include <gtest/gtest.h>

#include <map>

namespace holdfast::events {
namespace {

using Headers = std::map<std::string, std::string, std::less<>>;

Headers good_headers() {
  return {{"ce_id", "0195b0c8-0000-7000-8000-000000000009"},
          {"ce_agency", "0195b0c8-0000-7000-8000-000000000008"},
          {"ce_sequence", "42"},
          {"ce_time", "2026-01-05T09:00:00Z"},
          {"ce_type", "holdfast.ticket-opened.v1"},
          {"ce_requestid", "r/1{a}"},
          {"ce_traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}};
}

Result<Event> read(const Headers& headers, std::string_view key = "a") {
  const auto header = [&](const char* name) -> std::string_view {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : found->second;
  };
  return read_event(header, "holdfast.tickets", key, "");
}

// Whoever writes to Kafka decides what stands there; a subscriber's parser must not fail on it, and no attribute may
// be taken for another.
TEST(Received, ALetterThatJsonWouldEscapeIsRefusedWhereverItStands) {
  const auto good = read(good_headers());
  ASSERT_TRUE(good) << describe(good.error());
  for (const char* odd : {R"(a","agency":"b)", R"(a\)", "a b", "a\n", "\xc3\xa9"}) {
    for (const char* name : {"ce_type", "ce_requestid", "ce_traceparent"}) {
      auto headers = good_headers();
      headers[name] = odd;
      EXPECT_EQ(read(headers).error().fields.at(0).field, name) << odd;
    }
    EXPECT_EQ(read(good_headers(), odd).error().fields.at(0).field, "key") << odd;
  }
}

}  // namespace
}  // namespace holdfast::events
