#include "app/sampling.h"

#include <fmt/format.h>

#include "app/reporter.h"
#include "metrics/render.h"

namespace crm::app {
namespace {

using std::chrono::milliseconds;

milliseconds interval(const House& house, const Description& description) {
  return house.values().collector(description.name).every.value_or(description.schedule.every);
}

// Everything one collector's job remembers from run to run.
struct Sampler {
  std::shared_ptr<const House> house;
  std::shared_ptr<const plugin::LoadedCollector> collector;
  std::shared_ptr<metrics::LabelSlots> slots;
  std::string last_failure;  // so that a lasting fault is logged once, not every fifteen seconds

  const std::string& name() const { return collector->description().name; }
  void run(const std::stop_token& stop, Deadline deadline);
  void keep(const Taken& taken, metrics::RenderCounts& counts);
  void log(const plugin::Outcome& outcome);
};

metrics::RunResult result_of(const plugin::Outcome& outcome) {
  if (outcome.fault == plugin::Fault::timeout) return metrics::RunResult::timeout;
  if (outcome.fault != plugin::Fault::none) return metrics::RunResult::failed;
  return outcome.report->partial.empty() ? metrics::RunResult::ok : metrics::RunResult::partial;
}

void Sampler::run(const std::stop_token& stop, Deadline deadline) {
  const auto turn = house->ground.turns.take(name());
  if (!turn) {  // a run that the house before this one left behind has not come back
    house->ground.telemetry->ticks_skipped(name(), 1);
    return;
  }
  house->ground.telemetry->collector_stuck(name(), false);
  Taken taken = take_report(*house, sampling_ask(collector, deadline, stop));
  if (stop.stop_requested()) return;
  metrics::RenderCounts counts;
  if (taken.outcome.fault == plugin::Fault::none) {
    try {
      keep(taken, counts);
    } catch (const std::exception& error) {
      taken.outcome.fault = plugin::Fault::defect;
      taken.outcome.what = error.what();
    }
  }
  log(taken.outcome);
  metrics::RunOutcome run;
  run.result = result_of(taken.outcome);
  run.duration = taken.outcome.duration;
  run.ended = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  run.as_of = taken.as_of;
  run.lost_series = counts.lost();
  run.rows_with_null = taken.met.rows_with_null;
  run.rows_malformed = taken.met.rows_malformed;
  run.unknown = std::move(taken.met.unknown);
  house->ground.telemetry->collector_finished(name(), run);
}

void Sampler::keep(const Taken& taken, metrics::RenderCounts& counts) {
  const auto max_agents = static_cast<std::size_t>(house->values().limits.max_agents);
  auto block = metrics::render(collector->description(), taken.outcome.report->samples, {max_agents}, *slots, counts);
  auto result = std::make_shared<store::Result>();
  result->collector = name();
  result->as_of = taken.as_of;
  result->taken = taken.at;
  result->document = std::make_shared<const std::string>(taken.outcome.document);
  result->block = std::move(block);
  result->partial = !taken.outcome.report->partial.empty();
  house->ground.results->keep(sampling_key(name()), std::move(result));
}

void Sampler::log(const plugin::Outcome& outcome) {
  auto& log = house->ground.log;
  if (outcome.fault == plugin::Fault::none) {
    if (!last_failure.empty()) log->info("collector {}: works again", name());
    last_failure.clear();
    log->debug("collector {}: {} samples in {:.1f} ms", name(), outcome.report->samples.size(),
               std::chrono::duration<double, std::milli>(outcome.duration).count());
    return;
  }
  if (outcome.what == last_failure) return;
  last_failure = outcome.what;
  log->error("collector {}: {}", name(), outcome.what);
}

}  // namespace

store::Key sampling_key(const std::string& collector) {
  return {collector, Scope::everyone().key(), ""};
}

std::chrono::milliseconds stale_after(const House& house, const Description& description) {
  const auto configured = house.values().collector(description.name).stale_after;
  return configured.value_or(3 * interval(house, description));
}

std::vector<schedule::Job> sampling_jobs(const std::shared_ptr<const House>& house) {
  std::vector<schedule::Job> jobs;
  for (const auto& collector : house->plugins.collectors) {
    const Description& description = collector->description();
    const config::Collector configured = house->values().collector(description.name);
    schedule::Job job;
    job.name = description.name;
    job.cadence = {interval(*house, description), configured.aligned.value_or(description.schedule.aligned),
                   configured.jitter};
    job.timeout = configured.timeout.value_or(description.schedule.timeout);
    auto& slots = (*house->ground.slots)[description.name];
    if (!slots) slots = std::make_shared<metrics::LabelSlots>();
    job.run = [sampler = std::make_shared<Sampler>(Sampler{house, collector, slots, {}})](
                  const std::stop_token& stop, Deadline deadline) { sampler->run(stop, deadline); };
    job.missed = [telemetry = house->ground.telemetry, name = job.name](std::int64_t ticks) {
      telemetry->ticks_skipped(name, ticks);
    };
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace crm::app
