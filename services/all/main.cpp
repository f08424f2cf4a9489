// Every service in one process: what tools/up starts.

#include "all/services.h"

int main(int argc, char** argv) {
  using namespace holdfast;
  return app::run("holdfast", "Every service of Holdfast in one process.", every_service(), argc, argv);
}
