#include "rollup/history.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "history_sql.h"
#include "rollup/fact_query.h"
#include "rollup/stored_sql.h"

namespace crm::rollup {
namespace {

// A gap costs a statement of its own; beyond this many, stored periods between them are counted as well.
constexpr std::size_t most_gaps = 8;

bool asks(const FactQuery& query, Axis axis) {
  return std::find(query.by.begin(), query.by.end(), axis) != query.by.end();
}

using Group = std::tuple<std::optional<Instant>, std::optional<std::string>, std::optional<std::string>>;
using Groups = std::map<Group, FactRow>;

void add(std::vector<std::int64_t>& into, const std::vector<std::int64_t>& more, std::int64_t sign) {
  into.resize(std::max(into.size(), more.size()), 0);
  for (std::size_t i = 0; i < more.size(); ++i) into[i] += sign * more[i];
}

void add(Groups& groups, const FactRow& row, const Group& group, std::int64_t sign = 1) {
  FactRow& sum = groups[group];
  std::tie(sum.bucket, sum.agent, sum.key) = group;
  add(sum.values, row.values, sign);
  sum.histograms.resize(std::max(sum.histograms.size(), row.histograms.size()));
  for (std::size_t i = 0; i < row.histograms.size(); ++i) add(sum.histograms[i], row.histograms[i], sign);
}

// Of everybody: what agent '*' has beyond the agents belongs to none of them.
void add_stored(Groups& groups, const FactTable& stored) {
  for (const FactRow& row : stored.rows()) {
    if (row.agent == "*") {
      add(groups, row, {row.bucket, std::nullopt, row.key});
    } else {
      add(groups, row, {row.bucket, row.agent, row.key});
      if (row.agent) add(groups, row, {row.bucket, std::nullopt, row.key}, -1);
    }
  }
}

FactTable to_table(const FactDefinition& fact, const FactQuery& query, Groups groups) {
  std::vector<std::string> columns;
  std::vector<std::string> histograms;
  for (const FactColumn& column : fact.columns) columns.push_back(column.name);
  for (const FactHistogram& histogram : fact.histograms) histograms.push_back(histogram.name);
  std::vector<FactRow> rows;
  for (auto& [group, row] : groups) {
    row.histograms.resize(histograms.size());
    for (std::size_t i = 0; i < histograms.size(); ++i)
      row.histograms[i].resize(fact.histograms[i].bounds.size() + 1, 0);
    if (query.by.empty() || !is_nothing(row)) rows.push_back(std::move(row));
  }
  return {std::move(columns), std::move(histograms), std::move(rows)};
}

// What is asked for by each axis on its own is stored for each.
std::vector<FactQuery> by_each_axis(const FactQuery& query) {
  if (!query.apart) return {query};
  std::vector<FactQuery> parts;
  for (const Axis axis : query.by) {
    parts.push_back(query);
    parts.back().apart = false;
    parts.back().by = {axis};
  }
  return parts;
}

// The query of a part of its window, of whose buckets it has those that the part lies in: a month has 720 hours.
FactQuery within(const FactQuery& query, const Window& part) {
  FactQuery narrow = query;
  narrow.window = part;
  std::vector<Instant>& buckets = narrow.buckets;
  buckets.erase(std::lower_bound(buckets.begin(), buckets.end(), part.to), buckets.end());
  const auto behind = std::upper_bound(buckets.begin(), buckets.end(), part.from);
  if (behind != buckets.begin()) buckets.erase(buckets.begin(), std::prev(behind));
  return narrow;
}

}  // namespace

Rows History::read(const std::string& name, const std::string& sql, source::Binding binding) {
  return snapshot_.run_own(name, sql, binding);
}

const HistoryState& History::state() {
  if (state_) return *state_;
  state_.emplace();
  read(sql::history_state.name, sql::history_state.text, {}).each([&](const Row& row) {
    state_->fed = row.boolean("fed");
    if (!row.is_null("counting_since")) state_->counting_since = row.instant("counting_since");
    state_->rescan = row.boolean("rescan");
    if (row.boolean("visits")) state_->visits_from = row.maybe_instant("visits_from").value_or(Instant::min());
  });
  return *state_;
}

// Null where too many wait for it to be found out.
const History::Waiting* History::waiting() {
  if (waiting_) return &*waiting_;
  if (too_many_wait_) return nullptr;
  const Rows rows = read(sql::waiting_changes.name, sql::waiting_changes.text,
                         {{"most", {std::to_string(most_waiting + 1), "bigint"}}});
  too_many_wait_ = rows.size() > static_cast<std::size_t>(most_waiting);
  if (too_many_wait_) return nullptr;
  std::vector<Change> changes;
  std::vector<Change> prunings;
  const Instant horizon = snapshot_.as_of() - settings_.rollup.horizon;
  rows.each([&](const Row& row) {
    Change change{std::string(row.text("entity")), std::nullopt, row.maybe_instant("at")};
    if (!row.is_null("id")) change.id = row.text("id");
    (is_pruning(change, horizon) ? prunings : changes).push_back(std::move(change));
  });
  waiting_.emplace(touched_by(snapshot_, changes), touched_by(snapshot_, prunings), visits_changed_by(changes));
  return &*waiting_;
}

bool History::touched(const FactDefinition& fact, const StoredPeriod& period) {
  const Waiting* const waits = waiting();
  if (waits == nullptr) {
    exact_ = false;
    return false;
  }
  const auto within = [&](const Touched& touched, Touch touch) {
    const auto minutes = touched.minutes().find(touch);
    if (minutes == touched.minutes().end()) return false;
    const auto first = minutes->second.lower_bound(period.start);
    return first != minutes->second.end() && first->first < period.until;
  };
  return std::any_of(fact.touched_by.begin(), fact.touched_by.end(), [&](Touch touch) {
    return within(waits->changed, touch) || (fact.of_now && within(waits->pruned, touch));
  });
}

const calendar::Zone& History::zone() {
  if (!zone_) zone_ = calendar::Zone::load(settings_.timezone);
  return *zone_;
}

Instant History::trusted_until() {
  return state().fed ? snapshot_.as_of() : snapshot_.as_of() - untrusted_without_feed;
}

std::vector<StoredPeriod> History::periods(const FactDefinition& fact, const std::vector<Window>& windows,
                                           Grain grain) {
  std::vector<StoredLookups::Wanted> wanted;
  for (const Window& window : windows) wanted.push_back({grain, window});
  lookups_.look_up(fact, wanted, trusted_until());
  std::vector<StoredPeriod> found;
  for (const auto& [period, frozen, holds, late] : lookups_.within(fact, grain, windows)) {
    if (!holds || (grain == Grain::day && zone().start_of_day(period.start) != period.start)) rebuilding_ = true;
    if (!holds || (!frozen && touched(fact, period))) continue;
    if (late) exact_ = false;
    found.push_back(period);
  }
  return found;
}

// Looks up at once what a window mostly needs: its days, hours before its first and behind its last midnight, minutes
// before its first and behind its last hour.
void History::foresee(const FactDefinition& fact, const Window& window, bool by_hour) {
  const auto start_of_hour = [&](Instant t) { return zone().hours({t, t + Instant::duration(1)}).front(); };
  const auto next_day = [&](Instant t) { return zone().start_of_day(zone().shift_days(t, 1)); };
  std::vector<StoredLookups::Wanted> wanted;
  const auto want = [&](Grain grain, Instant from, Instant to) {
    const Window part{std::max(from, window.from), std::min(to, window.to)};
    if (part.to - part.from >= std::max(shortest(grain), Duration(1))) wanted.push_back({grain, part});
  };
  if (by_hour) {
    want(Grain::hour, window.from, window.to);
  } else {
    want(Grain::day, window.from, window.to);
    if (zone().start_of_day(window.from) != window.from) want(Grain::hour, window.from, next_day(window.from));
    want(Grain::hour, zone().start_of_day(window.to), window.to);
  }
  const Instant first_hour = start_of_hour(window.from);
  if (first_hour != window.from) want(Grain::minutes, window.from, first_hour + std::chrono::hours(1));
  want(Grain::minutes, start_of_hour(window.to), window.to);
  lookups_.look_up(fact, wanted, trusted_until());
}

// The longest that there are; the minutes of an hour that is stored are not asked for, as a day has many.
Coverage History::covered(const FactDefinition& fact, const Window& window, const std::vector<Instant>& buckets) {
  const bool by_hour = buckets.size() > 1 && buckets[1] - buckets[0] < shortest(Grain::day);
  foresee(fact, window, by_hour);
  std::vector<StoredPeriod> found;
  Coverage coverage = cover(window, found, buckets);
  for (const Grain grain : {Grain::day, Grain::hour, Grain::minutes}) {
    if (grain == Grain::day && by_hour) continue;
    std::vector<Window> gaps = coverage.gaps;
    std::erase_if(gaps, [&](const Window& gap) { return gap.to - gap.from < shortest(grain); });
    if (gaps.empty()) continue;
    const std::vector<StoredPeriod> more = periods(fact, gaps, grain);
    found.insert(found.end(), more.begin(), more.end());
    coverage = cover(window, found, buckets);
  }
  return coverage;
}

// What is stored of the periods, added up by the query's axes.
FactTable History::read_sums(const FactDefinition& asked, const FactQuery& query,
                             const std::vector<StoredPeriod>& periods, bool scoped) {
  auto [sql, binding] = stored_sums(asked, query, periods, scoped);
  if (asks(query, Axis::bucket) && !has_many_buckets(query)) binding["buckets"] = source::bind_instants(query.buckets);
  return rollup::to_table(asked, query, read("stored/" + asked.name, sql, binding));
}

FactTable History::facts(const FactDefinition& fact, const FactQuery& query, const Live& live) {
  // Without triggers nobody says when what was true of a row then is not true any more.
  if (query.window.from >= query.window.to || (fact.of_now && !state().fed)) return live(query);
  bind_query(query);  // a query without sense is refused before anything is read
  const std::vector<Instant>& buckets = asks(query, Axis::bucket) ? query.buckets : std::vector<Instant>{};
  const Coverage coverage = with_few_gaps(covered(fact, query.window, buckets), most_gaps);
  if (coverage.stored.empty()) return live(query);
  const FactDefinition asked = as_asked(fact, query);
  Groups groups;
  for (const Window& gap : coverage.gaps) {
    const FactTable counted = live(within(query, gap));
    if (counted.absent()) return counted;
    for (const FactRow& row : counted.rows()) add(groups, row, {row.bucket, row.agent, row.key});
  }
  periods_read_ += coverage.stored.size();
  const bool scoped = snapshot_.scoped() && !query.whole_company;
  for (const FactQuery& part : by_each_axis(query)) {
    const FactTable stored = read_sums(asked, part, coverage.stored, scoped);
    if (asks(part, Axis::agent) && !scoped) {
      add_stored(groups, stored);
    } else {
      for (const FactRow& row : stored.rows()) add(groups, row, {row.bucket, row.agent, row.key});
    }
  }
  if (!state().fed || state().rescan) exact_ = false;
  return to_table(asked, query, std::move(groups));
}

std::optional<Contacts> History::contacts(const Window& window) {
  if (!state().fed || !snapshot_.scoped() || window.from < state().visits_from) return std::nullopt;
  const Waiting* const waits = waiting();
  const ChangedVisits changed = waits != nullptr ? waits->visits : ChangedVisits{};
  source::Binding binding = bind_visits(changed, snapshot_.catalog(), "waiting", "waiting_contacts");
  binding["from"] = {to_iso(window.from), "timestamptz"};
  binding["to"] = {to_iso(window.to), "timestamptz"};
  const Rows rows = read(sql::contacts_of_agents.name, sql::contacts_of_agents.text, binding);
  if (rows.absent() || rows.empty()) return std::nullopt;
  if (waits == nullptr || state().rescan) exact_ = false;
  return Contacts{rows[0].integer("contacts"), rows[0].integer("came_before")};
}

FactTable History::counters(const FactDefinition& fact, const std::vector<Axis>& by) {
  FactQuery query;
  query.by = by;
  const Rows rows = read("counters/" + fact.name, counters_sql(fact, by), {{"fact", {fact.name, "text"}}});
  Groups groups;
  const FactTable counted = rollup::to_table(fact, query, rows);
  for (const FactRow& row : counted.rows()) {
    if (row.agent != "*") add(groups, row, {row.bucket, row.agent, row.key});
  }
  return to_table(fact, query, std::move(groups));
}

}  // namespace crm::rollup
