#include "app/logging.h"

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <unistd.h>

#include <crm/sdk/instant.h>
#include <crm/sdk/json.h>

namespace crm::app {
namespace {

// {"time":"2026-11-23T22:40:18.123456Z","level":"info","message":"…"}
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const Json json{{"time", to_iso(std::chrono::time_point_cast<Duration>(message.time))},
                    {"level", std::string(level.data(), level.size())},
                    {"message", std::string(message.payload.data(), message.payload.size())}};
    const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    line.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

spdlog::level::level_enum to_spdlog(config::Level level) {
  switch (level) {
    case config::Level::trace:
      return spdlog::level::trace;
    case config::Level::debug:
      return spdlog::level::debug;
    case config::Level::info:
      return spdlog::level::info;
    case config::Level::warn:
      return spdlog::level::warn;
    case config::Level::error:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

Logger make_logger(config::Level level, config::Format format) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const bool json = format == config::Format::json || (format == config::Format::automatic && !terminal);
  auto logger =
      std::make_shared<spdlog::logger>("crm-metricsd", std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>());
  if (json) {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
  }
  logger->flush_on(spdlog::level::trace);
  set_level(logger, level);
  return logger;
}

void set_level(const Logger& logger, config::Level level) {
  logger->set_level(to_spdlog(level));
}

}  // namespace crm::app
