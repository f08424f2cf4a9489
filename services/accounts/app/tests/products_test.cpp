#include "accounts/app/tests/with_inventory.h"

namespace holdfast::accounts {
namespace {

using Names = std::vector<std::string>;

struct ProductsTest : WithInventory {};

TEST_F(ProductsTest, AProductIsStoredAndPublished) {
  const auto product = run(add_product, circuit("32/HCGS/123456//SW"));
  ASSERT_TRUE(product) << describe(product.error());
  EXPECT_EQ(*ask(get_product, GetProduct{product->id}), *product);
  EXPECT_EQ(take_event<ProductAdded>().product, *product);
}

TEST_F(ProductsTest, ACircuitIdIsTakenOnceUntilItIsTerminated) {
  const auto first = run(add_product, circuit("32/HCGS/123456//SW"));
  EXPECT_EQ(run(add_product, circuit("32 hcgs 123456 sw")).error().fields.at(0).field, "circuit_id");
  ASSERT_TRUE(run(terminate_product, TerminateProduct{.id = first->id, .terminated_on = *parse_date("2025-12-31")}));
  const auto again = run(add_product, circuit("32 hcgs 123456 sw"));
  ASSERT_TRUE(again) << describe(again.error());
  EXPECT_NE(again->id, first->id);
}

TEST_F(ProductsTest, AChangeIsStoredAndPublishedWithWhatWasBefore) {
  const auto product = run(add_product, circuit("1"));
  take_published();
  const auto changed = run(change_product, ChangeProduct{.id = product->id,
                                                         .speed = "1 Gbps",
                                                         .contract_id = ContractId{new_uuid()},
                                                         .clear = {"location_id"},
                                                         .etag = "1"});
  ASSERT_TRUE(changed) << describe(changed.error());
  EXPECT_EQ(*ask(get_product, GetProduct{product->id}), *changed);
  const auto event = take_event<ProductChanged>();
  EXPECT_EQ(event.product, *changed);
  EXPECT_EQ(event.before, *product);
  EXPECT_EQ(run(change_product, ChangeProduct{.id = product->id, .etag = "1"}).error().reason, Reason::etag_stale);
}

TEST_F(ProductsTest, AChangedStateIsSaidBesides) {
  const auto product = run(add_product, circuit("1"));
  take_published();
  ASSERT_TRUE(
      run(change_product, ChangeProduct{.id = product->id, .status = ProductStatus::suspended, .reason = "unpaid"}));
  EXPECT_EQ(take_published(), (Names{"holdfast.product-changed.v1", "holdfast.product-state-changed.v1"}));
  EXPECT_EQ(run(change_product, ChangeProduct{.id = product->id, .status = ProductStatus::created}).error().reason,
            Reason::illegal_transition);
  EXPECT_EQ(take_published(), Names{});
}

// At 09:00 UTC on 5 January it is 02:00 in Denver and no longer the 4th; at 06:00 it still is.
TEST_F(ProductsTest, ItsLastDayIsThatOfItsLocation) {
  const auto product = run(add_product, circuit("1"));
  const TerminateProduct command{.id = product->id, .terminated_on = *parse_date("2026-01-04"), .reason = "moved"};
  clock.set(*parse_instant("2026-01-05T06:00:00Z"));
  EXPECT_EQ(run(terminate_product, command)->status, ProductStatus::pending_terminate);
  clock.set(*parse_instant("2026-01-05T09:00:00Z"));
  EXPECT_EQ(run(terminate_product, command)->status, ProductStatus::terminated);
  EXPECT_EQ(ask(get_product, GetProduct{product->id})->terminated_on, *parse_date("2026-01-04"));
}

TEST_F(ProductsTest, WhatAProductNamesIsItsAccountsOwn) {
  const auto other = make_account("Other");
  auto command = circuit("1");
  command.account_id = other;
  EXPECT_EQ(run(add_product, command).error().reason, Reason::location_of_other_account);
  command.location_id = {};
  EXPECT_EQ(run(add_product, command).error().reason, Reason::carrier_account_of_other_carrier);
  const auto product = run(add_product, circuit("1"));
  const auto elsewhere = run(add_location, AddLocation{.account_id = other, .name = "HQ", .time_zone = "UTC"});
  EXPECT_EQ(run(change_product, ChangeProduct{.id = product->id, .location_id = elsewhere->id}).error().reason,
            Reason::location_of_other_account);
}

TEST_F(ProductsTest, ProductsAreListedByWhatIsAskedFor) {
  for (const auto* id : {"1", "2", "3"}) ASSERT_TRUE(run(add_product, circuit(id)));
  auto elsewhere = circuit("4");
  elsewhere.location_id = {};
  const auto other = run(add_product, elsewhere);
  ASSERT_TRUE(run(change_product, ChangeProduct{.id = other->id, .status = ProductStatus::suspended}));
  const auto count = [&](ListProducts query) {
    size_t found = 0;
    query.page_size = 2;
    do {
      const auto page = ask(list_products, query);
      EXPECT_TRUE(page) << describe(page.error());
      if (!page) return found;
      found += page->products.size();
      query.page_token = page->next_page_token;
    } while (!query.page_token.empty());
    return found;
  };
  EXPECT_EQ(count({}), 4u);
  EXPECT_EQ(count({.account_id = account}), 4u);
  EXPECT_EQ(count({.account_id = make_account("Other")}), 0u);
  EXPECT_EQ(count({.carrier_id = carrier}), 4u);
  EXPECT_EQ(count({.location_id = location}), 3u);
  EXPECT_EQ(count({.status = ProductStatus::suspended}), 1u);
  EXPECT_EQ(count({.account_id = account, .carrier_id = carrier, .status = ProductStatus::active}), 3u);
  EXPECT_EQ(ask(list_products, ListProducts{.page_token = "x"}).error().reason, Reason::page_token_invalid);
}

TEST_F(ProductsTest, AnotherAgencySeesAndChangesNothing) {
  const auto product = run(add_product, circuit("1"));
  const auto elsewhere = make_agency(stranger);
  ASSERT_TRUE(elsewhere);
  EXPECT_EQ(ask_as(stranger, get_product, GetProduct{product->id}).error().reason, Reason::product_not_found);
  EXPECT_EQ(run_as(stranger, change_product, ChangeProduct{.id = product->id}).error().reason,
            Reason::product_not_found);
  const TerminateProduct ending{.id = product->id, .terminated_on = *parse_date("2025-12-31")};
  EXPECT_EQ(run_as(stranger, terminate_product, ending).error().reason, Reason::product_not_found);
  EXPECT_TRUE(ask_as(stranger, list_products, ListProducts{})->products.empty());
  EXPECT_EQ(ask_as(stranger, list_products, ListProducts{.location_id = location}).error().reason,
            Reason::location_not_found);
  auto theirs = circuit("1");
  theirs.account_id =
      run_as(stranger, create_account, CreateAccount{.name = "Theirs", .owner_id = elsewhere->staff.id})->id;
  EXPECT_EQ(run_as(stranger, add_product, theirs).error().reason, Reason::carrier_not_found);
}

}  // namespace
}  // namespace holdfast::accounts
