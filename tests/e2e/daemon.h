#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/http_client.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace crm::testing {

// Zones in which it is not near midnight now, so that "a few seconds ago" is today: two different ones. Never UTC,
// whose days begin with those that are stored for contacts: which statements a sample needs would depend on the hour.
std::string calm_zone();
std::string other_calm_zone();

// The real daemon on free ports, with a configuration and log of its own.
class Daemon {
 public:
  // `plugins` are copied from the build into a folder of this daemon's own.
  explicit Daemon(const std::string& database_url, std::vector<std::string> plugins = {"kpi"},
                  std::string more_yaml = "", std::map<std::string, std::string> environment = {});

  void start();             // and waits until it answers
  void start_unanswered();  // without waiting
  bool ready();
  std::string log() const { return process_ ? process_->output() : ""; }
  Process& process() { return *process_; }

  Reply api(const std::string& target, const std::map<std::string, std::string>& headers = {}) const {
    return get(api_port_, target, headers);
  }
  Reply admin(const std::string& target, const std::map<std::string, std::string>& headers = {}) const {
    return get(admin_port_, target, headers);
  }
  std::string metrics() const { return admin("/metrics").body; }
  // The value of a series ("crm_postgres_up"), or nothing.
  std::optional<double> metric(const std::string& series) const;

  int api_port() const { return api_port_; }
  int admin_port() const { return admin_port_; }
  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path config() const { return folder_.path() / "crm-metricsd.yaml"; }

  // Rewrites the configuration; the daemon reads it at its next start or reload.
  void configure(const std::string& database_url, const std::string& more_yaml);

 private:
  TemporaryFolder folder_;
  std::vector<std::string> plugins_;
  std::map<std::string, std::string> environment_;
  int api_port_;
  int admin_port_;
  std::unique_ptr<Process> process_;
};

}  // namespace crm::testing
