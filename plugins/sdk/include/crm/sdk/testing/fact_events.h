#pragma once
// Facts for tests, written as the events that they count.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <crm/sdk/errors.h>
#include <crm/sdk/facts.h>

namespace crm::testing {

// One event: when, whose, under which key, and a value for each column (nothing = NULL: it adds nothing).
struct FactEvent {
  Instant at;
  std::optional<std::string> agent = {};
  std::optional<std::string> key = {};
  std::vector<std::optional<std::int64_t>> values = {};
};

// How many events have which value of a column: `bounds` as in the header of a fact file, "response(response_ms: 15000
// 60000)".
struct EventHistogram {
  std::string name;
  std::string column;
  std::vector<std::int64_t> bounds;
};

struct EventFact {
  std::vector<std::string> columns;
  std::vector<FactEvent> events;
  std::vector<EventHistogram> histograms = {};
};

// The agents whose events count; nothing = everyone's, unassigned ones too.
using VisibleAgents = std::optional<std::set<std::string>>;

namespace events {

using Group = std::tuple<std::optional<Instant>, std::optional<std::string>, std::optional<std::string>>;

inline bool by(const FactQuery& query, Axis axis) {
  return std::find(query.by.begin(), query.by.end(), axis) != query.by.end();
}

inline std::size_t column_of(const EventFact& fact, const EventHistogram& histogram) {
  const auto found = std::find(fact.columns.begin(), fact.columns.end(), histogram.column);
  if (found == fact.columns.end()) {
    throw UsageError("histogram '" + histogram.name + "' is of column '" + histogram.column +
                     "', which the fact does not have");
  }
  return static_cast<std::size_t>(found - fact.columns.begin());
}

inline void check(const EventFact& fact, const std::string& name) {
  for (const FactEvent& event : fact.events) {
    if (event.values.size() != fact.columns.size()) {
      throw UsageError("an event of fact '" + name + "' at " + to_iso(event.at) + " has " +
                       std::to_string(event.values.size()) + " values for " + std::to_string(fact.columns.size()) +
                       " columns");
    }
  }
  for (const EventHistogram& histogram : fact.histograms) column_of(fact, histogram);
}

inline void check_buckets(const FactQuery& query) {
  if (!by(query, Axis::bucket)) return;
  if (query.buckets.empty() || query.buckets.front() > query.window.from ||
      !std::is_sorted(query.buckets.begin(), query.buckets.end())) {
    throw UsageError("fact '" + query.fact +
                     "' by bucket needs bucket starts that ascend from one at or before the window's start");
  }
}

inline Group group_of(const FactEvent& event, const FactQuery& query) {
  Group group;
  if (by(query, Axis::bucket)) {
    const auto next = std::upper_bound(query.buckets.begin(), query.buckets.end(), event.at);
    std::get<0>(group) = *std::prev(next);
  }
  if (by(query, Axis::agent)) std::get<1>(group) = event.agent;
  if (by(query, Axis::key)) std::get<2>(group) = event.key;
  return group;
}

inline FactRow empty_row(const EventFact& fact, const Group& group) {
  FactRow row{std::get<0>(group), std::get<1>(group), std::get<2>(group), {}, {}};
  row.values.assign(fact.columns.size(), 0);
  for (const EventHistogram& histogram : fact.histograms) row.histograms.emplace_back(histogram.bounds.size() + 1, 0);
  return row;
}

inline void add(const EventFact& fact, const FactEvent& event, FactRow& row) {
  for (std::size_t i = 0; i < event.values.size(); ++i) row.values[i] += event.values[i].value_or(0);
  for (std::size_t i = 0; i < fact.histograms.size(); ++i) {
    const auto& value = event.values[column_of(fact, fact.histograms[i])];
    if (!value) continue;
    const auto& bounds = fact.histograms[i].bounds;
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), *value) - bounds.begin();
    ++row.histograms[i][static_cast<std::size_t>(bucket)];
  }
}

inline bool counts(const FactEvent& event, const FactQuery& query, const VisibleAgents& visible) {
  return query.window.contains(event.at) &&
         (!visible || query.whole_company || (event.agent && visible->contains(*event.agent)));
}

}  // namespace events

// Sums the events of the query's window by its axes, ordered by bucket, agent, key. Without axes one row, the total,
// also of no events; with axes, only groups that have events. UsageError if columns, bounds or buckets are not well
// formed.
inline FactTable sum_events(const EventFact& fact, const FactQuery& query, const VisibleAgents& visible) {
  events::check(fact, query.fact);
  events::check_buckets(query);
  std::map<events::Group, FactRow> groups;
  if (query.by.empty()) groups.emplace(events::Group{}, events::empty_row(fact, {}));
  const auto add = [&](const FactEvent& event, const FactQuery& part) {
    const events::Group group = events::group_of(event, part);
    const auto place = groups.try_emplace(group, events::empty_row(fact, group)).first;
    events::add(fact, event, place->second);
  };
  for (const FactEvent& event : fact.events) {
    if (!events::counts(event, query, visible)) continue;
    if (!query.apart) add(event, query);
    for (const Axis axis : query.apart ? query.by : std::vector<Axis>{}) {
      add(event, {.fact = query.fact, .window = query.window, .by = {axis}, .buckets = query.buckets});
    }
  }

  std::vector<std::string> histograms;
  for (const EventHistogram& histogram : fact.histograms) histograms.push_back(histogram.name);
  std::vector<FactRow> rows;
  for (auto& [group, row] : groups) rows.push_back(std::move(row));
  return FactTable(fact.columns, std::move(histograms), std::move(rows));
}

}  // namespace crm::testing
