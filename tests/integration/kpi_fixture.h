#pragma once
// The real kpi collector over a real database, asked as a scope, at an instant, in a zone.

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_config.h>

#include "calendar/zone.h"
#include "cluster.h"
#include "rollup/run_sources.h"

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace crm::testing {

class SilentLog final : public Log {
 public:
  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view) override {}
};

struct KpiAnswer {
  Json document;
  std::map<std::string, double> samples;  // by family, and its label value after a space
  std::vector<std::tuple<std::string, std::string, std::int64_t>> unknown_words;

  const Json& operator[](const char* field) const { return document.at(field); }
  friend bool operator==(const KpiAnswer& a, const KpiAnswer& b) {
    return a.document == b.document && a.samples == b.samples;
  }
  friend void PrintTo(const KpiAnswer& answer, std::ostream* out) {
    *out << answer.document.dump();
    for (const auto& [name, value] : answer.samples) *out << "\n  " << name << " " << value;
  }
};

// One CRM, and the daemon's way to its kpi.
class KpiHouse {
 public:
  explicit KpiHouse(const std::string& url, const Settings& settings = {})
      : postgres_(options(url), settings), collectors_(crm_plugin_descriptor()->factory(FakeConfig({}, settings))) {}

  KpiAnswer ask(Instant as_of, const Scope& scope, const Calendar& calendar) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto snapshot = postgres_.open({.scope = scope, .deadline = deadline, .as_of = as_of});
    const Collector& collector = *collectors_.front();
    const Period period = calendar.last_days(as_of, 1);
    KpiAnswer answer;
    rollup::RunSources sources(
        *snapshot, facts_, collector.describe(), period, log_,
        {.row_skipped = [](std::string_view reason) { FAIL() << "a row was skipped: " << reason; },
         .unknown_word = [&](std::string_view view, std::string_view column,
                             std::int64_t rows) { answer.unknown_words.emplace_back(view, column, rows); }});
    const Params params;
    const Report report =
        collector.collect({period.window, period.previous, scope, as_of, params, calendar, deadline, {}}, sources);
    answer.document = *report.document;
    for (const Sample& sample : report.samples) {
      std::string name = sample.family;
      for (const std::string& label : sample.labels) name += " " + label;
      answer.samples[name] = sample.value;
    }
    return answer;
  }

 private:
  static source::PostgresOptions options(const std::string& url) {
    source::PostgresOptions options;
    options.url = daemon_url(url);
    return options;
  }

  source::Postgres postgres_;
  rollup::FactRegistry facts_;
  SilentLog log_;
  Collectors collectors_;
};

}  // namespace crm::testing
