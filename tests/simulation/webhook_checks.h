#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "http.h"
#include "store.h"

namespace holdfast::simulation {

// What there is at the end: the ledger, and what came to the targets.
struct WebhookRecords {
  const Store& store;
  const std::vector<Exchange>& exchanges;
  std::map<std::string, std::string> subscriptions;  // by URL
  std::string neighbour;                             // of those the one whose target always answers at once
  // Nothing was broken, and nothing that had been was still felt.
  std::function<bool(Nanoseconds from, Nanoseconds until)> is_calm;
};

// What of R74 and of the lanes was not kept.
std::vector<std::string> faults_of_webhooks(const WebhookRecords& records);

}  // namespace holdfast::simulation
