#include "runtime/rpc/client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "runtime/rpc/retry_budget.h"
#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

// Counts the attempts: each asks for its authorization.
struct CountingClient {
  std::atomic<int> attempts{0};
  Client client;

  CountingClient(const EchoServer& echo, std::string target)
      : client(*Client::open({.target = std::move(target)}, [&echo, this](const Call&) -> Result<std::string> {
          ++attempts;
          return echo.token({reader.agency, PrincipalKind::service, "other", {"*"}});
        })) {}

  Result<EchoResponse> call(const std::string& method, const Call& call = patient_call()) const {
    return client.call<EchoResponse>(method, call, saying("hello"));
  }
};

// Of each method, after as many attempts as it may have.
void expect_an_unknown_outcome(const EchoServer& echo) {
  CountingClient reading(echo, echo.address());
  EXPECT_EQ(reading.call(read_method).error().reason, Reason::outcome_unknown);
  EXPECT_EQ(reading.attempts, 3);
  CountingClient writing(echo, echo.address());
  EXPECT_EQ(writing.call(write_method).error().reason, Reason::outcome_unknown);
  EXPECT_EQ(writing.attempts, 1);
}

TEST(Client, RepeatsWhatMayBeRepeatedAndNothingElse) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    return fail(Reason::database_unavailable, "no database");
  };
  ASSERT_TRUE(echo.start());
  CountingClient reading(echo, echo.address());
  EXPECT_EQ(reading.call(read_method).error().reason, Reason::database_unavailable);
  EXPECT_EQ(reading.attempts, 3);
  EXPECT_EQ(echo.handled, 3);
  CountingClient writing(echo, echo.address());
  EXPECT_EQ(writing.call(write_method).error().reason, Reason::database_unavailable);
  EXPECT_EQ(writing.attempts, 1);
}

TEST(Client, RepeatsNoMoreThanATenthOfItsCallsOnceItHasSpentTen) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    return fail(Reason::database_unavailable, "no database");
  };
  ASSERT_TRUE(echo.start());
  const CountingClient client(echo, echo.address());
  constexpr int calls = 41;  // the first finds the budget full
  for (int call = 0; call < calls; ++call) ASSERT_FALSE(client.call(read_method));
  EXPECT_EQ(client.attempts, calls + 10 + calls / 10);
}

TEST(Client, SavesNoMoreThanTenRepeats) {
  RetryBudget budget;
  for (int call = 0; call < 1000; ++call) budget.called();
  int repeats = 0;
  while (budget.take()) ++repeats;
  EXPECT_EQ(repeats, 10);
}

TEST(Client, RepeatsOnlyWhatWasUnavailable) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> { return fail(Reason::write_conflict, "again"); };
  ASSERT_TRUE(echo.start());
  CountingClient client(echo, echo.address());
  EXPECT_EQ(client.call(read_method).error().reason, Reason::write_conflict);
  EXPECT_EQ(client.attempts, 1);
}

TEST(Client, AnUnknownOutcomeIsRepeatedHereAndByNoStockClient) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    return fail(Reason::outcome_unknown, "cut off");
  };
  ASSERT_TRUE(echo.start());
  EXPECT_EQ(echo.send(greet_method, "", "").error_code(), grpc::StatusCode::ABORTED) << "UNAVAILABLE is repeated";
  expect_an_unknown_outcome(echo);
}

TEST(Client, ASecondAttemptMaySucceed) {
  EchoServer echo;
  echo.handle = [&](Call&, const EchoRequest& request) -> Result<EchoResponse> {
    if (echo.handled == 1) return fail(Reason::database_unavailable, "not yet");
    EchoResponse response;
    response.set_text(request.text());
    return response;
  };
  ASSERT_TRUE(echo.start());
  CountingClient client(echo, echo.address());
  const auto response = client.call(read_method);
  ASSERT_TRUE(response) << describe(response.error());
  EXPECT_EQ(response->text(), "hello");
}

TEST(Client, DoesNotWaitForAnAttemptBeyondTheDeadline) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    return fail(Reason::database_unavailable, "no database");
  };
  ASSERT_TRUE(echo.start());
  CountingClient client(echo, echo.address());
  Call call = patient_call();
  call.deadline = std::chrono::steady_clock::now() - 1s;
  EXPECT_EQ(client.call(read_method, call).error().reason, Reason::deadline_exceeded);
  EXPECT_EQ(client.attempts, 1);
}

TEST(Client, DoesNotRepeatForACallerThatWentAway) {
  EchoServer echo;
  std::stop_source caller;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    caller.request_stop();
    return fail(Reason::database_unavailable, "no database");
  };
  ASSERT_TRUE(echo.start());
  CountingClient client(echo, echo.address());
  Call call = patient_call();
  call.stop = caller.get_token();
  EXPECT_FALSE(client.call(read_method, call));
  EXPECT_EQ(client.attempts, 1);
}

TEST(Client, WhatTheServerCancelledIsAnUnknownOutcome) {
  EchoServer echo;
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> { return fail(Reason::cancelled, "at its end"); };
  ASSERT_TRUE(echo.start());
  expect_an_unknown_outcome(echo);  // which makes no event poison
}

TEST(Client, WhatItsCallerCancelledIsCancelled) {
  EchoServer echo;
  std::stop_source caller;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    caller.request_stop();
    return fail(Reason::cancelled, "gone");
  };
  ASSERT_TRUE(echo.start());
  CountingClient client(echo, echo.address());
  Call call = patient_call();
  call.stop = caller.get_token();
  EXPECT_EQ(client.call(read_method, call).error().reason, Reason::cancelled);
  EXPECT_EQ(client.attempts, 1);
}

TEST(Client, SaysSoWhenNobodyIsThere) {
  EchoServer echo;
  CountingClient client(echo, "127.0.0.1:1");  // tcpmux: nobody listens
  EXPECT_EQ(client.call(write_method).error().reason, Reason::dependency_unavailable);
}

TEST(Client, FindsAServerByNameAndOverAUnixSocket) {
  EchoServer named;
  ASSERT_TRUE(named.start());
  CountingClient by_name(named, "dns:///localhost:" + std::to_string(named.server->port()));
  EXPECT_TRUE(by_name.call(read_method));

  const std::string path = "/tmp/holdfast-rpc-" + std::to_string(getpid());
  EchoServer local;
  ASSERT_TRUE(local.start({.address = "unix:" + path}));
  CountingClient by_path(local, "unix:" + path);
  EXPECT_TRUE(by_path.call(read_method));
  local.server.reset();
  std::filesystem::remove(path);
}

TEST(Client, AnAuthorizationThatCannotBeHadIsTheAnswer) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const Client client = *Client::open({.target = echo.address()}, [](const Call&) -> Result<std::string> {
    return fail(Reason::credentials_missing, "no key is configured");
  });
  EXPECT_EQ(client.call<EchoResponse>(read_method, patient_call(), saying("")).error().reason,
            Reason::credentials_missing);
  EXPECT_EQ(echo.handled, 0);
}

}  // namespace
}  // namespace holdfast::rpc::tests
