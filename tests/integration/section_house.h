#pragma once
// A real collector over a real database: one CRM, and the daemon's way to one section, asked as a scope, at an instant,
// about a window.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_config.h>

#include "cluster.h"
#include "rollup/run_sources.h"

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace crm::testing {

struct SectionAnswer {
  Json document;
  std::map<std::string, double> samples;  // by family and label values; a histogram's sum
  std::vector<std::string> next;
  const Json& operator[](const char* field) const { return document.at(field); }
};

struct SectionQuestion {
  Instant as_of;
  Period period;
  Scope scope = Scope::everyone();
  Page page = {};
  const Calendar* calendar = &utc_calendar();
};

class SectionHouse {
 public:
  explicit SectionHouse(const std::string& url, const Settings& settings = {})
      : postgres_(options(url), settings), collectors_(crm_plugin_descriptor()->factory(FakeConfig({}, settings))) {}

  // As a person asks.
  SectionAnswer ask(const SectionQuestion& question) { return run(question, nullptr); }
  // As the scheduler does: for everyone, with samples, whose counters go on from run to run.
  SectionAnswer sample(const SectionQuestion& question) { return run(question, &counters_); }

 private:
  class SilentLog final : public Log {
   public:
    void debug(std::string_view) override {}
    void info(std::string_view) override {}
    void warn(std::string_view) override {}
  };

  static source::PostgresOptions options(const std::string& url) {
    source::PostgresOptions options;
    options.url = daemon_url(url);
    return options;
  }

  SectionAnswer run(const SectionQuestion& question, rollup::LiveCounters* counters) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto snapshot = postgres_.open({.scope = question.scope, .deadline = deadline, .as_of = question.as_of});
    const Collector& collector = *collectors_.front();
    rollup::RunSources sources(
        *snapshot, facts_, collector.describe(), question.period, log_,
        {.row_skipped = [](std::string_view reason) { FAIL() << "a row was skipped: " << reason; }, .unknown_word = {}},
        counters);
    const Params params;
    const Report report = collector.collect({question.period.window,
                                             question.period.previous,
                                             question.scope,
                                             question.as_of,
                                             params,
                                             *question.calendar,
                                             deadline,
                                             {},
                                             question.page,
                                             counters != nullptr},
                                            sources);
    SectionAnswer answer{*report.document, {}, report.next};
    for (const Sample& sample : report.samples) {
      std::string name = sample.family;
      for (const std::string& label : sample.labels) name += " " + label;
      answer.samples[name] = sample.histogram ? sample.histogram->sum : sample.value;
    }
    return answer;
  }

  source::Postgres postgres_;
  rollup::FactRegistry facts_;
  rollup::LiveCounters counters_;
  SilentLog log_;
  Collectors collectors_;
};

}  // namespace crm::testing
