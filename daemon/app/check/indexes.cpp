// Does a statement read a large table from end to end because it lacks an index? Told by the plans of the statements
// that the collectors ran, with their values; nothing is run again.

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "source/index_idea.h"
#include "source/table.h"

namespace crm::app {
namespace {

constexpr std::int64_t many_rows = 100'000;
constexpr std::int64_t many_bytes = 8LL * 1024 * 1024;

using source::Table;

bool is_large(const Table& table) {
  return table.rows >= many_rows || table.bytes > many_bytes;
}

// What several statements lack alike.
struct Lack {
  Table table;
  std::optional<source::IndexIdea> idea;
  source::Access access;
  std::set<std::string> statements;
};

std::string size_of(const Table& table) {
  const double mebibytes = static_cast<double>(table.bytes) / (1024 * 1024);
  return table.rows > 0 ? fmt::format("{} rows, {:.0f} MiB", table.rows, mebibytes)
                        : fmt::format("{:.0f} MiB", mebibytes);
}

class Indexes {
 public:
  explicit Indexes(Checkup& checkup) : checkup_(checkup) {}

  void look_at(const StatementMet& met) {
    if (!seen_.insert(met.name + '\0' + met.statement.sql + '\0' + values_of(met.statement)).second) return;
    try {
      const auto snapshot = open_snapshot(checkup_.house);
      const auto poor = poor_accesses(*snapshot, met, source::Allow::every_scan);
      ++plans_;
      if (poor.empty()) return;
      // The planner may read a table from end to end because that is quickest. It lacks an index if it cannot do else.
      const auto forced = poor_accesses(*snapshot, met, source::Allow::no_sequential_scan);
      for (const source::Access& access : poor) {
        const bool cannot_do_else = std::any_of(forced.begin(), forced.end(), [&](const source::Access& other) {
          return other.schema == access.schema && other.relation == access.relation && other.alias == access.alias;
        });
        if (cannot_do_else) note(*snapshot, access, met.name);
      }
    } catch (const ContractError&) {
      return;  // its collector failed, and has said why
    } catch (const std::exception& error) {
      checkup_.findings.warning(met.name, fmt::format("has no plan: {}", error.what()));
    }
  }

  void print() {
    for (const Lack& lack : lacks_) print(lack);
    if (!lacks_.empty() || plans_ == 0) return;
    checkup_.findings.ok("plans", fmt::format("of {} {} as they ran: none reads a large table from end to end", plans_,
                                              plans_ == 1 ? "statement" : "statements"));
  }

 private:
  static std::string values_of(const source::Compiled& statement) {
    std::string text;
    for (const auto& value : statement.values) text += value.value_or("\1") + '\0';
    return text;
  }

  // Those that read all of a large table, or of one of its indexes.
  std::vector<source::Access> poor_accesses(source::Snapshot& snapshot, const StatementMet& met, source::Allow allow) {
    std::vector<source::Access> poor;
    for (source::Access& access : source::accesses(source::explain(snapshot, met.name, met.statement, allow))) {
      if (is_large(table(snapshot, access)) && reads_all(snapshot, access, allow)) poor.push_back(std::move(access));
    }
    return poor;
  }

  static bool reads_all(source::Snapshot& snapshot, const source::Access& access, source::Allow allow) {
    if (access.index.empty()) return true;
    const source::Index index = source::ask_index(snapshot, access.schema, access.index);
    if (index.partial || index.leading.empty()) return false;
    // Freely chosen, an index without a condition is read for its order: to join by it, or to stop early.
    if (access.condition.empty()) return allow == source::Allow::no_sequential_scan;
    return !source::enters_by(access, index.leading);
  }

  const Table& table(source::Snapshot& snapshot, const source::Access& access) {
    auto& known = tables_[{access.schema, access.relation}];
    if (known.name.empty()) known = source::ask_table(snapshot, access.schema, access.relation);
    return known;
  }

  void note(source::Snapshot& snapshot, const source::Access& access, const std::string& statement) {
    const Table& where = table(snapshot, access);
    const auto idea = source::index_for(access);
    if (!idea && !source::hides_its_range(access)) return;  // it asks for all rows, and gets them
    const auto same = std::find_if(lacks_.begin(), lacks_.end(), [&](const Lack& lack) {
      return lack.table.name == where.name && lack.idea == idea && lack.access.index == access.index;
    });
    if (same != lacks_.end()) {
      same->statements.insert(statement);
    } else {
      lacks_.push_back({where, idea, access, {statement}});
    }
  }

  void print(const Lack& lack) {
    const std::string what = lack.access.index.empty() ? "it" : fmt::format("all of its index {}", lack.access.index);
    checkup_.findings.warning(lack.table.name,
                              fmt::format("{} {} {} from end to end ({})", fmt::join(lack.statements, ", "),
                                          lack.statements.size() == 1 ? "reads" : "read", what, size_of(lack.table)),
                              advice(lack));
  }

  Advice advice(const Lack& lack) {
    if (!lack.idea) {
      return {say("No index can serve this condition. Does the view pass its columns through (see above)?"),
              type(lack.access.filter)};
    }
    const auto indexes = source::ask_indexes(*open_snapshot(checkup_.house), lack.table.name, lack.idea->leading);
    if (!indexes.working.empty()) {
      return {
          say(fmt::format("The index {} begins with {}, and the plan does not use it: does a security barrier, a "
                          "policy or another type in the view stand between?",
                          indexes.working, lack.idea->columns.front()))};
    }
    Advice advice;
    if (!indexes.broken.empty()) {
      advice.push_back(say("A build was interrupted and left this behind:"));
      advice.push_back(type(fmt::format("DROP INDEX CONCURRENTLY {};", indexes.broken)));
    }
    advice.push_back(say(lack.table.partitioned ? "A partitioned table cannot do it CONCURRENTLY: build it so on each "
                                                  "partition first, then this is instant:"
                                                : "As the table's owner, outside a transaction; the CRM goes on:"));
    advice.push_back(type(source::create_sql(lack.table.name, *lack.idea, lack.table.partitioned)));
    return advice;
  }

  Checkup& checkup_;
  std::set<std::string> seen_;
  std::map<std::pair<std::string, std::string>, Table> tables_;
  std::vector<Lack> lacks_;
  std::size_t plans_ = 0;
};

}  // namespace

void check_indexes(Checkup& checkup) {
  checkup.findings.heading("Indexes");
  Indexes indexes(checkup);
  for (const StatementMet& met : checkup.statements) indexes.look_at(met);
  indexes.print();
}

}  // namespace crm::app
