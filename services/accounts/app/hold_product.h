#pragma once

#include "accounts/domain/product.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::accounts {

// Locked until the commit. PRODUCT_NOT_FOUND.
Result<Product> hold_product(events::UnitOfWork& work, ProductId id);

// Stores and publishes what has changed; the product as it is now.
Result<Product> leave_product(events::UnitOfWork& work, const Product& before, const Product& after,
                              const std::string& reason);

}  // namespace holdfast::accounts
