#include "daemon.h"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/stat.h>

namespace crm::testing {
namespace {

namespace fs = std::filesystem;

fs::path built(const std::string& plugin) {
  for (const char* folder : {"plugins", "test-plugins"}) {
    const fs::path file = fs::path(CRM_BINARY_DIR) / folder / ("crm-" + plugin + ".so");
    if (fs::exists(file)) return file;
  }
  throw std::runtime_error("there is no plugin " + plugin + " in the build");
}

bool is_night_in_utc() {
  const auto now = std::chrono::system_clock::now();
  const auto hour = std::chrono::floor<std::chrono::hours>(now - std::chrono::floor<std::chrono::days>(now)).count();
  return hour >= 20 || hour < 4;
}

}  // namespace

std::string calm_zone() {
  return is_night_in_utc() ? "Asia/Tokyo" : "Africa/Lagos";
}  // +09:00, +01:00
std::string other_calm_zone() {
  return is_night_in_utc() ? "Asia/Shanghai" : "Africa/Maputo";
}  // +08:00, +02:00

Daemon::Daemon(const std::string& database_url, std::vector<std::string> plugins, std::string more_yaml,
               std::map<std::string, std::string> environment)
    : folder_("crm-daemon"),
      plugins_(std::move(plugins)),
      environment_(std::move(environment)),
      api_port_(free_port()),
      admin_port_(free_port()) {
  const fs::path folder = folder_.path() / "plugins";
  fs::create_directory(folder);
  ::chmod(folder.c_str(), 0755);
  for (const std::string& plugin : plugins_) {
    const fs::path copy = folder / ("crm-" + plugin + ".so");
    fs::copy_file(built(plugin), copy);
    ::chmod(copy.c_str(), 0644);
  }
  configure(database_url, more_yaml);
}

void Daemon::configure(const std::string& database_url, const std::string& more_yaml) {
  std::string yaml = fmt::format(
      "admin: {{listen: \"127.0.0.1:{}\"}}\napi: {{listen: \"127.0.0.1:{}\", auth: none, timeout: 3s}}\n"
      "database: {{url: \"{}\", connect_timeout: 2s}}\n",
      admin_port_, api_port_, database_url);
  if (more_yaml.find("\nplugins:") == std::string::npos) {
    yaml += fmt::format("plugins: {{directory: plugins, load: [{}]}}\n", fmt::join(plugins_, ", "));
  }
  if (more_yaml.find("timezone:") == std::string::npos) yaml += "timezone: " + calm_zone() + "\n";
  folder_.write("crm-metricsd.yaml", yaml + more_yaml);
}

void Daemon::start_unanswered() {
  process_ =
      std::make_unique<Process>(Process::Options{.command = {CRM_DAEMON, "serve", "--config=" + config().string()},
                                                 .environment = environment_,
                                                 .output = folder_.path() / "log"});
}

void Daemon::start() {
  start_unanswered();
  const bool up = eventually([&] { return admin("/-/healthy").status == 200 || !process_->running(); });
  if (!up || !process_->running()) throw std::runtime_error("the daemon did not start: " + log());
}

bool Daemon::ready() {
  return eventually([&] { return admin("/-/ready").status == 200; });
}

std::optional<double> Daemon::metric(const std::string& series) const {
  std::istringstream lines(metrics());
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, series.size(), series) == 0 && line.size() > series.size() && line[series.size()] == ' ') {
      return std::stod(line.substr(series.size() + 1));
    }
  }
  return std::nullopt;
}

}  // namespace crm::testing
