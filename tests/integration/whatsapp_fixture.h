#pragma once
// The real whatsapp-performance collector over a real database, asked as a scope, at an instant, for a window, page by
// page.

#include <map>
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

struct WhatsAppAnswer {
  Json document;
  std::vector<std::string> next;
  std::map<std::string, double> samples;  // by family, and its label values after a blank each
  std::vector<std::string> partial;
  std::vector<std::tuple<std::string, std::string, std::int64_t>> unknown_words;

  const Json& operator[](const char* field) const { return document.at(field); }
};

struct WhatsAppQuestion {
  Instant as_of;
  Scope scope = Scope::everyone();
  const Calendar& calendar;
  Period period;
  Page page = {50};
  rollup::LiveCounters* counters = nullptr;  // the scheduler's runs have them
};

// One CRM, and the daemon's way to its whatsapp-performance.
class WhatsAppHouse {
 public:
  explicit WhatsAppHouse(const std::string& url, const Settings& settings = {})
      : postgres_(options(url), settings), collectors_(crm_plugin_descriptor()->factory(FakeConfig({}, settings))) {}

  WhatsAppAnswer ask(const WhatsAppQuestion& asked) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto snapshot = postgres_.open({.scope = asked.scope, .deadline = deadline, .as_of = asked.as_of});
    const Collector& collector = *collectors_.front();
    WhatsAppAnswer answer;
    rollup::RunSources sources(
        *snapshot, facts_, collector.describe(), asked.period, log_,
        {.row_skipped = [](std::string_view reason) { FAIL() << "a row was skipped: " << reason; },
         .unknown_word = [&](std::string_view view, std::string_view column,
                             std::int64_t rows) { answer.unknown_words.emplace_back(view, column, rows); }},
        asked.counters);
    const Params params;
    const Report report = collector.collect({asked.period.window,
                                             asked.period.previous,
                                             asked.scope,
                                             asked.as_of,
                                             params,
                                             asked.calendar,
                                             deadline,
                                             {},
                                             asked.page,
                                             asked.counters != nullptr},
                                            sources);
    answer.document = *report.document;
    answer.next = report.next;
    for (const Warning& warning : report.partial) answer.partial.push_back(warning.what);
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
