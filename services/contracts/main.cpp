#include "contracts/service.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast-contracts", "Contracts, their terms and notice deadlines.",
                  {app::make<contracts::Contracts>}, argc, argv);
}
