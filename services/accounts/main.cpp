#include "accounts/service.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast-accounts", "Agencies, their keys, and the book of their customers.",
                  {app::make<accounts::Accounts>}, argc, argv);
}
