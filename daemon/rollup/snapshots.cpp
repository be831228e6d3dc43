#include "rollup/snapshots.h"

#include <algorithm>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "rollup/fact_query.h"
#include "rollup/stored_sql.h"
#include "rollup/text_array.h"
#include "snapshots_sql.h"

namespace crm::rollup {
namespace {

using Json = nlohmann::json;

std::vector<Window> between(const std::vector<Instant>& starts, Instant end) {
  std::vector<Window> periods;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    periods.push_back({starts[i], i + 1 < starts.size() ? starts[i + 1] : end});
  }
  return periods;
}

std::vector<Instant> starts_of(const std::vector<Window>& periods) {
  std::vector<Instant> starts;
  for (const Window& period : periods) starts.push_back(period.from);
  return starts;
}

void add(Json& numbers, const FactDefinition& fact, const std::vector<std::int64_t>& values) {
  for (std::size_t i = 0; i < fact.columns.size(); ++i) {
    Json& number = numbers[fact.columns[i].name];
    number = (number.is_null() ? 0 : number.get<std::int64_t>()) + (i < values.size() ? values[i] : 0);
  }
}

// The unassigned have no row; what they have is the total's.
void add(Json& metrics, const FactDefinition& fact, const FactRow& row) {
  if (!row.agent) return;
  Json& whose = *row.agent == "*" ? metrics : metrics["agents"][*row.agent];
  Json& numbers = whose[fact.name];
  add(fact.keyed ? numbers[row.key.value_or("")] : numbers, fact, row.values);
}

}  // namespace

struct AnalyticsSnapshots::Stored {
  std::map<std::string, std::map<Instant, Instant>, std::less<>> hours;  // by fact: start → until
  std::set<Instant> due;                                                 // starts of hours and days

  // The starts of a fact's hours in a period; none if they do not fill it.
  std::vector<Instant> filling(const FactDefinition& fact, const Window& period) const {
    const auto of_fact = hours.find(fact.name);
    if (of_fact == hours.end()) return {};
    std::vector<Instant> starts;
    Instant reached = period.from;
    for (auto hour = of_fact->second.find(reached); reached < period.to; hour = of_fact->second.find(reached)) {
      if (hour == of_fact->second.end() || hour->second > period.to) return {};
      starts.push_back(hour->first);
      reached = hour->second;
    }
    return starts;
  }

  bool is_due(const Window& period) const {
    const auto first = due.lower_bound(period.from);
    return first != due.end() && *first < period.to;
  }
};

Window AnalyticsSnapshots::week_of(Instant t) const {
  const Instant day = zone_.start_of_day(t);
  const int since_monday = (zone_.hour_of_week(day).day_of_week + 6) % 7;
  const Instant monday = zone_.start_of_day(zone_.shift_days(day, -since_monday));
  return {monday, zone_.start_of_day(zone_.shift_days(monday, 7))};
}

AnalyticsSnapshots::Stored AnalyticsSnapshots::stored_in(const Window& week) {
  std::vector<std::string> names;
  for (const FactDefinition* fact : facts_) names.push_back(fact->name);
  Stored stored;
  snapshot_
      .run(sql::stored_between.name, sql::stored_between.text,
           {{"facts", text_array(names)},
            {"from", {to_iso(week.from), "timestamptz"}},
            {"to", {to_iso(week.to), "timestamptz"}}},
           true)
      .each([&](const Row& row) {
        const Instant start = row.instant("start");
        if (row.text("grain") == to_string(Grain::hour))
          stored.hours[std::string(row.text("fact"))].emplace(start, row.instant("until"));
        if (!row.boolean("shown")) stored.due.insert(start);
      });
  return stored;
}

bool AnalyticsSnapshots::write_newest() {
  const Rows newest = snapshot_.run(sql::newest_not_shown.name, sql::newest_not_shown.text, {}, true);
  if (newest.empty() || newest[0].is_null("start")) return false;
  const Window week = week_of(newest[0].instant("start"));
  const Stored stored = stored_in(week);
  const auto write_all = [&](std::string_view type, const std::vector<Window>& periods) {
    std::vector<Window> due;
    std::copy_if(periods.begin(), periods.end(), std::back_inserter(due),
                 [&](const Window& period) { return period.to <= snapshot_.as_of() && stored.is_due(period); });
    write(type, due, stored);
    forget_others(type, periods, week);
  };
  write_all("hourly", between(zone_.hours(week), week.to));
  write_all("daily", between(zone_.days(week), week.to));
  write_all("weekly", {week});
  snapshot_.write(sql::note_shown.name, sql::note_shown.text,
                  {{"from", {to_iso(week.from), "timestamptz"}}, {"to", {to_iso(week.to), "timestamptz"}}});
  return true;
}

// A fact that is not stored for the whole of a period is left out of its row: a part of a sum would pass for it.
void AnalyticsSnapshots::write(std::string_view type, const std::vector<Window>& periods, const Stored& stored) {
  std::map<Instant, Json> rows;
  for (const FactDefinition* fact : facts_) {
    if (fact->of_now) continue;
    FactQuery query{fact->name, {}, {Axis::bucket, Axis::agent, Axis::key}, {}, false};
    const FactDefinition asked = as_asked(*fact, query);
    std::vector<Instant> hours;
    for (const Window& period : periods) {
      const std::vector<Instant> filling = stored.filling(*fact, period);
      if (filling.empty()) continue;
      hours.insert(hours.end(), filling.begin(), filling.end());
      query.buckets.push_back(period.from);
      query.window = {query.buckets.front(), period.to};
      Json& row = rows.try_emplace(period.from, Json{{"agents", Json::object()}}).first->second;
      row[fact->name] = Json::object();
      if (!fact->keyed) add(row[fact->name], *fact, std::vector<std::int64_t>{});
    }
    if (hours.empty()) continue;
    std::sort(hours.begin(), hours.end());
    std::vector<StoredPeriod> filling;
    for (const Instant hour : hours) filling.push_back({Grain::hour, hour, {}});
    auto [sql, binding] = stored_sums(asked, query, filling, false);
    if (!has_many_buckets(query)) binding["buckets"] = source::bind_instants(query.buckets);
    const FactTable sums = to_table(asked, query, snapshot_.run("show/" + fact->name, sql, binding, true));
    for (const FactRow& row : sums.rows()) add(rows.at(row.bucket.value()), *fact, row);
  }
  std::vector<Instant> starts;
  std::vector<std::string> metrics;
  for (const auto& [start, row] : rows) {
    starts.push_back(start);
    metrics.push_back(row.dump());
  }
  if (starts.empty()) return;
  snapshot_.write(sql::show.name, sql::show.text,
                  {{"type", {std::string(type), "text"}},
                   {"starts", source::bind_instants(starts)},
                   {"metrics", text_array(metrics, "jsonb[]")}});
}

void AnalyticsSnapshots::forget_others(std::string_view type, const std::vector<Window>& periods, const Window& week) {
  snapshot_.write(sql::show_no_others.name, sql::show_no_others.text,
                  {{"type", {std::string(type), "text"}},
                   {"from", {to_iso(week.from), "timestamptz"}},
                   {"to", {to_iso(week.to), "timestamptz"}},
                   {"starts", source::bind_instants(starts_of(periods))}});
}

}  // namespace crm::rollup
