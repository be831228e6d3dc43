#include "rollup/counting.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "rollup/history.h"
#include "rollup/stored_sql.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

source::Bound text(std::string_view value) {
  return {std::string(value), "text"};
}

source::Bound since(const FactDefinition& fact, std::optional<Instant> counting) {
  source::Bound bound{std::nullopt, "timestamptz"};
  if (counting && !fact.of_now) bound.text = to_iso(*counting);
  return bound;
}

source::Bound interval(Duration length) {
  return {fmt::format("{} microseconds", length.count()), "interval"};
}

// All of the same length; the last one may be shorter.
bool are_even(const std::vector<StoredPeriod>& periods, Duration length) {
  return std::all_of(periods.begin(), periods.end(), [&](const StoredPeriod& period) {
    const Duration own = period.until - period.start;
    return period.start == periods.back().start ? own <= length : own == length;
  });
}

// Of the time before counting, or nothing is to be added to the counters at all.
bool is_before(const StoredPeriod& period, std::optional<Instant> counting_since) {
  return !counting_since || period.start < *counting_since;
}

bool are_side_by_side(const std::vector<StoredPeriod>& periods) {
  return std::adjacent_find(periods.begin(), periods.end(), [](const StoredPeriod& one, const StoredPeriod& next) {
           return one.until != next.start;
         }) == periods.end();
}

// How long the time between two periods may be that are counted by one statement: its rows are read, and left out. To
// plan a statement takes as long as reading some minutes of conversations; of messages there may be very many.
Duration longest_left_out(const FactDefinition& fact) {
  const auto& touches = fact.touched_by;
  const bool of_conversations = std::find(touches.begin(), touches.end(), Touch::conversation) != touches.end();
  return of_conversations && !fact.lasts() ? std::chrono::minutes(10) : std::chrono::minutes(0);
}

std::vector<StoredPeriod> between(Grain grain, const std::vector<Instant>& starts, Instant end) {
  std::vector<StoredPeriod> periods;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    periods.push_back({grain, starts[i], i + 1 < starts.size() ? starts[i + 1] : end});
  }
  return periods;
}

}  // namespace

// Without triggers nobody says what has changed: what is young is counted again and again, ever less often.
std::optional<Instant> Counting::recount_at(const StoredPeriod& period) const {
  using Hours = std::chrono::hours;
  if (fed_) return std::nullopt;
  const Instant now = snapshot_.as_of();
  if (period.grain == Grain::minutes) {
    return now + std::chrono::minutes(now - period.start < untrusted_without_feed ? 1 : 15);
  }
  constexpr std::array<Hours, 5> ages{Hours(1), Hours(6), Hours(24), Hours(7 * 24), Hours(35 * 24)};
  for (const Hours age : ages) {
    if (period.until + age > now) return period.until + age;
  }
  return std::nullopt;
}

// Numbers that no row of fact_periods speaks of would be in the way: an index allows no second ones.
void Counting::forget(const FactDefinition& fact, Grain grain, const std::vector<Instant>& starts) {
  snapshot_.write(
      "forget/" + fact.name, forget_sql(fact),
      {{"fact", text(fact.name)}, {"grain", text(to_string(grain))}, {"starts", source::bind_instants(starts)}});
}

void Counting::count(const FactDefinition& fact, const std::vector<StoredPeriod>& periods,
                     std::optional<Instant> counting_since, bool stored) {
  if (periods.empty()) return;
  std::vector<Instant> recounts;
  for (const StoredPeriod& period : periods) {
    if (const auto at = recount_at(period)) recounts.push_back(*at);
  }
  source::Bound recount = source::bind_instants(recounts);
  if (recounts.size() != periods.size()) recount.text = std::nullopt;
  const bool first = !stored && is_before(periods.back(), counting_since);
  if (first) forget(fact, periods.front().grain, starts_of(periods));
  const Duration length = periods.front().until - periods.front().start;
  const bool even = are_even(periods, length) && are_side_by_side(periods);
  const Storing storing = first ? Storing::first : shares(fact, periods.front()) ? Storing::shared : Storing::again;
  if (storing == Storing::shared) {
    snapshot_.write(sql::forget_shares.name, sql::forget_shares.text,
                    {{"fact", text(fact.name)}, {"starts", source::bind_instants(starts_of(periods))}});
  }
  snapshot_.write("count/" + fact.name, count_into_storage_sql(fact, storing, even),
                  {{"fact", text(fact.name)},
                   {"grain", text(to_string(periods.front().grain))},
                   {"version", text(wanted_.version(fact))},
                   {"from", {to_iso(periods.front().start), "timestamptz"}},
                   {"to", {to_iso(periods.back().until), "timestamptz"}},
                   {"starts", source::bind_instants(starts_of(periods))},
                   {"untils", source::bind_instants(untils_of(periods))},
                   {"edges", source::bind_instants(starts_of(periods))},
                   {"length", interval(length)},
                   {"recounts", recount},
                   {"counting_since", since(fact, counting_since)}});
  counted_ += static_cast<std::int64_t>(periods.size());
}

void Counting::add_up(const FactDefinition& fact, const std::vector<StoredPeriod>& wholes, const Parts& parts,
                      bool stored, std::optional<Instant> counting_since) {
  if (wholes.empty()) return;
  std::vector<StoredPeriod> all;
  std::vector<Instant> into;
  for (std::size_t i = 0; i < wholes.size(); ++i) {
    all.insert(all.end(), parts[i].begin(), parts[i].end());
    into.resize(all.size(), wholes[i].start);
  }
  if (all.empty()) return;
  if (!stored) forget(fact, wholes.front().grain, starts_of(wholes));
  const Growth growth = stored && counting_since ? Growth::counted : Growth::known;
  snapshot_.write("add-up/" + fact.name, add_up_sql(fact, stored ? Storing::again : Storing::first, growth),
                  {{"fact", text(fact.name)},
                   {"counting_since", since(fact, counting_since)},
                   {"grain", text(to_string(wholes.front().grain))},
                   {"from_grain", text(to_string(all.front().grain))},
                   {"version", text(wanted_.version(fact))},
                   {"starts", source::bind_instants(starts_of(wholes))},
                   {"untils", source::bind_instants(untils_of(wholes))},
                   {"parts", source::bind_instants(starts_of(all))},
                   {"into", source::bind_instants(into)}});
  counted_ += static_cast<std::int64_t>(wholes.size());
}

// Those of these young hours whose minutes are not all there, after the others have been added up from theirs.
std::vector<StoredPeriod> Counting::add_up_young(const FactDefinition& fact, const std::vector<StoredPeriod>& hours,
                                                 bool stored) {
  if (hours.empty()) return {};
  std::set<Instant> lacking;
  for (const Wanted& part : wanting(minutes({hours.front().start, hours.back().until}), {&fact}))
    lacking.insert(part.period.start);
  std::vector<StoredPeriod> wholes;
  Parts parts;
  std::vector<StoredPeriod> others;
  for (const StoredPeriod& hour : hours) {
    const auto first = lacking.lower_bound(hour.start);
    if (first != lacking.end() && *first < hour.until) {
      others.push_back(hour);
    } else {
      wholes.push_back(hour);
      parts.push_back(minutes({hour.start, hour.until}));
    }
  }
  add_up(fact, wholes, parts, stored);
  return others;
}

// Those of these old hours that are not crowded, after the others have been added up from their minutes. Of hours of
// which nothing is stored, those of the time before counting: they add nothing to the counters.
std::vector<StoredPeriod> Counting::add_up_crowded(const FactDefinition& fact, const std::vector<StoredPeriod>& hours,
                                                   std::optional<Instant> counting_since, bool stored) {
  if (!fed_) return hours;  // minutes are counted again by the clock
  std::vector<StoredPeriod> wholes = crowded_.among(hours, fact);
  if (!stored) std::erase_if(wholes, [&](const StoredPeriod& hour) { return !is_before(hour, counting_since); });
  Parts parts;
  for (const StoredPeriod& hour : wholes) {
    parts.push_back(minutes({hour.start, hour.until}));
    std::set<StoredPeriod> lacking;
    for (const Wanted& minute : wanting(parts.back(), {&fact})) lacking.insert(minute.period);
    count_runs(fact, lacking, std::nullopt, stored);
  }
  add_up(fact, wholes, parts, stored, counting_since);
  std::vector<StoredPeriod> others;
  std::set_difference(hours.begin(), hours.end(), wholes.begin(), wholes.end(), std::back_inserter(others));
  return others;
}

// Each run of periods with a statement. Of minutes, which are mostly stored before, a run is no longer than that: the
// planner takes what is counted and what is stored for few, and joins them.
void Counting::count_runs(const FactDefinition& fact, const std::set<StoredPeriod>& periods,
                          std::optional<Instant> counting_since, bool stored) {
  constexpr std::size_t most_minutes = 120;
  const Duration most_left_out = longest_left_out(fact);
  std::vector<StoredPeriod> run;
  for (const StoredPeriod& period : periods) {
    const bool of_minutes = period.grain == Grain::minutes;
    if (!run.empty() &&
        (period.start - run.back().until > (of_minutes ? most_left_out : Duration(0)) ||
         (of_minutes && run.size() == most_minutes) || shares(fact, period) != shares(fact, run.back()))) {
      count(fact, run, counting_since, stored);
      run.clear();
    }
    run.push_back(period);
  }
  count(fact, run, counting_since, stored);
}

void Counting::count_hours(const FactDefinition& fact, const std::vector<StoredPeriod>& wanted,
                           std::optional<Instant> counting_since, bool stored) {
  const std::set<StoredPeriod> hours(wanted.begin(), wanted.end());
  const auto young = std::find_if(hours.begin(), hours.end(), [&](const StoredPeriod& hour) { return !is_old(hour); });
  std::vector<StoredPeriod> uncounted{hours.begin(), young};
  uncounted = add_up_crowded(fact, uncounted, counting_since, stored);
  const std::vector<StoredPeriod> lacking = add_up_young(fact, {young, hours.end()}, stored);
  uncounted.insert(uncounted.end(), lacking.begin(), lacking.end());
  count_runs(fact, {uncounted.begin(), uncounted.end()}, counting_since, stored);
}

// A day that is not over yet has hours only.
void Counting::count_days(const FactDefinition& fact, const std::vector<StoredPeriod>& days,
                          std::optional<Instant> counting_since) {
  if (days.empty()) return;
  const Instant now = snapshot_.as_of();
  const Window span{days.front().start, days.back().until};
  std::vector<StoredPeriod> over;
  std::vector<StoredPeriod> ended;  // hours
  Parts parts;
  for (const StoredPeriod& day : days) {
    std::vector<StoredPeriod> of_day = hours({day.start, day.until});
    std::copy_if(of_day.begin(), of_day.end(), std::back_inserter(ended),
                 [&](const StoredPeriod& hour) { return hour.until <= now; });
    if (day.until > now) continue;
    over.push_back(day);
    parts.push_back(std::move(of_day));
  }
  const auto is_stored = [](const Wanted& one) { return one.stored; };
  std::vector<StoredPeriod> again;
  std::vector<StoredPeriod> first;
  for (const Wanted& hour : wanting(ended, {&fact})) (hour.stored ? again : first).push_back(hour.period);
  count_late_minutes(fact, span, again, counting_since);
  count_hours(fact, again, counting_since);
  count_hours(fact, first, counting_since, false);
  forget_other_periods(fact, Grain::hour, span, hours(span));  // the counters have looked at them
  if (over.empty()) return;
  forget_other_periods(fact, Grain::day, span, Counting::days(span));
  const auto wholes = wanting(over, {&fact});
  const bool some_stored = wholes.size() < over.size() || std::any_of(wholes.begin(), wholes.end(), is_stored);
  add_up(fact, over, parts, some_stored);
}

void Counting::forget_other_periods(const FactDefinition& fact, Grain grain, const Window& day,
                                    const std::vector<StoredPeriod>& kept) {
  std::vector<Instant> gone;
  snapshot_
      .write(sql::forget_other_periods.name, sql::forget_other_periods.text,
             {{"fact", text(fact.name)},
              {"grain", text(to_string(grain))},
              {"from", {to_iso(day.from), "timestamptz"}},
              {"to", {to_iso(day.to), "timestamptz"}},
              {"starts", source::bind_instants(starts_of(kept))}})
      .each([&](const Row& row) { gone.push_back(row.instant("start")); });
  if (!gone.empty()) forget(fact, grain, gone);
}

std::vector<StoredPeriod> Counting::hours(const Window& window) const {
  auto periods = between(Grain::hour, zone_.hours(window), window.to);
  std::erase_if(periods, [&](const StoredPeriod& hour) { return hour.start < window.from || hour.until > window.to; });
  return periods;
}

std::vector<StoredPeriod> Counting::days(const Window& window) const {
  auto periods = between(Grain::day, zone_.days(window), window.to);
  std::erase_if(periods, [&](const StoredPeriod& day) { return day.start < window.from || day.until > window.to; });
  return periods;
}

std::vector<StoredPeriod> Counting::minutes(const Window& window) {
  std::vector<StoredPeriod> periods;
  for (Instant start = minutes_start(window.from); start < window.to; start += minutes_length) {
    periods.push_back({Grain::minutes, start, std::min<Instant>(start + minutes_length, window.to)});
  }
  return periods;
}

}  // namespace crm::rollup
