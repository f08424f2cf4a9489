#include "notifications/service.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast-notifications", "Mail, webhooks and what became of them.",
                  {app::make<notifications::Notifications>}, argc, argv);
}
