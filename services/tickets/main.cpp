#include "tickets/service.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast-tickets", "Trouble tickets and their clocks.", {app::make<tickets::Tickets>}, argc, argv);
}
