#include "accounts/app/tests/with_agency.h"
#include "runtime/auth/api_key.h"

namespace holdfast::accounts {
namespace {

struct AgenciesTest : WithAgency {
  Result<Principal> exchange(const std::string& key) {
    // As the adapter does it: before it is known whose the key is.
    const auto anybody = service_call({}, "", 30s);
    const auto exchanged = TRY(ask_as(
        anybody,
        [&](sql::Transaction& transaction, const ExchangeKey& query) {
          return exchange_key(transaction, query, tokens);
        },
        ExchangeKey{key}));
    return TRY(verifier.verify(exchanged.token, clock.now())).who;
  }

  auth::TokenSigner signer = auth::TokenSigner::with_new_key();
  auth::TokenVerifier verifier = *auth::TokenVerifier::from_pems({signer.public_key_pem()});
  TokenMaker tokens{signer, clock};
};

TEST_F(AgenciesTest, AnAgencySeesItselfAndNoOther) {
  const auto own = ask(get_agency, GetAgency{});
  ASSERT_TRUE(own) << describe(own.error());
  EXPECT_EQ(own->id, agency);
  EXPECT_EQ(own->name, "Best Telecom");
  EXPECT_EQ(ask_as(stranger, get_agency, GetAgency{}).error().reason, Reason::agency_not_found);
}

TEST_F(AgenciesTest, OnlyServicesCreateAgencies) {
  const CreateAgency command{.id = AgencyId{new_uuid()}};
  EXPECT_EQ(*agency_to_create(call, command), *command.id);
  EXPECT_FALSE(agency_to_create(call, {})->is_nil());
  auto integration = call;
  integration.who.kind = PrincipalKind::integration;
  EXPECT_EQ(agency_to_create(integration, command).error().reason, Reason::permission_denied);
}

TEST_F(AgenciesTest, AnAgencyIsCreatedOnce) {
  EXPECT_EQ(make_agency(call).error().reason, Reason::already_exists);
  EXPECT_TRUE(take_published().empty());
}

TEST_F(AgenciesTest, TheFirstKeyMayDoEverything) {
  const auto who = exchange(first_key);
  ASSERT_TRUE(who) << describe(who.error());
  EXPECT_EQ(who->agency, agency);
  EXPECT_EQ(who->kind, PrincipalKind::integration);
  EXPECT_TRUE(who->permissions.include("tickets.write"));
}

TEST_F(AgenciesTest, AKeyMayDoWhatItWasMadeFor) {
  const auto key = run(create_key, CreateKey{.name = "export", .permissions = {"tickets.read"}});
  ASSERT_TRUE(key) << describe(key.error());
  const auto who = exchange(key->key);
  ASSERT_TRUE(who) << describe(who.error());
  EXPECT_EQ(who->id, key->id);
  EXPECT_TRUE(who->permissions.include("tickets.read"));
  EXPECT_FALSE(who->permissions.include("tickets.write"));
}

TEST_F(AgenciesTest, ARevokedKeyIsUnknown) {
  const auto key = run(create_key, CreateKey{.name = "export", .permissions = {"tickets.read"}});
  ASSERT_TRUE(run(revoke_key, RevokeKey{key->id}));
  EXPECT_EQ(exchange(key->key).error().reason, Reason::credentials_invalid);
  EXPECT_TRUE(run(revoke_key, RevokeKey{key->id})) << "revoking again is harmless";
  EXPECT_TRUE(exchange(first_key)) << "the others still work";
}

TEST_F(AgenciesTest, NobodyGuessesAKey) {
  auto wrong = first_key;
  wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(exchange(wrong).error().reason, Reason::credentials_invalid);
  EXPECT_EQ(exchange(auth::make_api_key().text).error().reason, Reason::credentials_invalid);
  EXPECT_EQ(exchange("").error().reason, Reason::credentials_invalid);
}

TEST_F(AgenciesTest, KeysOfAnotherAgencyCannotBeRevoked) {
  const auto id = first_key.substr(auth::api_key_prefix.size(), auth::api_key_id_length);
  EXPECT_EQ(run_as(stranger, revoke_key, RevokeKey{id}).error().reason, Reason::key_not_found);
  EXPECT_TRUE(exchange(first_key));
}

TEST_F(AgenciesTest, TheAppRoleListsNoKeysOfOthers) {
  constexpr sql::Statement count{"test.count_keys", "SELECT count(*) FROM api_keys"};
  const auto seen = [&](const Call& as) {
    return *database.read(as, [&](sql::Transaction& transaction) { return transaction.one<std::int64_t>(count); });
  };
  EXPECT_EQ(seen(call), 1);
  EXPECT_EQ(seen(stranger), 0);
}

TEST_F(AgenciesTest, OnlyTheHashOfAKeyIsKept) {
  constexpr sql::Statement kept{"test.kept_keys", "SELECT string_agg(k::text, ' ') AS kept FROM api_keys k"};
  const auto text =
      *database.read(call, [&](sql::Transaction& transaction) { return transaction.one<std::string>(kept); });
  const auto secret = first_key.substr(first_key.size() - auth::api_key_secret_length);
  EXPECT_EQ(text.find(secret), std::string::npos);
  EXPECT_NE(text.find(first_key.substr(auth::api_key_prefix.size(), auth::api_key_id_length)), std::string::npos);
}

TEST_F(AgenciesTest, StaffJoinsAndIsPublished) {
  const AddStaff command{.id = StaffId{new_uuid()}, .name = "Lee", .email = "Lee@Best.Example"};
  const auto staff = run(add_staff, command);
  ASSERT_TRUE(staff) << describe(staff.error());
  EXPECT_EQ(staff->email, "lee@best.example");
  EXPECT_EQ(staff->time_zone, "America/New_York");
  EXPECT_EQ(take_published(), std::vector<std::string>{"holdfast.staff-changed.v1"});
  EXPECT_EQ(run(add_staff, command).error().fields.at(0).field, "id");
  const AddStaff namesake{.name = "Lee", .email = "LEE@best.example"};
  EXPECT_EQ(run(add_staff, namesake).error().fields.at(0).field, "email");
  EXPECT_EQ(run_as(stranger, add_staff, command).error().reason, Reason::agency_not_found);
}

TEST_F(AgenciesTest, StaffIsShownToItsOwnAgencyAlone) {
  const auto staff = *run(add_staff, AddStaff{.name = "Lee", .email = "lee@best.example"});
  const auto shown_to = [&](const Call& asking, StaffId id) {
    return database.read(asking, [&](sql::Transaction& transaction) { return get_staff(transaction, {id}); });
  };
  EXPECT_EQ(*shown_to(call, staff.id), staff);
  EXPECT_EQ(shown_to(call, StaffId{new_uuid()}).error().reason, Reason::staff_not_found);
  EXPECT_EQ(shown_to(stranger, staff.id).error().reason, Reason::staff_not_found);
}

}  // namespace
}  // namespace holdfast::accounts
