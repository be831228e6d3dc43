#pragma once
// A collector's own log lines; the host adds its name and the run.

#include <string_view>

namespace crm {

class Log {
 public:
  virtual ~Log() = default;
  virtual void debug(std::string_view message) = 0;
  virtual void info(std::string_view message) = 0;
  virtual void warn(std::string_view message) = 0;
};

}  // namespace crm
