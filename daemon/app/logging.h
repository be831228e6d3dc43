#pragma once
// The log: on standard error, text on a terminal and one JSON object a line otherwise.

#include <memory>
#include <string>
#include <string_view>

#include <spdlog/logger.h>

#include <crm/sdk/log.h>

#include "config/values.h"

namespace crm::app {

using Logger = std::shared_ptr<spdlog::logger>;

Logger make_logger(config::Level level, config::Format format);
void set_level(const Logger& logger, config::Level level);

// A collector's own lines, with its name in front.
class CollectorLog final : public Log {
 public:
  CollectorLog(Logger logger, std::string collector) : logger_(std::move(logger)), collector_(std::move(collector)) {}
  void debug(std::string_view message) override { logger_->debug("{}: {}", collector_, message); }
  void info(std::string_view message) override { logger_->info("{}: {}", collector_, message); }
  void warn(std::string_view message) override { logger_->warn("{}: {}", collector_, message); }

 private:
  Logger logger_;
  std::string collector_;
};

}  // namespace crm::app
