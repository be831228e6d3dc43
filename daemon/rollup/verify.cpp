#include "rollup/verify.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "rollup/fact_query.h"
#include "rollup/history.h"
#include "verify_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::minutes;

// The numbers of an answer, each by its group and column.
using Numbers = std::map<std::pair<std::string, std::string>, std::int64_t>;

Numbers numbers_of(const FactTable& table, const FactQuery& query) {
  Numbers numbers;
  const bool by_agent = std::find(query.by.begin(), query.by.end(), Axis::agent) != query.by.end();
  for (const FactRow& row : table.rows()) {
    std::vector<std::string> group;
    if (row.bucket) group.push_back("from " + to_iso(*row.bucket));
    if (by_agent && !(query.apart && row.bucket)) group.push_back(row.agent ? "agent " + *row.agent : "unassigned");
    if (row.key) group.push_back("key " + *row.key);
    const std::string name = fmt::format("{}", fmt::join(group, ", "));
    for (std::size_t i = 0; i < row.values.size(); ++i) numbers[{name, table.columns()[i]}] = row.values[i];
    for (std::size_t h = 0; h < row.histograms.size(); ++h) {
      for (std::size_t i = 0; i < row.histograms[h].size(); ++i)
        numbers[{name, fmt::format("{}[{}]", table.histograms()[h], i + 1)}] = row.histograms[h][i];
    }
  }
  return numbers;
}

class Verification {
 public:
  Verification(const RollupHouse& house, const VerifyRules& rules, const OnDifference& on_difference)
      : house_(house), rules_(rules), on_difference_(on_difference), random_(rules.seed) {
    verified_.seed = rules.seed;
    look_around();
  }

  const Verified& verified() const { return verified_; }

  void give_up(const std::string& why) { verified_.not_compared.push_back(why); }

  // False: too many changes wait, so that the stored numbers may lag, as a report would say; ask again.
  bool compare_window(int i) {
    const std::mt19937_64 before = random_;
    const Scope scope = any_scope(i);
    const auto snapshot = open(scope);
    const Window window = any_window(i, snapshot->as_of());
    History history(*snapshot, house_.writer->settings());
    Verified verified = verified_;
    differences_.clear();
    for (const FactDefinition* fact : countable_facts(house_, *snapshot, history.state().fed)) {
      if (pruned(fact->name, window)) {
        ++verified_.left_out;
      } else {
        compare(*snapshot, history, *fact, any_query(*fact, window), scope);
      }
    }
    compare_contacts(*snapshot, history, window, scope);
    if (!history.exact() && history.state().fed && !history.state().rescan) {
      verified_ = std::move(verified);
      random_ = before;
      return false;
    }
    verified_.differences += static_cast<std::int64_t>(differences_.size());
    if (on_difference_) std::for_each(differences_.begin(), differences_.end(), on_difference_);
    verified_.periods += history.periods_read();
    verified_.exact = verified_.exact && history.exact();
    ++verified_.windows;
    return true;
  }

 private:
  std::unique_ptr<source::Snapshot> open(const Scope& scope) const {
    return house_.writer->open({.scope = scope,
                                .deadline = std::chrono::steady_clock::now() + rules_.timeout,
                                .stop = rules_.stop,
                                .as_of = rules_.as_of,
                                .purpose = source::Pool::For::sampling});
  }

  void look_around() {
    const auto snapshot = open(Scope::everyone());
    const auto ask = [&](const Statement& statement) {
      return snapshot->run(statement.name, statement.text, {}, true);
    };
    ask(sql::stored_span).each([&](const Row& row) { verified_.stored_from = row.maybe_instant("first_start"); });
    ask(sql::frozen_periods).each([&](const Row& row) {
      frozen_[std::string(row.text("fact"))].push_back({row.instant("start"), row.instant("until")});
    });
    ask(sql::agents).each([&](const Row& row) { agents_.emplace_back(row.text("id")); });
    ask(sql::supervisors).each([&](const Row& row) { supervisors_.emplace_back(row.text("id")); });
  }

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
  bool one_in(std::size_t count) { return pick(count) == 0; }

  // Half of them everyone, a quarter teams, a quarter agents.
  Scope any_scope(int i) {
    if (i % 4 == 1 && !supervisors_.empty()) return {Role::supervisor, supervisors_[pick(supervisors_.size())]};
    if (i % 4 == 3 && !agents_.empty()) return {Role::agent, agents_[pick(agents_.size())]};
    return Scope::everyone();
  }

  // As likely short as long, from minutes to a month; a third of whole days, a third of what is stored by five minutes.
  Window any_window(int i, Instant now) {
    const calendar::Zone& zone = *house_.zone;
    const Instant first = std::min(*verified_.stored_from, now - minutes(10));
    const double longest = static_cast<double>(std::min<Duration>(now - first, std::chrono::days(31)).count());
    const double shortest = static_cast<double>(Duration(minutes(7)).count());
    const double u = std::uniform_real_distribution<double>(0, 1)(random_);
    const Duration length(static_cast<std::int64_t>(shortest * std::pow(std::max(1.0, longest / shortest), u)));
    const auto room = static_cast<std::size_t>(std::max<Duration>(now - first - length, Duration(1)).count());
    const Instant start = i % 3 == 2 ? now - length : first + Duration(static_cast<std::int64_t>(pick(room)));
    Window window{start, std::min(start + length, now)};
    if (one_in(2)) window.from = i % 3 == 1 ? zone.start_of_day(window.from) : minutes_start(window.from);
    if (i % 3 == 1) window.to = std::min(now, zone.start_of_day(zone.shift_days(window.to, 1)));
    if (i % 3 == 0) window.to = minutes_start(window.to);
    if (window.from >= window.to) window = {now - minutes(10), now};
    return window;
  }

  FactQuery any_query(const FactDefinition& fact, const Window& window) {
    FactQuery query{.fact = fact.name, .window = window};
    if (one_in(2)) query.by.push_back(Axis::agent);
    if (fact.keyed && !one_in(3)) query.by.push_back(Axis::key);
    if (one_in(2)) {
      query.by.push_back(Axis::bucket);
      query.buckets = one_in(2) ? house_.zone->hours(window) : house_.zone->days(window);
    }
    query.apart = query.by == std::vector{Axis::agent, Axis::bucket} && one_in(2);
    return query;
  }

  // Rows that are gone stay counted.
  bool pruned(const std::string& fact, const Window& window) const {
    const auto frozen = frozen_.find(fact);
    return frozen != frozen_.end() && std::any_of(frozen->second.begin(), frozen->second.end(), [&](const Window& one) {
             return one.from < window.to && window.from < one.to;
           });
  }

  // Whom the CRM has pruned still came before.
  void compare_contacts(source::Snapshot& snapshot, History& history, const Window& window, const Scope& scope) {
    const auto stored = history.contacts(window);
    if (!stored) return;
    if (pruned("customers", {Instant::min(), window.to})) {
      ++verified_.left_out;
      return;
    }
    const Rows rows = snapshot.run(
        sql::contacts_in_rows.name, sql::contacts_in_rows.text,
        {{"from", {to_iso(window.from), "timestamptz"}}, {"to", {to_iso(window.to), "timestamptz"}}}, false);
    if (rows.absent() || rows.empty()) return;
    ++verified_.answers;
    verified_.numbers += 2;
    const auto hold = [&](const std::string& column, std::int64_t kept) {
      const std::int64_t raw = rows[0].integer(column);
      if (kept != raw) differences_.push_back({"contacts", window, words_of(scope), "", column, kept, raw});
    };
    hold("contacts", stored->contacts);
    hold("came_before", stored->came_before);
  }

  void compare(source::Snapshot& snapshot, History& history, const FactDefinition& fact, const FactQuery& query,
               const Scope& scope) {
    const auto live = [&](const FactQuery& part) {
      return to_table(fact, part, snapshot.run("raw/" + fact.name, aggregate_sql(fact, part), bind_query(part), false));
    };
    const Numbers stored = numbers_of(history.facts(fact, query, live), query);
    const Numbers raw = numbers_of(live(query), query);
    ++verified_.answers;
    verified_.numbers += static_cast<std::int64_t>(std::max(stored.size(), raw.size()));
    Numbers all = stored;
    all.insert(raw.begin(), raw.end());
    for (const auto& [name, number] : all) {
      const auto in = [&](const Numbers& numbers) {
        const auto found = numbers.find(name);
        return found == numbers.end() ? 0 : found->second;
      };
      if (in(stored) == in(raw)) continue;
      differences_.push_back({fact.name, query.window, words_of(scope), name.first, name.second, in(stored), in(raw)});
    }
  }

  static std::string words_of(const Scope& scope) {
    return scope.sees_everyone() ? "everyone" : fmt::format("{} {}", to_string(scope.role), scope.subject);
  }

  const RollupHouse& house_;
  const VerifyRules& rules_;
  const OnDifference& on_difference_;
  std::mt19937_64 random_;
  Verified verified_;
  std::vector<Difference> differences_;  // of one window
  std::map<std::string, std::vector<Window>, std::less<>> frozen_;
  std::vector<std::string> agents_;
  std::vector<std::string> supervisors_;
};

// A daemon that is behind for a while is none of our business.
void compare_in_a_quiet_moment(Verification& verification, int i, const VerifyRules& rules) {
  constexpr int most_attempts = 100;
  constexpr std::chrono::milliseconds pause{100};
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  for (int attempt = 0; attempt < most_attempts && !rules.stop.stop_requested(); ++attempt) {
    if (verification.compare_window(i)) return;
    wake.wait_for(lock, rules.stop, pause, [] { return false; });
  }
  if (!rules.stop.stop_requested()) {
    verification.give_up(
        fmt::format("window {}: more than {} changes wait to be counted all the time (crm-metricsd rollup status)",
                    i + 1, most_waiting));
  }
}

}  // namespace

Verified verify(const RollupHouse& house, const VerifyRules& rules, const OnDifference& on_difference,
                const OnWindow& on_window) {
  Verification verification(house, rules, on_difference);
  if (!verification.verified().stored_from) return verification.verified();
  for (int i = 0; i < rules.windows && !rules.stop.stop_requested(); ++i) {
    try {
      compare_in_a_quiet_moment(verification, i, rules);
    } catch (const SourceUnavailable&) {
      if (!rules.stop.stop_requested()) throw;
    } catch (const DeadlineExceeded& error) {
      verification.give_up(error.what());
    }
    if (on_window) on_window(verification.verified());
  }
  return verification.verified();
}

}  // namespace crm::rollup
