#include "rollup/past.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rollup/snapshots.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::steady_clock;

void show(const Filling& filling) {
  AnalyticsSnapshots snapshots(filling.snapshot, filling.counting.facts(), filling.zone);
  while (!filling.out_of_time() && snapshots.write_newest()) {
  }
}

struct DaysOfFact {
  const FactDefinition* fact = nullptr;
  std::vector<StoredPeriod> days;
};

// One day of all facts, and ever more at once while that takes little: of a small CRM a month takes as long as a day.
void count_days(const Filling& filling, const std::vector<const FactDefinition*>& facts, const Window& window) {
  constexpr std::size_t most_days = 16;
  Counting& counting = filling.counting;
  std::size_t days_at_once = 1;
  const std::vector<Wanted> wanted = counting.wanting(counting.days(window), facts);
  for (auto next = wanted.begin(); next != wanted.end();) {
    std::map<std::string, DaysOfFact> turn;
    for (std::set<Instant> days; next != wanted.end(); ++next) {
      days.insert(next->period.start);
      if (days.size() > days_at_once) break;
      DaysOfFact& of_fact = turn[next->fact->name];
      of_fact.fact = next->fact;
      of_fact.days.insert(of_fact.days.begin(), next->period);  // ascending
    }
    const auto began = steady_clock::now();
    for (const auto& [name, of_fact] : turn) {
      if (filling.out_of_time()) return;
      counting.count_days(*of_fact.fact, of_fact.days, filling.counting_since);
    }
    if (steady_clock::now() - began < filling.rules.budget / 4) days_at_once = std::min(2 * days_at_once, most_days);
  }
}

Instant first_open_day(const Filling& filling, Instant latest) {
  constexpr std::chrono::days furthest{5 * 365};
  const Rows rows =
      filling.snapshot.run(sql::oldest_open_conversation.name, sql::oldest_open_conversation.text, {}, true);
  if (rows.absent() || rows.empty() || rows[0].is_null("at")) return latest;
  const Instant now = filling.snapshot.as_of();
  return filling.zone.start_of_day(std::clamp(rows[0].instant("at"), now - furthest, latest));
}

// Whole business days. Facts of now are asked for from the beginning of all conversations.
void count_all_days(const Filling& filling) {
  const auto& facts = filling.counting.facts();
  const Instant today = filling.zone.start_of_day(filling.snapshot.as_of());
  const Instant first = filling.zone.shift_days(today, -static_cast<int>(filling.rules.fill.count()));
  count_days(filling, facts, {first, today});
  count_days(filling, facts_of_now(facts), {first_open_day(filling, first), first});
  filling.counting.forget_minutes();
}

}  // namespace

void fill_past(const Filling& filling) {
  show(filling);
  count_all_days(filling);
  show(filling);
}

}  // namespace crm::rollup
