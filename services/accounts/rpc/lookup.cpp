#include "accounts/rpc/lookup.h"

#include <algorithm>

#include "accounts/rpc/stored_answers.h"
#include "holdfast/accounts/v1/lookup.pb.h"
#include "runtime/wire/wire.h"

namespace holdfast::accounts {
namespace {

// What the request may name, and what it is called.
struct Subject {
  std::string field;
  Uuid id;
};

Result<Subject> subject_of(const v1::GetOutageCardRequest& request) {
  std::vector<std::pair<std::string, std::string>> given{{"account_id", request.account_id()},
                                                         {"location_id", request.location_id()},
                                                         {"product_id", request.product_id()}};
  std::erase_if(given, [](const auto& one) { return one.second.empty(); });
  if (given.empty()) return fail(Reason::field_required, "account_id", "is required, or a location_id or product_id");
  const auto& [field, text] = given.front();
  if (given.size() > 1) {
    return fail(Reason::field_invalid, given[1].first, "is given beside " + field + ": it is one or the other");
  }
  const auto id = parse_uuid(text);
  if (!id) return fail(id.error().reason, field, id.error().message);
  return Subject{field, *id};
}

Error not_found(const Subject& subject) {
  const auto reason = subject.field == "account_id"    ? Reason::account_not_found
                      : subject.field == "location_id" ? Reason::location_not_found
                                                       : Reason::product_not_found;
  const auto what = subject.field.substr(0, subject.field.find('_'));
  return fail(reason, subject.field, "there is no " + what + " " + to_string(subject.id));
}

// Whether only a site's card, or only an account's, will do.
std::optional<bool> site_of(const Subject& subject) {
  if (subject.field == "product_id") return std::nullopt;
  return subject.field == "location_id";
}

bool fits(std::string_view card, std::optional<bool> of_site) {
  return !of_site || *of_site == stored::is_of_site(card);
}

rpc::StoredBytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

void keep_kind(Found& found, std::optional<LookupKind> kind) {
  std::erase_if(found.matches, [&](const LookupMatch& match) { return !is_of_kind(match, kind); });
}

}  // namespace

void LookupAnswers::serve(rpc::Service& service) {
  wire::check<LookUp>(*v1::LookUpRequest::descriptor());
  wire::check<Found>(*v1::LookUpResponse::descriptor());
  wire::check<LookupAttempt>(*v1::LookupAttempt::descriptor());
  wire::check<OutageCard>(*v1::OutageCard::descriptor());
  using rpc::Service;
  service.on_bytes("LookUp", [this](Call& call, const Service::Message& request) {
    return look_up(call, static_cast<const v1::LookUpRequest&>(request));
  });
  service.on_bytes("GetOutageCard", [this](Call& call, const Service::Message& request) {
    return get_card(call, static_cast<const v1::GetOutageCardRequest&>(request));
  });
  service.fast<v1::LookUpRequest>(
      "LookUp", [this](Call& call, const v1::LookUpRequest& request) { return recall_look_up(call, request); });
  service.fast<v1::GetOutageCardRequest>("GetOutageCard", [this](Call& call, const v1::GetOutageCardRequest& request) {
    return recall_card(call, request);
  });
}

Result<std::string> LookupAnswers::look_up(const Call& call, const v1::LookUpRequest& request) {
  const auto query = TRY(wire::read<LookUp>(request));
  const auto wanted = TRY(plan(query));
  const auto found = TRY(find(call, wanted, query.kind));
  v1::LookUpResponse response;
  wire::write(found, response);
  const auto place = accounts::place_of(found);
  if (place) {
    const auto shown = TRY(card(call, *place, std::nullopt));
    if (shown) return stored::with_card(response.SerializeAsString(), *shown);
  }
  if (!found.matches.empty()) return list(call, response, found);
  for (const auto& attempt : attempts(wanted, query.kind)) wire::write(attempt, *response.add_tried());
  return response.SerializeAsString();
}

// By what is exactly so, and only then by parts.
Result<Found> LookupAnswers::find(const Call& call, const LookupPlan& plan, std::optional<LookupKind> kind) {
  const auto asking = [&](auto ask) {
    return [this, &call, ask]() -> Result<Found> {
      return database_.read(call, [&](sql::Transaction& transaction) { return ask(transaction); });
    };
  };
  Found found;
  if (!plan.identifier.empty()) {
    found = TRY(find_exact(call, CardCache::of_key(call.who.agency, plan.identifier),
                           asking([&](auto& transaction) { return find_identified(transaction, plan.identifier); })));
    keep_kind(found, kind);
  }
  if (found.matches.empty() && !plan.name.empty()) {
    found = TRY(find_exact(call, CardCache::of_name(call.who.agency, plan.name),
                           asking([&](auto& transaction) { return find_named(transaction, plan.name); })));
  }
  const bool has_parts = !plan.circuit_part.empty() || !plan.name_part.empty() || !plan.address_part.empty();
  if (!found.matches.empty() || !has_parts) return found;
  return asking([&](auto& transaction) { return search_parts(transaction, plan); })();
}

Result<Found> LookupAnswers::find_exact(const Call& call, const std::string& key,
                                        const std::function<Result<Found>()>& load) {
  const auto entry = TRY(cache_.keys().get(call, key, [&]() -> Result<cache::Loaded> {
    // An empty answer is kept like any other: whatever begins to bear the key drops it.
    return cache::Loaded{stored::of_found(TRY(load())), 0};
  }));
  const auto kept = entry->bytes ? stored::kept_found(*entry->bytes) : std::nullopt;
  if (!kept) return fail(Reason::internal, "the cache has no matches under a key of matches");
  return stored::found_of(*kept);
}

// Several cards: their names say which is meant.
Result<std::string> LookupAnswers::list(const Call& call, v1::LookUpResponse& response, const Found& found) {
  const auto names =
      TRY(database_.read(call, [&](sql::Transaction& transaction) { return name_places(transaction, found.matches); }));
  for (size_t index = 0; index < names.size(); ++index) {
    wire::write(names[index], *response.mutable_matches(static_cast<int>(index)));
  }
  return response.SerializeAsString();
}

Result<std::optional<std::string>> LookupAnswers::card(const Call& call, const Uuid& place,
                                                       std::optional<bool> of_site) {
  const auto key = CardCache::of_place(call.who.agency, place);
  const auto now = clock_.now();
  const auto load = [&]() -> Result<cache::Loaded> {
    const auto loaded =
        TRY(database_.read(call, [&](sql::Transaction& transaction) { return load_card(transaction, place, now); }));
    return loaded ? cache::Loaded{stored::of_card(*loaded), 0} : cache::Loaded{};
  };
  const auto entry = TRY(cache_.cards().get(call, key, load));
  if (!entry->bytes || !fits(*entry->bytes, of_site)) return std::optional<std::string>();
  auto shown = stored::card_at(*entry->bytes, now);
  if (shown) return shown;
  // A carrier's desk has opened or closed since it was loaded.
  cache_.cards().drop(key);
  const auto renewed = TRY(cache_.cards().get(call, key, load));
  if (renewed->bytes) shown = stored::card_at(*renewed->bytes, now);
  return shown;
}

Result<std::string> LookupAnswers::get_card(const Call& call, const v1::GetOutageCardRequest& request) {
  const auto subject = TRY(subject_of(request));
  const auto place = TRY(place_of(call, request));
  if (!place) return not_found(subject);
  auto shown = TRY(card(call, *place, site_of(subject)));
  if (!shown) return not_found(subject);
  return *std::move(shown);
}

Result<std::optional<Uuid>> LookupAnswers::place_of(const Call& call, const v1::GetOutageCardRequest& request) {
  const auto subject = TRY(subject_of(request));
  if (subject.field != "product_id") return std::optional(subject.id);
  const ProductId product{subject.id};
  const auto entry =
      TRY(cache_.keys().get(call, CardCache::of_product(call.who.agency, product), [&]() -> Result<cache::Loaded> {
        const auto place = TRY(database_.read(
            call, [&](sql::Transaction& transaction) { return place_of_product(transaction, product); }));
        return place ? cache::Loaded{stored::of_place(*place), 0} : cache::Loaded{};
      }));
  return entry->bytes ? stored::kept_place(*entry->bytes) : std::nullopt;
}

std::optional<std::string> LookupAnswers::recall_place(AgencyId agency, const Uuid& place,
                                                       std::optional<bool> of_site) {
  const auto entry = cache_.cards().peek(CardCache::of_place(agency, place));
  if (!entry || !entry->bytes || !fits(*entry->bytes, of_site)) return std::nullopt;
  return stored::card_at(*entry->bytes, clock_.now());
}

rpc::StoredBytes LookupAnswers::recall_look_up(const Call& call, const v1::LookUpRequest& request) {
  if (request.kind() != v1::LOOKUP_KIND_UNSPECIFIED) return nullptr;
  const auto wanted = plan({request.query(), std::nullopt});
  if (!wanted) return nullptr;
  const auto agency = call.who.agency;
  std::vector<std::string> keys;
  if (!wanted->identifier.empty()) keys.push_back(CardCache::of_key(agency, wanted->identifier));
  if (!wanted->name.empty()) keys.push_back(CardCache::of_name(agency, wanted->name));
  for (const auto& key : keys) {
    const auto entry = cache_.keys().peek(key);
    const auto kept = entry && entry->bytes ? stored::kept_found(*entry->bytes) : std::nullopt;
    if (!kept) return nullptr;
    if (kept->response.empty()) continue;  // nothing is named so
    auto shown = kept->place.is_nil() ? std::nullopt : recall_place(agency, kept->place, std::nullopt);
    return shown ? share(stored::with_card(kept->response, *shown)) : nullptr;
  }
  return nullptr;
}

rpc::StoredBytes LookupAnswers::recall_card(const Call& call, const v1::GetOutageCardRequest& request) {
  const auto subject = subject_of(request);
  if (!subject) return nullptr;
  auto place = std::optional(subject->id);
  if (subject->field == "product_id") {
    const auto entry = cache_.keys().peek(CardCache::of_product(call.who.agency, ProductId{subject->id}));
    place = entry && entry->bytes ? stored::kept_place(*entry->bytes) : std::nullopt;
  }
  auto shown = place ? recall_place(call.who.agency, *place, site_of(*subject)) : std::nullopt;
  return shown ? share(*std::move(shown)) : nullptr;
}

}  // namespace holdfast::accounts
