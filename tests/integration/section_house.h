#pragma once
// A real collector over a real database: one CRM, and the daemon's way to one section, asked as a scope, at an instant,
// about a window, page by page.

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_config.h>

#include "cluster.h"
#include "rollup/live_counters.h"
#include "rollup/run_sources.h"
#include "rollup/step.h"

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace crm::testing {

struct SectionAnswer {
  Json document;
  std::map<std::string, double> samples;  // by family, and its label values after a blank each; a histogram's sum
  std::vector<std::string> next;
  std::vector<std::string> partial;
  std::vector<std::tuple<std::string, std::string, std::int64_t>> unknown_words;

  const Json& operator[](const char* field) const { return document.at(field); }
  friend bool operator==(const SectionAnswer& a, const SectionAnswer& b) {
    return a.document == b.document && a.samples == b.samples;
  }
  friend void PrintTo(const SectionAnswer& answer, std::ostream* out) {
    *out << answer.document.dump();
    for (const auto& [name, value] : answer.samples) *out << "\n  " << name << " " << value;
  }
};

struct SectionQuestion {
  Instant as_of;
  Period period;
  Scope scope = Scope::everyone();
  Page page = {};
  const Calendar* calendar = &utc_calendar();
  bool default_window = false;  // as Request::default_window
  std::string section = "";     // empty: the plugin's only one
};

class SectionHouse {
 public:
  explicit SectionHouse(const std::string& url, const Settings& settings = {})
      : SectionHouse(url, settings, FakeConfig({}, settings)) {}
  SectionHouse(const std::string& url, const Settings& settings, const Config& config)
      : settings_(settings), postgres_(options(url), settings), collectors_(crm_plugin_descriptor()->factory(config)) {}

  const Collector& collector(const std::string& section = "") const {
    const auto found = std::find_if(collectors_.begin(), collectors_.end(), [&](const auto& collector) {
      return section.empty() || collector->describe().name == section;
    });
    return **found;
  }

  // As a person asks.
  SectionAnswer ask(const SectionQuestion& question) { return run(question, false, nullptr); }
  // The same with the samples of a collector that counts nothing for Prometheus alone.
  SectionAnswer ask_with_samples(const SectionQuestion& question) { return run(question, true, nullptr); }
  // As the scheduler does: for everyone, with samples, whose counters go on from run to run.
  SectionAnswer sample(const SectionQuestion& question) { return run(question, true, &counters_); }
  SectionAnswer sample(const SectionQuestion& question, rollup::LiveCounters& counters) {
    return run(question, true, &counters);
  }

  // Counts all there is into storage, as of `as_of`: the answers after it are sums of stored periods where those serve.
  void store(Instant as_of, const calendar::Zone& zone, std::chrono::days fill = std::chrono::days(40)) {
    rollup::StepRules rules;
    rules.as_of = as_of;
    rules.fed = true;
    rules.fill = fill;
    const rollup::RollupHouse house{&postgres_, rollup::all_facts(facts_), &zone};
    while (rollup::take_step(house, rules).more) {
    }
  }
  // Sessions and the table queue are there, with the words of the configuration's defaults; else neither is.
  void have_infrastructure() {
    infrastructure_.emplace().sessions = {
        {.connected = {"connected"}, .reconnecting = {"connecting"}, .disconnected = {"disconnected"}}, "a key"};
  }

  // How many stored periods were read by the answers so far.
  std::size_t periods_read() const { return periods_read_; }

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

  SectionAnswer run(const SectionQuestion& question, bool wants_samples, rollup::LiveCounters* counters) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    const auto snapshot = postgres_.open({.scope = question.scope, .deadline = deadline, .as_of = question.as_of});
    const Collector& collector = this->collector(question.section);
    SectionAnswer answer;
    rollup::History history(*snapshot, settings_);
    rollup::RunSources sources(
        *snapshot, facts_, collector.describe(), question.period, log_,
        {.row_skipped = [](std::string_view reason) { FAIL() << "a row was skipped: " << reason; },
         .unknown_word = [&](std::string_view view, std::string_view column,
                             std::int64_t rows) { answer.unknown_words.emplace_back(view, column, rows); }},
        counters, infrastructure_ ? &*infrastructure_ : nullptr, &history);
    const Params params;
    const Report report = collector.collect({.window = question.period.window,
                                             .previous = question.period.previous,
                                             .scope = question.scope,
                                             .as_of = question.as_of,
                                             .params = params,
                                             .calendar = *question.calendar,
                                             .deadline = deadline,
                                             .stop = {},
                                             .page = question.page,
                                             .wants_samples = wants_samples,
                                             .default_window = question.default_window},
                                            sources);
    periods_read_ += history.periods_read();
    answer.document = *report.document;
    answer.next = report.next;
    for (const Warning& warning : report.partial) answer.partial.push_back(warning.what);
    for (const Sample& sample : report.samples) {
      std::string name = sample.family;
      for (const std::string& label : sample.labels) name += " " + label;
      answer.samples[name] = sample.histogram ? sample.histogram->sum : sample.value;
    }
    return answer;
  }

  const Settings settings_;
  std::size_t periods_read_ = 0;
  source::Postgres postgres_;
  rollup::FactRegistry facts_;
  std::optional<rollup::Infrastructure> infrastructure_;
  rollup::LiveCounters counters_;
  SilentLog log_;
  Collectors collectors_;
};

}  // namespace crm::testing
