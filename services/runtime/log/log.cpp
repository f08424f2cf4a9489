#include "runtime/log/log.h"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "runtime/log/line.h"

namespace holdfast::log {
namespace {

// How long a line waits for a reader that stalls. After that lines are dropped, at no cost, until it reads again.
constexpr int patience_ms = 100;

constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ",%v})";
constexpr auto text_pattern = "%H:%M:%S.%e %^%L%$ %v";

thread_local std::string_view current_service;
thread_local const Call* current_call = nullptr;

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string render(bool json, const Line& line) { return json ? json_members(line) : plain_text(line); }

// Writes each line with one write(2), under spdlog's lock: whole, in order, and out of this process when it returns.
class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void start(int descriptor, Format format) {
    const std::lock_guard lock(mutex_);
    descriptor_ = descriptor;
    terminal_ = isatty(descriptor) == 1;
    json_ = format == Format::json || (format == Format::automatic && !terminal_);
    use_pattern();
  }

  void begin_capture() {
    const std::lock_guard lock(mutex_);
    captured_.emplace();
    use_pattern();
  }

  void end_capture() {
    const std::lock_guard lock(mutex_);
    captured_.reset();
    use_pattern();
  }

  std::vector<std::string> captured() {
    const std::lock_guard lock(mutex_);
    return captured_.value_or(std::vector<std::string>());
  }

  bool wants_json() const { return wants_json_.load(std::memory_order_relaxed); }

 private:
  void use_pattern() {
    const bool json = json_ || captured_.has_value();
    wants_json_.store(json, std::memory_order_relaxed);
    formatter_ = json ? std::make_unique<spdlog::pattern_formatter>(json_pattern, spdlog::pattern_time_type::utc)
                      : std::make_unique<spdlog::pattern_formatter>(text_pattern, spdlog::pattern_time_type::local);
  }

  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string line = format(message);
    if (captured_) {
      captured_->push_back(line.substr(0, line.size() - 1));
      return;
    }
    if (!writable()) {
      ++dropped_;
      return;
    }
    if (dropped_ > 0) tell_dropped();
    write_whole(line);
  }

  void flush_() override {}

  std::string format(const spdlog::details::log_msg& message) {
    message.color_range_start = message.color_range_end = 0;
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    std::string line(formatted.data(), formatted.size());
    if (terminal_ && message.color_range_end > message.color_range_start) {
      line.insert(message.color_range_end, "\033[0m");
      line.insert(message.color_range_start, color(message.level));
    }
    return line;
  }

  static const char* color(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::err:
        return "\033[31m";
      case spdlog::level::warn:
        return "\033[33m";
      case spdlog::level::info:
        return "\033[32m";
      default:
        return "\033[2m";
    }
  }

  // A pipe is writable while it has room for PIPE_BUF bytes, which is a whole line: so the write does not block.
  bool writable() {
    pollfd waiting{descriptor_, POLLOUT, 0};
    stalled_ = poll(&waiting, 1, stalled_ ? 0 : patience_ms) != 1;
    return !stalled_;
  }

  void tell_dropped() {
    const Field count("lines", std::exchange(dropped_, 0));
    const std::string text =
        render(json_, {Level::warn, "log lines dropped: nobody read them", {}, nullptr, {&count, 1}});
    write_whole(format(spdlog::details::log_msg("", spdlog::level::warn, text)));
  }

  // Gives up when nobody can ever read the line: there is no place left to complain to.
  void write_whole(std::string_view line) {
    while (!line.empty()) {
      const ssize_t written = ::write(descriptor_, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        ++dropped_;
        return;
      }
      line.remove_prefix(static_cast<size_t>(written));
    }
  }

  int descriptor_ = STDERR_FILENO;
  bool terminal_ = false;
  bool json_ = false;
  bool stalled_ = false;
  std::uint64_t dropped_ = 0;
  std::optional<std::vector<std::string>> captured_;
  std::atomic<bool> wants_json_{false};
};

// The process's only one. Never destroyed, so that destructors of static objects may log.
struct Backend {
  std::shared_ptr<LineSink> sink = std::make_shared<LineSink>();
  spdlog::logger logger{"", sink};
  std::string service;
  spdlog::level::level_enum level = spdlog_level(Options().level);

  Backend() {
    sink->start(Options().descriptor, Options().format);
    logger.set_level(level);
  }
};

Backend& backend() {
  static auto* only = new Backend;
  return *only;
}

}  // namespace

std::optional<Level> level_from(std::string_view name) {
  for (const Level level : {Level::debug, Level::info, Level::warn, Level::error}) {
    if (level_name(level) == name) return level;
  }
  return std::nullopt;
}

void start(const Options& options) {
  backend().service = options.service;
  backend().level = spdlog_level(options.level);
  backend().logger.set_level(backend().level);
  backend().sink->start(options.descriptor, options.format);
}

void write(Level level, std::string_view message, std::span<const Field> fields) {
  Backend& out = backend();
  if (!out.logger.should_log(spdlog_level(level))) return;
  const std::string_view service = current_service.empty() ? std::string_view(out.service) : current_service;
  const std::string text = render(out.sink->wants_json(), {level, message, service, current_call, fields});
  out.logger.log(spdlog_level(level), spdlog::string_view_t(text));
}

Scope::Scope(std::string_view service) : service_before_(current_service), call_before_(current_call) {
  current_service = service;
}

Scope::Scope(const Call& call) : service_before_(current_service), call_before_(current_call) { current_call = &call; }

Scope::~Scope() {
  current_service = service_before_;
  current_call = call_before_;
}

std::optional<std::uint64_t> Repeated::admit(std::chrono::steady_clock::time_point now) {
  auto next = next_.load(std::memory_order_relaxed);
  if (now < next || !next_.compare_exchange_strong(next, now + period_, std::memory_order_relaxed)) {
    held_back_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return held_back_.exchange(0, std::memory_order_relaxed);
}

void Repeated::write(Level level, std::string_view message, Fields fields) {
  const auto held_back = admit(std::chrono::steady_clock::now());
  if (!held_back) return;
  std::vector<Field> all(fields);
  if (*held_back > 0) all.emplace_back("suppressed", *held_back);
  log::write(level, message, all);
}

Capture::Capture() {
  backend().sink->begin_capture();
  backend().logger.set_level(spdlog::level::trace);
}

Capture::~Capture() {
  backend().logger.set_level(backend().level);
  backend().sink->end_capture();
}

std::vector<std::string> Capture::lines() const { return backend().sink->captured(); }

bool Capture::contains(std::string_view text) const {
  const auto kept = lines();
  return std::ranges::any_of(kept, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace holdfast::log
