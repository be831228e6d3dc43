// `crm-metricsd rollup export`: runs the collectors as of instants of the past.

#include <algorithm>
#include <future>
#include <map>
#include <ostream>
#include <stdexcept>

#include <fmt/format.h>

#include "app/reporter.h"
#include "app/rollup.h"
#include "app/rollup_progress.h"
#include "metrics/open_metrics.h"
#include "metrics/render.h"
#include "rollup/past_counters.h"
#include "rollup/run_sources.h"

namespace crm::app {
namespace {

using std::chrono::steady_clock;

Instant wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Instant noon_of(std::chrono::sys_days day) {
  return Instant(day) + std::chrono::hours(12);
}

class Silent final : public Log {
 public:
  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view) override {}
};

class Export {
 public:
  Export(const RollupOptions& options, const House& house, RollupConsole& console)
      : options_(options),
        house_(house),
        console_(console),
        instants_(instants()),
        counters_(instants_, [this](const FactQuery& query) { return count(query); }),
        text_(options.labels),
        began_(steady_clock::now()),
        shown_(began_) {}

  int run() {
    for (std::size_t i = 0; i < instants_.size(); ++i) {
      sample(instants_[i]);
      if (console_.stop.stop_requested()) return 1;
      show(i + 1);
    }
    text_.write(console_.out);
    console_.out << std::flush;
    console_.err << fmt::format(
        "{} samples of {} instants, {} to {}, in {}\n", text_.samples(), instants_.size(),
        house_.zone->iso(instants_.front()), house_.zone->iso(instants_.back()),
        how_long(std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began_)));
    for (const auto& [name, failure] : failures_) {
      console_.err << fmt::format("collector {}: nothing of {} of {} instants: {}\n", name, failure.count,
                                  instants_.size(), failure.what);
    }
    return failures_.empty() && console_.out.good() ? 0 : 1;
  }

 private:
  struct Failure {
    std::size_t count = 0;
    std::string what;  // the last time
  };

  // A day begins and ends where the business's does; an instant is itself. In whole steps of the world's clock.
  std::vector<Instant> instants() const {
    const Instant now = wall_clock();
    const calendar::Zone& zone = *house_.zone;
    const auto begin_of = [&](std::chrono::sys_days day) { return zone.start_of_day(noon_of(day)); };
    Instant from = zone.shift_days(zone.start_of_day(now), -6);
    if (options_.from) {
      const auto* day = std::get_if<std::chrono::sys_days>(&*options_.from);
      from = day != nullptr ? begin_of(*day) : std::get<Instant>(*options_.from);
    }
    Instant to = now;
    if (options_.to) {
      const auto* day = std::get_if<std::chrono::sys_days>(&*options_.to);
      to = day != nullptr ? zone.shift_days(begin_of(*day), 1) - Duration(1) : std::get<Instant>(*options_.to);
    }
    to = std::min(to, now);
    const Duration step = options_.step;
    std::vector<Instant> all;
    const auto behind = from.time_since_epoch() % step;
    for (Instant t = behind > Duration(0) ? from + (step - behind) : from; t <= to; t += step) all.push_back(t);
    if (all.empty()) {
      throw std::runtime_error(fmt::format("there is no step of {} min from {} to {}",
                                           std::chrono::duration_cast<std::chrono::minutes>(step).count(),
                                           zone.iso(from), zone.iso(to)));
    }
    return all;
  }

  // Day by day, so that no statement is a long one.
  FactTable count(const FactQuery& query) const {
    Description description;
    description.name = "rollup export";
    description.facts_read = {query.fact};
    std::vector<FactRow> rows;
    FactTable shape;
    Instant from = query.window.from;
    do {  // once for a single instant, too: its answer has the shape
      FactQuery day = query;
      day.window = {from, std::min(from + std::chrono::hours(24), query.window.to)};
      const auto first = std::upper_bound(query.buckets.begin(), query.buckets.end(), day.window.from) - 1;
      day.buckets.assign(
          first, std::max(first + 1, std::lower_bound(query.buckets.begin(), query.buckets.end(), day.window.to)));
      const auto snapshot =
          house_.postgres->open({.scope = Scope::everyone(), .deadline = deadline(), .stop = console_.stop});
      Silent log;
      rollup::History history(*snapshot, house_.values().settings);
      rollup::RunSources sources(*snapshot, house_.facts, description, {}, log, {}, nullptr, nullptr,
                                 house_.values().rollup.store ? &history : nullptr);
      shape = sources.facts(day);
      if (shape.absent()) return shape;
      rows.insert(rows.end(), shape.rows().begin(), shape.rows().end());
      from += std::chrono::hours(24);
    } while (from < query.window.to);
    return {shape.columns(), shape.histograms(), std::move(rows)};
  }

  Deadline deadline() const { return steady_clock::now() + house_.values().database.statement_timeout; }

  // In two threads, each with every other collector: the daemon's pool may be as small as its rules allow, and others
  // use the database, too.
  void sample(Instant at) {
    const auto& collectors = house_.plugins.collectors;
    std::vector<Taken> taken(collectors.size());
    const auto work = [&](std::size_t first) {
      for (std::size_t i = first; i < collectors.size(); i += 2) {
        Ask ask = sampling_ask(collectors[i], deadline(), console_.stop);
        ask.past = Past{at, &counters_};
        taken[i] = take_report(house_, ask);
      }
    };
    auto others = std::async(std::launch::async, work, 1);
    work(0);
    others.get();
    for (std::size_t i = 0; i < collectors.size(); ++i) keep(collectors[i]->description(), taken[i], at);
  }

  void keep(const Description& description, const Taken& taken, Instant at) {
    if (taken.outcome.fault != plugin::Fault::none) {
      Failure& failure = failures_[description.name];
      ++failure.count;
      failure.what = taken.outcome.what;
      return;
    }
    metrics::RenderCounts counts;
    const auto max_agents = static_cast<std::size_t>(house_.values().limits.max_agents);
    const auto block =
        metrics::render(description, taken.outcome.report->samples, {max_agents}, slots_[description.name], counts);
    if (block) text_.add(block->text, at);
  }

  void show(std::size_t done) {
    constexpr std::chrono::seconds every{5};
    const auto now = steady_clock::now();
    if (now - shown_ < every) return;
    shown_ = now;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_) *
                      static_cast<std::int64_t>(instants_.size() - done) / static_cast<std::int64_t>(done);
    console_.err << fmt::format("export: {} of {} instants, {} left\n", done, instants_.size(), how_long(left))
                 << std::flush;
  }

  const RollupOptions& options_;
  const House& house_;
  RollupConsole& console_;
  const std::vector<Instant> instants_;
  rollup::PastCounters counters_;
  metrics::OpenMetrics text_;
  std::map<std::string, metrics::LabelSlots> slots_;
  std::map<std::string, Failure> failures_;
  steady_clock::time_point began_;
  steady_clock::time_point shown_;
};

}  // namespace

int export_past(const RollupOptions& options, const House& house, RollupConsole& console) {
  if (house.postgres == nullptr) {
    throw std::runtime_error("database.url is not set: without a database there is nothing to count");
  }
  return Export(options, house, console).run();
}

}  // namespace crm::app
