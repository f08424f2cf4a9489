// The operator's settings: a JSON file, and after a record separator flags, a line each. What is taken lies in its
// bounds.
#include "runtime/config/settings.h"

#include "runtime/config/bounds.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace holdfast;
  using namespace std::chrono_literals;
  const auto parts = fuzz::parts_of(fuzz::text_of(data, size), 2);
  config::Settings settings;
  const auto section = settings.section("tickets.db");
  const config::Setting<int> pool(section, "pool_size", 16, {1, 200}, "connections");
  const config::Setting<double> share(section, "share", 0.5, {0, 1}, "a share");
  const config::Setting<bool> tls(section, "tls", true, "whether");
  const config::Setting<std::chrono::milliseconds> wait(section, "timeout_ms", 2s, {10ms, 60s}, "how long");
  const config::Setting<std::string> level(section, "level", "info", {"debug", "info"}, "which");
  const config::Setting<std::string> host(section, "host", "localhost", "where");
  const config::Setting<config::Secret> password(section, "password", config::Secret(), "secret");

  const fuzz::MemoryFile file(parts[0]);
  std::vector<std::string> arguments = {"--config=" + file.path()};
  for (std::string_view rest = parts[1]; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    arguments.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto loaded = settings.load(arguments, {});
  if (!loaded) return 0;
  for (const auto& row : settings.rows()) {
    fuzz::require(config::within_bounds(row, row.value), "a value lies in its bounds", row.name);
    (void)config::value_text(row.value);
  }
  fuzz::require(*pool >= 1 && *pool <= 200 && *wait >= 10ms && *wait <= 60s, "a number lies in its bounds");
  fuzz::require(*level == "debug" || *level == "info", "a word is one of those", *level);
  return 0;
}
