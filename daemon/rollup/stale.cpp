#include "rollup/stale.h"

#include <algorithm>
#include <array>

#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

// Instants that lie near each other are looked up as one range.
constexpr std::chrono::hours near{3};
// How many stored periods a step takes on beside those that it touches itself.
constexpr std::int64_t most_others = 1'000;

bool touches(const FactDefinition& fact, Touch touch) {
  return std::find(fact.touched_by.begin(), fact.touched_by.end(), touch) != fact.touched_by.end();
}

// How long a period may be: a business hour has two hours where clocks go back, a day 25, and at most 27.
constexpr std::array<Duration, grain_names.size()> longest{minutes_length, std::chrono::hours(2),
                                                           std::chrono::hours(27)};

// Where periods may begin that contain some of the instants.
struct Ranges {
  std::vector<std::string> facts;
  std::vector<std::string_view> grains;
  std::vector<Instant> afters;
  std::vector<Instant> lasts;

  void add(const FactDefinition& fact, const std::set<Instant>& instants) {
    for (auto at = instants.begin(); at != instants.end();) {
      const Instant first = *at;
      Instant last = first;
      for (++at; at != instants.end() && *at - last <= near; ++at) last = *at;
      add(fact, first, last);
    }
  }

 private:
  void add(const FactDefinition& fact, Instant first, Instant last) {
    for (std::size_t grain = 0; grain < grain_names.size(); ++grain) {
      facts.push_back(fact.name);
      grains.push_back(grain_names[grain]);
      afters.push_back(first - longest[grain]);
      lasts.push_back(last);
    }
  }
};

}  // namespace

Stale::Instants Stale::instants_of(const Touched& touched, const Concerns& concerns) const {
  Instants instants;
  for (const FactDefinition* fact : facts_) {
    if (!concerns(*fact)) continue;
    for (const auto& [touch, minutes] : touched.minutes()) {
      if (!touches(*fact, touch)) continue;
      for (const auto& [start, where] : minutes) instants[fact].insert(start);
    }
  }
  return instants;
}

void Stale::take(const Rows& rows, const std::function<bool(const FactDefinition&, const StoredPeriod&)>& is_stale,
                 std::map<Grain, Periods>* also) {
  rows.each([&](const Row& row) {
    const auto fact =
        std::find_if(facts_.begin(), facts_.end(), [&](const auto* one) { return one->name == row.text("fact"); });
    if (fact == facts_.end()) return;
    const auto grain =
        static_cast<Grain>(std::find(grain_names.begin(), grain_names.end(), row.text("grain")) - grain_names.begin());
    const StoredPeriod period{grain, row.instant("start"), row.instant("until")};
    if (!is_stale(**fact, period)) return;
    if (also != nullptr) (*also)[grain][*fact].insert(period);
    if (std::find(countable_.begin(), countable_.end(), *fact) != countable_.end()) stale_[grain][*fact].insert(period);
  });
}

void Stale::keep(Touched touched, const Concerns& concerns) {
  const Touched& kept = kept_.emplace_back(std::move(touched));
  for (const FactDefinition* fact : facts_) {
    if (fact->shares.empty() || !concerns(*fact)) continue;
    for (const auto& [touch, minutes] : kept.minutes()) {
      if (!touches(*fact, touch)) continue;
      for (const auto& [start, where] : minutes) touched_minutes_[fact][start].merge(where);
    }
  }
}

void Stale::touch(Touched touched, const Concerns& concerns) {
  const Instants instants = instants_of(touched, concerns);
  keep(std::move(touched), concerns);
  Ranges ranges;
  for (const auto& [fact, ats] : instants) ranges.add(*fact, ats);
  if (ranges.facts.empty()) return;
  for (const auto& [fact, ats] : instants) touched_[fact].insert(ats.begin(), ats.end());
  const Rows rows = snapshot_.run(sql::touched_periods.name, sql::touched_periods.text,
                                  {{"facts", text_array(ranges.facts)},
                                   {"grains", text_array(ranges.grains)},
                                   {"afters", source::bind_instants(ranges.afters)},
                                   {"lasts", source::bind_instants(ranges.lasts)}},
                                  true);
  take(
      rows,
      [&](const FactDefinition& fact, const StoredPeriod& period) {
        const auto& ats = instants.at(&fact);
        const auto first = ats.lower_bound(period.start);
        return first != ats.end() && *first < period.until;
      },
      &unnoted_);
}

const TouchedMinute* Stale::touched_in(const FactDefinition& fact, Instant minute) const {
  const auto minutes = touched_minutes_.find(&fact);
  if (minutes == touched_minutes_.end()) return nullptr;
  const auto found = minutes->second.find(minute);
  return found == minutes->second.end() ? nullptr : &found->second;
}

bool Stale::is_touched(const FactDefinition& fact, Instant minute) const {
  const auto ats = touched_.find(&fact);
  return ats != touched_.end() && ats->second.contains(minute);
}

void Stale::freeze(const Touched& touched, const Concerns& concerns) {
  std::vector<std::string> facts;
  std::vector<Instant> instants;
  for (const auto& [fact, ats] : instants_of(touched, concerns)) {
    facts.insert(facts.end(), ats.size(), fact->name);
    instants.insert(instants.end(), ats.begin(), ats.end());
  }
  if (facts.empty()) return;
  snapshot_.write(sql::freeze.name, sql::freeze.text,
                  {{"facts", text_array(facts)}, {"instants", source::bind_instants(instants)}});
}

bool Stale::find_others() {
  const Rows rows = snapshot_.run(sql::wanting_again.name, sql::wanting_again.text,
                                  {{"most", {std::to_string(most_others), "bigint"}}}, true);
  take(
      rows, [](const FactDefinition&, const StoredPeriod&) { return true; }, nullptr);
  return rows.size() == static_cast<std::size_t>(most_others);
}

void Stale::counted(const FactDefinition& fact, const StoredPeriod& period) {
  const auto periods = unnoted_[period.grain].find(&fact);
  if (periods == unnoted_[period.grain].end()) return;
  auto& waiting = periods->second;
  const auto first = waiting.lower_bound({period.grain, period.start, Instant::min()});
  auto last = first;
  while (last != waiting.end() && last->start == period.start) ++last;
  waiting.erase(first, last);
}

void Stale::leave() {
  std::vector<std::string> facts;
  std::vector<std::string_view> grains;
  std::vector<Instant> starts;
  for (const auto& [grain, by_fact] : unnoted_) {
    for (const auto& [fact, periods] : by_fact) {
      for (const StoredPeriod& period : periods) {
        facts.push_back(fact->name);
        grains.push_back(to_string(grain));
        starts.push_back(period.start);
      }
    }
  }
  if (facts.empty()) return;
  snapshot_.write(
      sql::mark_stale.name, sql::mark_stale.text,
      {{"facts", text_array(facts)}, {"grains", text_array(grains)}, {"starts", source::bind_instants(starts)}});
}

}  // namespace crm::rollup
