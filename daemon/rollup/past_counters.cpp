#include "rollup/past_counters.h"

#include <algorithm>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::rollup {
namespace {

void add(std::vector<std::int64_t>& total, const std::vector<std::int64_t>& more) {
  total.resize(std::max(total.size(), more.size()), 0);
  for (std::size_t i = 0; i < more.size(); ++i) total[i] += more[i];
}

void add(FactRow& total, const FactRow& more) {
  add(total.values, more.values);
  total.histograms.resize(std::max(total.histograms.size(), more.histograms.size()));
  for (std::size_t i = 0; i < more.histograms.size(); ++i) add(total.histograms[i], more.histograms[i]);
}

}  // namespace

PastCounters::Counter& PastCounters::counter(const std::string& fact, const std::vector<Axis>& by) {
  const auto found = counters_.find({fact, by});
  if (found != counters_.end()) return found->second;
  const Instant first = instants_.front();
  FactQuery query{.fact = fact, .window = {first, instants_.back()}, .by = {Axis::bucket}, .buckets = instants_};
  if (instants_.size() > 1) query.buckets.pop_back();  // nothing is counted behind the last one
  query.by.insert(query.by.end(), by.begin(), by.end());
  FactTable counted = read_(query);
  std::vector<FactRow> rows = counted.rows();
  if (std::find(by.begin(), by.end(), Axis::agent) != by.end()) {
    std::erase_if(rows, [](const FactRow& row) { return !row.agent; });  // as counters that are stored
  }
  std::stable_sort(rows.begin(), rows.end(), [](const FactRow& a, const FactRow& b) { return a.bucket < b.bucket; });
  return counters_.emplace(std::pair(fact, by), Counter{std::move(counted), std::move(rows), 0, first}).first->second;
}

FactTable PastCounters::count(const std::string& fact, const std::vector<Axis>& by, Instant now, const Read&) {
  const std::lock_guard lock(mutex_);
  Counter& counter = this->counter(fact, by);
  if (counter.counted.absent()) return counter.counted;
  if (now < counter.now) throw UsageError(fmt::format("counters of fact '{}' were asked for a later instant", fact));
  counter.now = now;
  for (; counter.next < counter.rows.size() && *counter.rows[counter.next].bucket < now; ++counter.next) {
    const FactRow& row = counter.rows[counter.next];
    add(counter.totals[{row.agent, row.key}], row);
  }
  std::vector<FactRow> totals;
  for (const auto& [group, total] : counter.totals) {
    totals.push_back(
        {.agent = group.first, .key = group.second, .values = total.values, .histograms = total.histograms});
  }
  return {counter.counted.columns(), counter.counted.histograms(), std::move(totals)};
}

}  // namespace crm::rollup
