#pragma once

#include "accounts/domain/api_key.h"
#include "runtime/auth/api_key.h"
#include "runtime/events/unit_of_work.h"

namespace holdfast::accounts {

// Makes a key and keeps its hash.
auth::NewApiKey store_key(events::UnitOfWork& work, const KeyGrant& grant);

}  // namespace holdfast::accounts
