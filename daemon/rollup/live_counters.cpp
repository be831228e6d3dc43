#include "rollup/live_counters.h"

#include <algorithm>

namespace crm::rollup {
namespace {

Instant period_of(Instant t) {
  return std::chrono::floor<std::chrono::minutes>(t) -
         std::chrono::floor<std::chrono::minutes>(t.time_since_epoch()) % LiveCounters::period;
}

std::vector<Instant> periods_between(Instant from, Instant to) {
  std::vector<Instant> starts;
  for (Instant start = from; start < to; start += LiveCounters::period) starts.push_back(start);
  return starts;
}

void grow(std::int64_t& total, std::int64_t now, std::int64_t before) {
  total += std::max<std::int64_t>(now - before, 0);
}

}  // namespace

std::shared_ptr<LiveCounters::Counter> LiveCounters::counter(const std::string& fact, const std::vector<Axis>& by) {
  const std::lock_guard lock(mutex_);
  auto& place = counters_[{fact, by}];
  if (!place) place = std::make_shared<Counter>();
  return place;
}

void LiveCounters::begin_again() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, counter] : counters_) {
    const std::lock_guard counter_lock(counter->mutex);
    counter->counted_widely.reset();
  }
}

FactTable LiveCounters::count(const std::string& fact, const std::vector<Axis>& by, Instant now, const Read& read) {
  const auto counter = this->counter(fact, by);
  // Held while PostgreSQL counts: two runs that count one fact at once would both add the same rows.
  const std::lock_guard lock(counter->mutex);
  const bool first = !counter->counted_widely;
  const bool widely = first || now - *counter->counted_widely >= period;
  const Instant from = period_of(now - (widely ? now_and_then : every_run));
  FactQuery query{.fact = fact, .window = {from, now}, .by = {Axis::bucket}, .buckets = periods_between(from, now)};
  query.by.insert(query.by.end(), by.begin(), by.end());
  const FactTable counted = read(query);
  if (counted.absent()) return counted;
  add(*counter, counted, from, first);
  if (widely) counter->counted_widely = now;
  counter->periods.erase(counter->periods.begin(), counter->periods.lower_bound(period_of(now - now_and_then)));
  return counter->table(counted);
}

// Puts the new numbers in the place of those from `from` on; what grew goes into the totals, unless it is the first
// time.
void LiveCounters::add(Counter& counter, const FactTable& counted, Instant from, bool first) {
  std::map<Instant, std::map<Group, Numbers>> before;
  for (auto period = counter.periods.lower_bound(from); period != counter.periods.end();) {
    before.insert(counter.periods.extract(period++));
  }
  for (const FactRow& row : counted.rows()) {
    const Group group{row.agent, row.key};
    Numbers& old = before[*row.bucket][group];
    Numbers& total = counter.totals[group];
    for (Numbers* numbers : {&old, &total}) {
      numbers->values.resize(row.values.size(), 0);
      numbers->histograms.resize(row.histograms.size());
      for (std::size_t i = 0; i < row.histograms.size(); ++i) {
        numbers->histograms[i].resize(row.histograms[i].size(), 0);
      }
    }
    if (!first) {
      for (std::size_t i = 0; i < row.values.size(); ++i) grow(total.values[i], row.values[i], old.values[i]);
      for (std::size_t i = 0; i < row.histograms.size(); ++i) {
        for (std::size_t j = 0; j < row.histograms[i].size(); ++j) {
          grow(total.histograms[i][j], row.histograms[i][j], old.histograms[i][j]);
        }
      }
    }
    counter.periods[*row.bucket][group] = {row.values, row.histograms};
  }
}

FactTable LiveCounters::Counter::table(const FactTable& shape) const {
  std::vector<FactRow> rows;
  for (const auto& [group, numbers] : totals) {
    rows.push_back(
        {.agent = group.first, .key = group.second, .values = numbers.values, .histograms = numbers.histograms});
  }
  return {shape.columns(), shape.histograms(), std::move(rows)};
}

}  // namespace crm::rollup
