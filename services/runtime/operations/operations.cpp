#include "runtime/operations/operations.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <functional>
#include <future>

#include "holdfast/operations/v1/operations.pb.h"
#include "runtime/events/consumer.h"
#include "runtime/operations/dead_letters.sql.h"
#include "runtime/operations/quiescence.h"
#include "runtime/operations/verify.h"
#include "runtime/rpc/service.h"

namespace holdfast::operations {

// A dead letter as it is listed: without the event's bytes.
struct Listed {
  std::string handler;
  Uuid event_id;
  AgencyId agency;
  std::string topic;
  std::string key;
  std::string type;
  std::int64_t sequence;
  Instant occurred_at;
  std::string reason;
  std::string message;
  Instant died_at;
};

}  // namespace holdfast::operations

template <>
struct holdfast::Fields<holdfast::operations::Listed> {
  using T = operations::Listed;
  static constexpr auto list = FieldList{Field{"handler", &T::handler},   Field{"event_id", &T::event_id},
                                         Field{"agency_id", &T::agency},  Field{"topic", &T::topic},
                                         Field{"key", &T::key},           Field{"type", &T::type},
                                         Field{"sequence", &T::sequence}, Field{"occurred_at", &T::occurred_at},
                                         Field{"reason", &T::reason},     Field{"message", &T::message},
                                         Field{"died_at", &T::died_at}};
};

namespace holdfast::operations {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::int32_t usual_page = 100;
constexpr std::int32_t largest_page = 1000;
// Nothing falls due after the year 2200, and a clock that was moved there could never come back.
constexpr std::int64_t last_second = 7'258'118'399;

void write(Instant instant, google::protobuf::Timestamp& into) {
  into = TimeUtil::MicrosecondsToTimestamp(instant.time_since_epoch().count());
}

v1::DeadLetter message_of(const std::string& service, const Listed& listed) {
  v1::DeadLetter letter;
  letter.set_service(service);
  letter.set_handler(listed.handler);
  letter.set_event_id(to_string(listed.event_id));
  letter.set_agency_id(to_string(listed.agency));
  letter.set_topic(listed.topic);
  letter.set_key(listed.key);
  letter.set_type(listed.type);
  letter.set_sequence(listed.sequence);
  write(listed.occurred_at, *letter.mutable_occurred_at());
  letter.set_reason(listed.reason);
  letter.set_message(listed.message);
  write(listed.died_at, *letter.mutable_died_at());
  return letter;
}

v1::RedriveDeadLettersResponse message_of(const events::Redriven& done) {
  v1::RedriveDeadLettersResponse message;
  message.set_complete(done.refused == 0 && done.left == 0);
  message.set_redriven(done.redriven);
  message.set_refused(done.refused);
  message.set_left(done.left);
  if (!done.first_refusal) return message;
  message.set_reason(std::string(info(done.first_refusal->reason).upper));
  message.set_message(done.first_refusal->message);
  return message;
}

// The installation itself, which has no agency, sees everybody's.
std::optional<AgencyId> agency_of(const Call& call) {
  return call.who.agency.is_nil() ? std::nullopt : std::optional(call.who.agency);
}

Result<std::int32_t> size_of_page(std::int32_t asked) {
  if (asked < 0 || asked > largest_page) {
    return fail(Reason::field_out_of_range, "page_size", fmt::format("is 0 to {}", largest_page));
  }
  return asked == 0 ? usual_page : asked;
}

Result<Instant> instant_of(const v1::SetClockRequest& request) {
  if (!request.has_business_now()) return fail(Reason::field_required, "business_now", "is missing");
  const auto& asked = request.business_now();
  if (asked.seconds() < 0 || asked.seconds() > last_second || asked.nanos() < 0 || asked.nanos() > 999'999'999) {
    return fail(Reason::instant_invalid, "business_now", "is no instant from 1970 to 2199");
  }
  return Instant{Duration{TimeUtil::TimestampToMicroseconds(asked)}};
}

Result<Uuid> event_id_of(const v1::RedriveDeadLetterRequest& request) {
  auto id = parse_uuid(request.event_id());
  if (!id) return fail(Reason::id_invalid, "event_id", "is no UUID");
  return *id;
}

}  // namespace

void Operations::serve(rpc::Service& service) {
  serve_clock(service);
  serve_quiescence(service);
  serve_dead_letters(service);
  serve_redrives(service);
  serve_verify(service);
}

void Operations::serve_clock(rpc::Service& service) {
  const auto clock = [this] {
    v1::Clock clock;
    write(time_.now(), *clock.mutable_business_now());
    write(system_clock_.now(), *clock.mutable_system_now());
    clock.set_movable(time_.movable());
    return clock;
  };
  service.on<v1::GetClockRequest, v1::Clock>(
      "GetClock", [clock](const Call&, const v1::GetClockRequest&) -> Result<v1::Clock> { return clock(); });
  service.on<v1::SetClockRequest, v1::Clock>(
      "SetClock", [this, clock](const Call&, const v1::SetClockRequest& request) -> Result<v1::Clock> {
        const auto to = TRY(instant_of(request));
        CHECK_OK(time_.move_to(to));
        return clock();
      });
}

void Operations::serve_quiescence(rpc::Service& service) {
  service.on<v1::GetQuiescenceRequest, v1::Quiescence>(
      "GetQuiescence", [this](const Call& call, const v1::GetQuiescenceRequest&) -> Result<v1::Quiescence> {
        v1::Quiescence quiescence;
        std::optional<Instant> next_due;
        // Each waits for PostgreSQL and Kafka, and whoever moves the clock asks some times a step: all at once.
        std::vector<std::future<Result<Standing>>> looks;
        for (const auto& subject : subjects_) {
          looks.push_back(
              std::async(std::launch::async, &standing_of, std::cref(subject), std::cref(call), time_.now()));
        }
        for (auto& look : looks) {
          auto standing = TRY(look.get());
          *quiescence.add_services() = std::move(standing.service);
          if (standing.next_due) next_due = std::min(next_due.value_or(*standing.next_due), *standing.next_due);
        }
        if (next_due) write(*next_due, *quiescence.mutable_next_due());
        return quiescence;
      });
}

void Operations::serve_dead_letters(rpc::Service& service) {
  using List = v1::ListDeadLettersRequest;
  using Listing = v1::ListDeadLettersResponse;
  service.on<List, Listing>("ListDeadLetters", [this](const Call& call, const List& request) -> Result<Listing> {
    const auto most = TRY(size_of_page(request.page_size()));
    const auto subjects = TRY(named(request.service()));
    std::vector<v1::DeadLetter> letters;
    for (const auto* subject : subjects) {
      const auto listed = TRY(subject->database.read(call, [&](sql::Transaction& transaction) {
        return transaction.many<Listed>(statements::oldest, agency_of(call), std::int64_t{most});
      }));
      for (const auto& one : listed) letters.push_back(message_of(subject->name, one));
    }
    std::ranges::stable_sort(letters, [](const auto& a, const auto& b) { return a.died_at() < b.died_at(); });
    Listing listing;
    for (auto& letter : letters) {
      if (listing.dead_letters_size() < most) *listing.add_dead_letters() = std::move(letter);
    }
    return listing;
  });
}

void Operations::serve_redrives(rpc::Service& service) {
  using One = v1::RedriveDeadLetterRequest;
  using OneRedriven = v1::RedriveDeadLetterResponse;
  service.on<One, OneRedriven>("RedriveDeadLetter",
                               [this](const Call& call, const One& request) -> Result<OneRedriven> {
                                 const auto* subject = TRY(only(request.service()));
                                 const auto event_id = TRY(event_id_of(request));
                                 CHECK_OK(subject->consumer.redrive(request.handler(), event_id, agency_of(call)));
                                 return OneRedriven();
                               });
  using All = v1::RedriveDeadLettersRequest;
  using AllRedriven = v1::RedriveDeadLettersResponse;
  service.on<All, AllRedriven>(
      "RedriveDeadLetters", [this](const Call& call, const All& request) -> Result<AllRedriven> {
        const auto* subject = TRY(only(request.service()));
        if (request.topic().empty()) return fail(Reason::field_required, "topic", "is missing");
        const auto now = std::chrono::steady_clock::now();
        const auto done = TRY(subject->consumer.redrive_all(request.handler(), request.topic(), agency_of(call),
                                                            now + (call.deadline - now) / 2));
        return message_of(done);
      });
}

void Operations::serve_verify(rpc::Service& service) {
  service.on<v1::VerifyRequest, v1::VerifyResponse>(
      "Verify", [this](const Call& call, const v1::VerifyRequest& request) -> Result<v1::VerifyResponse> {
        const auto subjects = TRY(named(request.service()));
        v1::VerifyResponse response;
        for (const auto* subject : subjects) {
          auto verdicts = TRY(verify(*subject, call));
          for (auto& verdict : verdicts) {
            auto& invariant = *response.add_invariants();
            invariant.set_service(subject->name);
            invariant.set_name(std::move(verdict.name));
            invariant.set_holds(verdict.holds);
            invariant.set_detail(std::move(verdict.detail));
          }
        }
        return response;
      });
}

Result<Operations::Subjects> Operations::named(const std::string& service) const {
  Subjects found;
  for (const auto& subject : subjects_) {
    if (service.empty() || subject.name == service) found.push_back(&subject);
  }
  if (found.empty()) return fail(Reason::field_invalid, "service", "no service '" + service + "' runs in this process");
  return found;
}

Result<const Subject*> Operations::only(const std::string& service) const {
  if (service.empty()) return fail(Reason::field_required, "service", "is missing");
  return TRY(named(service)).front();
}

}  // namespace holdfast::operations
