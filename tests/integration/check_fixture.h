#pragma once
// `crm-metricsd check` over a CRM as Supabase would hold it, and what it printed, a line for each finding.

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/check/check.h"
#include "cluster.h"
#include "history.h"
#include "support/temporary_folder.h"

namespace crm::testing {

// "ERROR messages: has no column read_at …", with what to do in `advice`, a line each.
struct Finding {
  std::string line;
  std::vector<std::string> advice;

  bool well() const { return line.rfind("ok ", 0) == 0; }
  friend void PrintTo(const Finding& finding, std::ostream* out) {
    *out << finding.line;
    for (const std::string& step : finding.advice) *out << "\n    " << step;
  }
};

inline std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Undoes the layout: `  verdict  thing  what`, continued at column 32, advised at column 13.
inline std::vector<Finding> findings_of(const std::string& output) {
  std::vector<Finding> findings;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    const auto indent = line.find_first_not_of(' ');
    if (indent == 2) {
      const bool in_its_column = line.size() > 31 && line[31] == ' ';
      const auto thing_end = in_its_column ? 31 : line.find(' ', 11);
      findings.push_back({fmt::format("{} {}: {}", trimmed(line.substr(2, 8)), trimmed(line.substr(11, thing_end - 11)),
                                      trimmed(line.substr(thing_end))),
                          {}});
    } else if (indent == 32 && !findings.empty() && findings.back().advice.empty()) {
      findings.back().line += " " + trimmed(line);
    } else if (indent != std::string::npos && indent >= 13 && !findings.empty()) {
      findings.back().advice.push_back(trimmed(line));
    }
  }
  return findings;
}

struct Checked {
  int status = 0;
  std::string output;
  std::vector<Finding> findings;

  // What is not well, without advice.
  std::vector<std::string> faults() const {
    std::vector<std::string> lines;
    for (const Finding& finding : findings) {
      if (!finding.well()) lines.push_back(finding.line);
    }
    return lines;
  }
  // The lines of one thing, well or not.
  std::vector<std::string> of(const std::string& thing) const {
    std::vector<std::string> lines;
    for (const Finding& finding : findings) {
      if (finding.line.find(" " + thing + ": ") != std::string::npos) lines.push_back(finding.line);
    }
    return lines;
  }
  // What to do about everything, as one text.
  std::string advice() const {
    std::string text;
    for (const Finding& finding : findings) {
      for (const std::string& step : finding.advice) text += step + "\n";
    }
    return text;
  }
};

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    execute(url_, read_text(std::filesystem::path(CRM_SOURCE_DIR) / "tests/integration/supabase/supabase.sql"));
    with_history(url_);
    // What would be said of an empty CRM is no fault, but healthy is one with rows.
    execute(url_, R"sql(
INSERT INTO profiles (id, full_name, role) VALUES ('11111111-1111-4111-8111-111111111111', 'Ann', 'agent');
INSERT INTO conversations (id, assigned_agent_id) VALUES
  ('22222222-2222-4222-8222-222222222222', '11111111-1111-4111-8111-111111111111');
INSERT INTO messages (conversation_id, direction, sender_type, delivery_status) VALUES
  ('22222222-2222-4222-8222-222222222222', 'inbound', 'customer', 'delivered'),
  ('22222222-2222-4222-8222-222222222222', 'outbound', 'agent', 'pending');
INSERT INTO tickets (priority) VALUES ('high');
INSERT INTO whatsapp_sessions VALUES ('main', '+4912345', 'CONNECTED', now() AT TIME ZONE 'UTC'))sql");
    std::filesystem::create_directory(folder_.path() / "plugins");
    std::filesystem::permissions(folder_.path() / "plugins", std::filesystem::perms(0755));
    add_plugin("plugins", "kpi");
  }

  void add_plugin(const std::string& built_in, const std::string& name) {
    const auto copy = folder_.path() / "plugins" / ("crm-" + name + ".so");
    std::filesystem::copy_file(std::filesystem::path(CRM_BINARY_DIR) / built_in / ("crm-" + name + ".so"), copy);
    std::filesystem::permissions(copy, std::filesystem::perms(0644));
    plugins_.push_back(name);
  }

  static std::string as(const std::string& role, const std::string& url) {
    std::string text = url;
    return text.replace(text.find("postgres@"), 8, role);
  }
  std::string reader() const { return as("crm_metrics_read", url_); }
  std::string writer() const { return as("crm_metrics_write", url_); }

  std::string database_and_plugins() const { return database_and_plugins(reader(), ""); }
  std::string database_and_plugins(const std::string& url, const std::string& more_database) const {
    return fmt::format("database: {{url: \"{}\", write_url: \"{}\"{}}}\nplugins: {{directory: plugins, load: [{}]}}\n",
                       url, writer(), more_database, fmt::join(plugins_, ", "));
  }
  Checked check() const { return check(reader()); }
  Checked check(const std::string& url, const std::string& more_database = "") const {
    folder_.write("crm-metricsd.yaml", database_and_plugins(url, more_database));
    return check_configured();
  }
  Checked check_configured() const {
    app::CommandLine line;
    line.command = app::Command::check;
    line.config = folder_.path() / "crm-metricsd.yaml";
    std::ostringstream out;
    Checked checked;
    checked.status = app::check(line, out, false);
    checked.output = out.str();
    checked.findings = findings_of(checked.output);
    return checked;
  }

  // The view again, as this SELECT, owned as before.
  void redefine(const std::string& view, const std::string& select) const {
    execute(url_,
            fmt::format(
                "DROP VIEW crm_source.{0}; CREATE VIEW crm_source.{0} AS {1}; "
                "ALTER VIEW crm_source.{0} OWNER TO supabase_owner; GRANT SELECT ON crm_source.{0} TO crm_metrics_read",
                view, select));
  }

  const std::string url_ = cluster().create_reference_database();
  const TemporaryFolder folder_{"crm-check"};
  std::vector<std::string> plugins_;
};

}  // namespace crm::testing
