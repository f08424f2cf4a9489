// holdfast-documents [--check] DESCRIPTORS FOLDER: writes the pages of docs/ that are generated, or says which of them
// are stale.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "all/documents/pages.h"
#include "all/services.h"
#include "runtime/config/pages.h"

namespace holdfast::documents {
namespace {

std::string settings_page() {
  app::Process process;
  std::vector<std::unique_ptr<app::Service>> declared;
  for (const auto make : every_service()) declared.push_back(make(process));
  return config::markdown_page(process.settings());
}

std::map<std::string, std::string> pages(const std::string& descriptors) {
  const Protos protos(descriptors);
  return {{"api.md", api_page(protos)},       {"asyncapi.yaml", async_api(protos)}, {"config.md", settings_page()},
          {"events.md", events_page(protos)}, {"reasons.md", reasons_page()},       {"types.md", types_page(protos)}};
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int check(const std::map<std::string, std::string>& pages, const std::string& folder) {
  int stale = 0;
  for (const auto& [name, page] : pages) {
    if (content_of(folder + "/" + name) == page) continue;
    fmt::print(stderr, "holdfast: {}/{} is not what the program says now\n", folder, name);
    ++stale;
  }
  if (stale > 0) fmt::print(stderr, "holdfast: next: tools/documents\n");
  return stale > 0 ? 1 : 0;
}

int write(const std::map<std::string, std::string>& pages, const std::string& folder) {
  for (const auto& [name, page] : pages) {
    std::ofstream file(folder + "/" + name, std::ios::binary);
    if (!(file << page).flush()) {
      fmt::print(stderr, "holdfast: {}/{} could not be written\n", folder, name);
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace holdfast::documents

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool only_check = !arguments.empty() && arguments.front() == "--check";
  if (arguments.size() != (only_check ? 3 : 2)) {
    fmt::print(stderr, "usage: holdfast-documents [--check] DESCRIPTORS FOLDER\n");
    return 2;
  }
  const auto& folder = arguments.back();
  const auto pages = holdfast::documents::pages(arguments[arguments.size() - 2]);
  return only_check ? holdfast::documents::check(pages, folder) : holdfast::documents::write(pages, folder);
}
