#include "runtime/rpc/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "runtime/auth/api_key.h"
#include "runtime/rpc/status.h"
#include "runtime/rpc/tests/echo_server.h"

namespace holdfast::rpc::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::future<Result<EchoResponse>> in_background(const EchoServer& echo, std::string text) {
  return std::async(std::launch::async, [&echo, text = std::move(text)] {
    return echo.client().call<EchoResponse>(read_method, patient_call(), saying(text));
  });
}

TEST(Server, AnswersAndCarriesTheCallThrough) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  Call call = patient_call();
  call.request_id = "order-17";
  call.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto response = echo.client().call<EchoResponse>(read_method, call, saying("hello"));
  ASSERT_TRUE(response) << describe(response.error());
  EXPECT_EQ(response->text(), "hello");
  EXPECT_EQ(response->caller(), "reader");
  EXPECT_EQ(response->request_id(), "order-17");
  EXPECT_EQ(response->traceparent(), call.traceparent);
}

TEST(Server, ReturnsTheRequestIdAndReplacesOneThatIsUnfitForLogs) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const auto returned_for = [&](const std::string& given) {
    grpc::ClientContext context;
    if (!given.empty()) context.AddMetadata("x-request-id", given);
    EXPECT_TRUE(echo.send(greet_method, "", "", nullptr, &context).ok());
    const auto& metadata = context.GetServerInitialMetadata();
    const auto found = metadata.find("x-request-id");
    return found == metadata.end() ? std::string() : std::string(found->second.data(), found->second.size());
  };
  EXPECT_EQ(returned_for("mine-1"), "mine-1");
  EXPECT_TRUE(parse_uuid(returned_for("")));
  EXPECT_TRUE(parse_uuid(returned_for("two words")));
  EXPECT_TRUE(parse_uuid(returned_for("quote\"")));
  EXPECT_TRUE(parse_uuid(returned_for(std::string(129, 'a'))));
}

TEST(Server, RefusesTextThatIsNotUtf8AndNamesTheField) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const grpc::Status status = echo.send(read_method, std::string("\x12\x04\x0a\x02\xff\xfe", 6), echo.token());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const Error error = from_status(status);
  EXPECT_EQ(error.reason, Reason::text_not_utf8);
  ASSERT_EQ(error.fields.size(), 1U);
  EXPECT_EQ(error.fields[0].field, "nested.text");
}

TEST(Server, RefusesATruncatedMessage) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const grpc::Status status = echo.send(read_method, std::string("\x0a\x7fshort", 7), echo.token());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(from_status(status).reason, Reason::message_malformed);
  EXPECT_EQ(echo.handled, 0);
}

TEST(Server, ReadsWhatACallerCompressed) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  const std::string text(10'000, 'x');
  std::string answer;
  EXPECT_TRUE(echo.send(greet_method, saying(text).SerializeAsString(), "", &answer, &context).ok());
  EchoResponse response;
  EXPECT_TRUE(response.ParseFromString(answer));
  EXPECT_EQ(response.text(), text);
}

TEST(Server, AThrowingHandlerIsOurFaultAndTellsNothing) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  echo.handle = [](Call&, const EchoRequest& request) -> Result<EchoResponse> {
    if (request.text() == "exception") throw std::runtime_error("password=hunter2");
    throw 17;
  };
  for (const char* what : {"exception", "number"}) {
    const auto response = echo.client().call<EchoResponse>(read_method, patient_call(), saying(what));
    EXPECT_EQ(reason_of(response), Reason::internal);
    EXPECT_THAT(response.error().message, Not(HasSubstr("hunter2")));
    EXPECT_THAT(response.error().message, HasSubstr("request id"));
  }
}

TEST(Server, ErrorsCarryReasonFieldsAndRetryAdvice) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    return fail(Reason::database_unavailable, "text", "no database");
  };
  const grpc::Status status = echo.send(read_method, "", echo.token());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_EQ(details.details_size(), 3);
  google::rpc::ErrorInfo reason;
  ASSERT_TRUE(details.details(0).UnpackTo(&reason));
  EXPECT_EQ(reason.reason(), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(reason.domain(), "holdfast");
  EXPECT_EQ(reason.metadata().at("retry"), "backoff");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(details.details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(from_status(status).fields.at(0).field, "text");
}

TEST(Server, AnErrorWithVeryManyFieldsStillArrives) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  echo.handle = [](Call&, const EchoRequest&) -> Result<EchoResponse> {
    Error error = fail(Reason::field_invalid, std::string(100'000, '\xff'));
    for (int index = 0; index < 1000; ++index) error.fields.push_back({"field", std::string(500, 'x')});
    return error;
  };
  const auto response = echo.client().call<EchoResponse>(read_method, patient_call(), saying(""));
  EXPECT_EQ(reason_of(response), Reason::field_invalid);
  EXPECT_GT(response.error().fields.size(), 1U);
}

TEST(Server, RefusesCallersItDoesNotKnow) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const auto asked_with = [&](const std::string& authorization) {
    return from_status(echo.send(read_method, "", authorization)).reason;
  };
  EXPECT_EQ(asked_with(""), Reason::credentials_missing);
  EXPECT_EQ(asked_with("Basic dXNlcjpwdw=="), Reason::credentials_invalid);
  EXPECT_EQ(asked_with("Bearer x.y.z"), Reason::credentials_invalid);
  const auto stranger = auth::TokenSigner::with_new_key();
  EXPECT_EQ(asked_with("Bearer " + *stranger.sign(reader, echo.clock.now())), Reason::credentials_invalid);
  EXPECT_EQ(echo.handled, 0);
}

TEST(Server, ATokenWorksUntilItExpires) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  const std::string token = echo.token();
  EXPECT_TRUE(echo.send(read_method, "", token).ok());
  echo.clock.advance(auth::token_lifetime - 1s);
  EXPECT_TRUE(echo.send(read_method, "", token).ok());
  echo.clock.advance(1s);
  EXPECT_EQ(from_status(echo.send(read_method, "", token)).reason, Reason::token_expired);
}

TEST(Server, AsksForThePermissionOfTheMethod) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  for (int round = 0; round < 2; ++round) {  // verified the first time, recalled the second
    const Error error = from_status(echo.send(write_method, "", echo.token()));
    EXPECT_EQ(error.reason, Reason::permission_denied);
    EXPECT_THAT(error.message, HasSubstr("echo.write"));
  }
  EXPECT_EQ(echo.handled, 0);
  EXPECT_TRUE(echo.send(greet_method, "", "").ok());
}

TEST(Server, ExchangesAnApiKeyOnce) {
  EchoServer echo;
  std::atomic<int> exchanges{0};
  const auth::NewApiKey key = auth::make_api_key();
  echo.exchange_key = [&](const Call&, std::string_view given) -> Result<std::string> {
    ++exchanges;
    if (given != key.text) return fail(Reason::credentials_invalid, "no such key");
    return echo.signer.sign(reader, echo.clock.now());
  };
  ASSERT_TRUE(echo.start());
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(echo.send(read_method, "", "Bearer " + key.text).ok());
    EXPECT_EQ(from_status(echo.send(read_method, "", "Bearer " + auth::make_api_key().text)).reason,
              Reason::credentials_invalid);
  }
  EXPECT_EQ(exchanges, 1 + 3);
}

TEST(Server, AMethodThatNobodyDeclaredIsUnknown) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  EXPECT_EQ(from_status(echo.send(echo_service + "/Shout", "", echo.token())).reason, Reason::method_unknown);
}

TEST(Server, RefusesWithRetryAdviceWhenItsQueueIsFull) {
  EchoServer echo;
  Gate gate;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    gate.pass();
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start({.threads = 1, .queue_length = 1}));
  auto running = in_background(echo, "running");
  gate.reached.acquire();
  // Of two more calls one waits and one is refused, whichever came first.
  auto left = in_background(echo, "left");
  auto right = in_background(echo, "right");
  while (left.wait_for(1ms) != std::future_status::ready && right.wait_for(1ms) != std::future_status::ready) {
  }
  gate.opened.release(2);
  const auto left_answer = left.get();
  const auto right_answer = right.get();
  EXPECT_TRUE(running.get());
  EXPECT_NE(left_answer.has_value(), right_answer.has_value());
  EXPECT_EQ(reason_of(left_answer ? right_answer : left_answer), Reason::overloaded);
  EXPECT_EQ(echo.handled, 2);
}

TEST(Server, DoesNotStartWhatNobodyWaitsForAnyMore) {
  EchoServer echo;
  ASSERT_TRUE(echo.start({.longest_deadline_ms = 0ms}));  // whatever is asked, its time is over at once
  EXPECT_EQ(from_status(echo.send(greet_method, "", "")).reason, Reason::deadline_exceeded);
  EXPECT_EQ(echo.handled, 0);
}

TEST(Server, CountsWhatItDidForNobody) {
  EchoServer echo;
  echo.handle = [](Call& call, const EchoRequest& request) -> Result<EchoResponse> {
    while (request.text() == "late" && std::chrono::steady_clock::now() < call.deadline) std::this_thread::yield();
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start({.longest_deadline_ms = 1s}));
  const auto client = echo.client();
  EXPECT_TRUE(client.call<EchoResponse>(read_method, patient_call(), saying("in time")));
  EXPECT_THAT(echo.registry.text(), ::testing::HasSubstr("\nholdfast_rpc_late_total 0"));
  EXPECT_TRUE(client.call<EchoResponse>(read_method, patient_call(), saying("late")));
  EXPECT_THAT(echo.registry.text(), ::testing::HasSubstr("\nholdfast_rpc_late_total 1"));
}

TEST(Server, CapsAndDefaultsTheDeadline) {
  EchoServer echo;
  std::chrono::steady_clock::duration left{};
  echo.handle = [&](Call& call, const EchoRequest&) -> Result<EchoResponse> {
    left = call.deadline - std::chrono::steady_clock::now();
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start({.default_deadline_ms = 1h, .longest_deadline_ms = 30s}));
  EXPECT_TRUE(echo.client().call<EchoResponse>(read_method, patient_call(), saying("")));
  EXPECT_LE(left, 30s);
  EXPECT_GT(left, 0s);
}

TEST(Server, TellsTheHandlerThatTheCallerWentAway) {
  EchoServer echo;
  Gate gate;
  std::promise<bool> stopped;
  echo.handle = [&](Call& call, const EchoRequest&) -> Result<EchoResponse> {
    std::promise<void> gone;
    const std::stop_callback notice(call.stop, [&] { gone.set_value(); });
    gate.reached.release();
    gone.get_future().wait();
    stopped.set_value(true);
    return fail(Reason::cancelled, "the caller went away");
  };
  ASSERT_TRUE(echo.start());
  std::stop_source caller;
  Call call = patient_call();
  call.stop = caller.get_token();
  auto answer =
      std::async(std::launch::async, [&] { return echo.client().call<EchoResponse>(read_method, call, saying("")); });
  gate.reached.acquire();
  caller.request_stop();
  EXPECT_EQ(reason_of(answer.get()), Reason::cancelled);
  EXPECT_TRUE(stopped.get_future().get());
}

TEST(Server, DrainRefusesWhatWaitsAndFinishesWhatRuns) {
  EchoServer echo;
  Gate gate;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    gate.pass();
    return EchoResponse();
  };
  ASSERT_TRUE(echo.start({.threads = 1, .queue_length = 1}));
  auto running = in_background(echo, "running");
  gate.reached.acquire();
  // When one of two more is refused, the other one is in the queue.
  std::vector<std::future<Result<EchoResponse>>> others;
  for (int index = 0; index < 2; ++index) {
    others.push_back(std::async(std::launch::async, [&] {
      const auto client = *Client::open({.target = echo.address(), .attempts = 1},
                                        [&](const Call&) -> Result<std::string> { return echo.token(); });
      return client.call<EchoResponse>(read_method, patient_call(), saying(""));
    }));
  }
  while (others[0].wait_for(1ms) != std::future_status::ready && others[1].wait_for(1ms) != std::future_status::ready) {
  }
  std::jthread draining([&] { echo.server->drain(std::chrono::steady_clock::now() + 60s); });
  std::vector<Reason> reasons{reason_of(others[0].get()), reason_of(others[1].get())};
  EXPECT_THAT(reasons, ::testing::UnorderedElementsAre(Reason::overloaded, Reason::shutting_down));
  gate.opened.release();
  EXPECT_TRUE(running.get());
  draining.join();
  EXPECT_EQ(echo.handled, 1);
}

TEST(Server, DrainCancelsWhatOutlivesItsDeadline) {
  EchoServer echo;
  Gate gate;
  echo.handle = [&](Call& call, const EchoRequest&) -> Result<EchoResponse> {
    std::promise<void> gone;
    const std::stop_callback notice(call.stop, [&] { gone.set_value(); });
    gate.reached.release();
    gone.get_future().wait();
    return fail(Reason::cancelled, "stopped");
  };
  ASSERT_TRUE(echo.start());
  auto running = in_background(echo, "running");
  gate.reached.acquire();
  echo.server->drain(std::chrono::steady_clock::now());
  EXPECT_FALSE(running.get());
}

TEST(Server, AnswersFromStoredBytesWithoutAnyThreadOfItsOwn) {
  EchoServer echo;
  Gate gate;
  echo.handle = [&](Call&, const EchoRequest&) -> Result<EchoResponse> {
    gate.pass();
    return EchoResponse();
  };
  EchoResponse stored;
  stored.set_text("from the cache");
  const auto bytes = std::make_shared<const std::string>(stored.SerializeAsString());
  echo.recall = [&](Call&, const EchoRequest& request) { return request.text() == "known" ? bytes : nullptr; };
  ASSERT_TRUE(echo.start({.threads = 1}));
  auto running = in_background(echo, "unknown");
  gate.reached.acquire();
  const auto answer = echo.client().call<EchoResponse>(read_method, patient_call(), saying("known"));
  gate.opened.release();
  EXPECT_TRUE(running.get());
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(answer->text(), "from the cache");
}

TEST(Server, KeepsUpWithManyThreads) {
  EchoServer echo;
  ASSERT_TRUE(echo.start());
  constexpr int threads = 8;
  constexpr int calls = 1250;
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < threads; ++caller) {
      callers.emplace_back([&, caller] {
        const Client client = echo.client();
        for (int index = 0; index < calls; ++index) {
          const std::string text = std::to_string(caller) + "/" + std::to_string(index);
          const auto response = client.call<EchoResponse>(read_method, patient_call(), saying(text));
          if (response && response->text() == text) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, threads * calls);
  EXPECT_EQ(echo.handled, threads * calls);
}

}  // namespace
}  // namespace holdfast::rpc::tests
