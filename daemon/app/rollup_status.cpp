// `crm-metricsd rollup status`.

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "app/rollup.h"
#include "app/rollup_progress.h"
#include "rollup/change_feed.h"
#include "rollup/stored_state.h"

namespace crm::app {
namespace {

using Row = std::vector<std::string>;

std::string bytes(std::int64_t count) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  double number = static_cast<double>(count);
  std::size_t unit = 0;
  for (; number >= 1000 && unit + 1 < units.size(); ++unit) number /= 1024;
  return unit == 0 ? fmt::format("{} B", count) : fmt::format("{:.{}f} {}", number, number < 10 ? 1 : 0, units[unit]);
}

// As wide as its widest cell is each column; the first is left-aligned, and so are those of words.
std::string table(const std::vector<Row>& rows, std::size_t words) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i < words ? fmt::format("{:<{}}  ", row[i], widths[i]) : fmt::format("{:>{}}  ", row[i], widths[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

class Status {
 public:
  Status(const House& house, std::ostream& out)
      : house_(house), out_(out), schema_(house.values().rollup.schema), snapshot_(open()) {}

  void print() {
    const auto facts = rollup::all_facts(house_.facts);
    const auto state = rollup::look_at_stored(*snapshot_, facts, house_.values().settings, schema_);
    std::int64_t all = 0;
    for (const rollup::TableSize& one : state.tables) all += one.bytes;
    say("own schema", fmt::format("{}, {} on disk; times of {}", schema_, bytes(all), house_.zone->name()));
    say("last step", state.stepped_at ? when(*state.stepped_at) : "none yet");
    say("counters", state.counting_since ? "since " + when(*state.counting_since) : "begin with the first step");
    say("change feed", feed(state));
    say("changes", changes(state));
    out_ << '\n' << facts_table(state) << '\n' << other_tables(state);
  }

 private:
  std::unique_ptr<source::Snapshot> open() const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    return house_.writer->open({.scope = Scope::everyone(), .deadline = deadline});
  }

  void say(std::string_view what, std::string_view text) { out_ << fmt::format("{:<12} {}\n", what, text); }

  // "2026-11-23 22:00"
  std::string when(Instant t) const {
    std::string text = house_.zone->iso(t).substr(0, 16);
    text[10] = ' ';
    return text;
  }

  std::string feed(const rollup::StoredState& state) const {
    const auto feed = rollup::feed_state(*snapshot_, schema_);
    if (!feed.complete) {
      return fmt::format("no trigger notes: {}; crm-metricsd check prints what to do", fmt::join(feed.missing, ", "));
    }
    return state.feed_since ? fmt::format("triggers note every write since {}", when(*state.feed_since))
                            : "triggers note every write; the next step begins to trust them";
  }

  std::string changes(const rollup::StoredState& state) const {
    std::string text = "none waits to be counted";
    if (state.changes > 0) {
      const auto wait =
          std::chrono::duration_cast<std::chrono::milliseconds>(snapshot_->as_of() - *state.waiting_since);
      text = fmt::format("{} {} to be counted, the oldest for {}", state.changes, state.changes == 1 ? "waits" : "wait",
                         how_long(std::max(wait, std::chrono::milliseconds(0))));
    }
    if (state.rescans > 0) text += "; some were missed: all within the horizon is to be counted again";
    return text;
  }

  std::string facts_table(const rollup::StoredState& state) const {
    std::vector<Row> rows{
        {"fact", "from", "to", "days", "hours", "minutes", "stale", "due", "frozen", "other version", "size"}};
    for (const rollup::StoredFact& fact : state.facts) {
      rows.push_back({fact.known ? fact.name : fact.name + " (unknown)", fact.from ? when(*fact.from) : "nothing",
                      fact.to ? when(*fact.to) : "", std::to_string(fact.days), std::to_string(fact.hours),
                      std::to_string(fact.minutes), std::to_string(fact.stale), std::to_string(fact.due),
                      std::to_string(fact.frozen), std::to_string(fact.of_other_version), size_of(state, fact)});
    }
    return table(rows, 3);
  }

  static std::string size_of(const rollup::StoredState& state, const rollup::StoredFact& fact) {
    const auto own = std::find_if(state.tables.begin(), state.tables.end(),
                                  [&](const auto& one) { return one.name == "fact_" + fact.name; });
    return own == state.tables.end() ? "in fact_values" : bytes(own->bytes);
  }

  static std::string other_tables(const rollup::StoredState& state) {
    std::vector<Row> rows;
    for (const rollup::TableSize& one : state.tables) {
      const bool of_fact = std::any_of(state.facts.begin(), state.facts.end(),
                                       [&](const auto& fact) { return one.name == "fact_" + fact.name; });
      if (!of_fact) rows.push_back({one.name, bytes(one.bytes)});
    }
    return rows.empty() ? "" : table(rows, 1);
  }

  const House& house_;
  std::ostream& out_;
  const std::string schema_;
  const std::unique_ptr<source::Snapshot> snapshot_;
};

}  // namespace

int print_stored(const House& house, RollupConsole& console) {
  Status(house, console.out).print();
  return 0;
}

}  // namespace crm::app
