// Every service in one process: what tools/up starts.

#include "accounts/service.h"
#include "contracts/service.h"
#include "notifications/service.h"
#include "tickets/service.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast", "Every service of Holdfast in one process.",
                  {app::make<accounts::Accounts>, app::make<contracts::Contracts>, app::make<tickets::Tickets>,
                   app::make<notifications::Notifications>},
                  argc, argv);
}
