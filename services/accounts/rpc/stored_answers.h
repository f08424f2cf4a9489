#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/domain/lookup.h"
#include "accounts/domain/outage_card.h"

// How answers lie in the caches: so that one is put together from them without being read.
namespace holdfast::accounts::stored {

// What an exact key names: the place whose card is the answer (nil: none, or several), then a LookUpResponse with the
// matches.
std::string of_found(const Found& found);
struct KeptFound {
  Uuid place;
  std::string_view response;
};
std::optional<KeptFound> kept_found(std::string_view bytes);
Result<Found> found_of(const KeptFound& kept);

// A place, for a product.
std::string of_place(const Uuid& place);
std::optional<Uuid> kept_place(std::string_view bytes);

// A card: whether it is of a site, from and until when its choice of numbers holds, then an OutageCard without
// answered_at.
std::string of_card(const CardOfTheHour& card);
bool is_of_site(std::string_view bytes);
// The OutageCard as answered now; nothing when its hour is over.
std::optional<std::string> card_at(std::string_view bytes, Instant now);

// A LookUpResponse with its matches and their card.
std::string with_card(std::string_view response, std::string_view card);

}  // namespace holdfast::accounts::stored
