#include "rollup/stored_state.h"

#include "rollup/fact_version.h"
#include "rollup/text_array.h"
#include "stored_state_sql.h"

namespace crm::rollup {
namespace {

constexpr std::int64_t most_unseen = 1'000'000;  // that are counted

StoredFact to_fact(const Row& row) {
  StoredFact fact;
  fact.name = row.text("fact");
  fact.known = row.boolean("known");
  fact.from = row.maybe_instant("first_start");
  fact.to = row.maybe_instant("last_until");
  fact.days = row.integer("days");
  fact.hours = row.integer("hours");
  fact.minutes = row.integer("minutes");
  fact.stale = row.integer("stale");
  fact.due = row.integer("due");
  fact.frozen = row.integer("frozen");
  fact.of_other_version = row.integer("of_other_version");
  return fact;
}

}  // namespace

StoredState look_at_stored(source::Snapshot& snapshot, const std::vector<const FactDefinition*>& facts,
                           const Settings& settings, const std::string& own_schema) {
  std::vector<std::string> names;
  std::vector<std::string> versions;
  for (const FactDefinition* fact : facts) {
    names.push_back(fact->name);
    versions.push_back(version_of(*fact, settings));
  }
  const source::Binding binding{{"facts", text_array(names)},
                                {"versions", text_array(versions)},
                                {"own_schema", {own_schema, "text"}},
                                {"as_of", {to_iso(snapshot.as_of()), "timestamptz"}},
                                {"most", {std::to_string(most_unseen), "bigint"}}};
  const auto ask = [&](const Statement& statement) {
    return snapshot.inspect(statement.name, source::compile(statement.name, statement.text, binding));
  };
  StoredState state;
  ask(sql::stored_facts).each([&](const Row& row) { state.facts.push_back(to_fact(row)); });
  ask(sql::own_sizes).each([&](const Row& row) {
    state.tables.push_back({std::string(row.text("name")), row.integer("bytes")});
  });
  ask(sql::rollup_clocks).each([&](const Row& row) {
    state.stepped_at = row.maybe_instant("stepped_at");
    state.counting_since = row.maybe_instant("counting_since");
    state.feed_since = row.maybe_instant("feed_since");
    state.rescans = row.integer("rescans");
    state.changes = row.integer("changes");
    state.waiting_since = row.maybe_instant("since");
  });
  return state;
}

}  // namespace crm::rollup
