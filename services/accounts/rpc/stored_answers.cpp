#include "accounts/rpc/stored_answers.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>

#include "holdfast/accounts/v1/lookup.pb.h"
#include "runtime/sql/types.h"
#include "runtime/wire/wire.h"

namespace holdfast::accounts::stored {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
namespace binary = sql::binary;

constexpr size_t instant_bytes = sizeof(std::int64_t);
constexpr size_t place_bytes = sizeof(Uuid::bytes);
constexpr size_t card_head_bytes = 1 + 2 * instant_bytes;

void put_instant(std::string& out, Instant instant) {
  binary::put(out, std::int64_t{instant.time_since_epoch().count()});
}

Instant instant_at(std::string_view bytes, size_t place) {
  return Instant{Duration{binary::get<std::int64_t>(bytes.substr(place, instant_bytes)).value_or(0)}};
}

// A field behind those that a message has already: messages put one behind the other are one message.
void append_field(std::string& out, int number, std::string_view bytes) {
  std::array<std::uint8_t, 16> head;
  auto* end = CodedOutputStream::WriteTagToArray(
      WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED), head.data());
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(bytes.size()), end);
  out.append(reinterpret_cast<const char*>(head.data()), static_cast<size_t>(end - head.data()));
  out.append(bytes);
}

}  // namespace

std::string of_found(const Found& found) {
  v1::LookUpResponse response;
  wire::write(found, response);
  return of_place(place_of(found).value_or(Uuid{})) + response.SerializeAsString();
}

std::optional<KeptFound> kept_found(std::string_view bytes) {
  const auto place = kept_place(bytes.substr(0, place_bytes));
  return place ? std::optional(KeptFound{*place, bytes.substr(place_bytes)}) : std::nullopt;
}

Result<Found> found_of(const KeptFound& kept) {
  v1::LookUpResponse response;
  if (!response.ParseFromArray(kept.response.data(), static_cast<int>(kept.response.size()))) {
    return fail(Reason::internal, "matches from the cache cannot be read");
  }
  return wire::read<Found>(response);
}

std::string of_place(const Uuid& place) {
  std::string bytes;
  sql::Value<Uuid>::encode(place, bytes);
  return bytes;
}

std::optional<Uuid> kept_place(std::string_view bytes) { return sql::Value<Uuid>::decode(bytes); }

std::string of_card(const CardOfTheHour& card) {
  v1::OutageCard message;
  wire::write(card.card, message);
  std::string bytes(1, card.card.location_id ? '\1' : '\0');
  put_instant(bytes, card.from);
  put_instant(bytes, card.until);
  return bytes + message.SerializeAsString();
}

bool is_of_site(std::string_view bytes) { return !bytes.empty() && bytes[0] == '\1'; }

std::optional<std::string> card_at(std::string_view bytes, Instant now) {
  if (bytes.size() < card_head_bytes) return std::nullopt;
  if (now < instant_at(bytes, 1) || now >= instant_at(bytes, 1 + instant_bytes)) return std::nullopt;
  v1::OutageCard answered;
  const auto since = now.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  answered.mutable_answered_at()->set_seconds(seconds.count());
  answered.mutable_answered_at()->set_nanos(static_cast<int>(std::chrono::nanoseconds(since - seconds).count()));
  std::string card(bytes.substr(card_head_bytes));
  answered.AppendToString(&card);
  return card;
}

std::string with_card(std::string_view response, std::string_view card) {
  std::string bytes;
  bytes.reserve(response.size() + card.size() + 16);
  bytes += response;
  append_field(bytes, v1::LookUpResponse::kCardFieldNumber, card);
  return bytes;
}

}  // namespace holdfast::accounts::stored
