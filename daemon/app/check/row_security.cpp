// Do the views show every row? Rights and row-level security, from each view down to the tables.

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "app/check/subjects.h"

namespace crm::app {
namespace {

using source::ReadRelation;

// Findings that the same steps mend: a line each, the steps once below them.
struct Group {
  std::vector<std::pair<std::string, std::string>> lines;  // view, what
  std::vector<std::string> better;                         // SQL, each once
  std::vector<std::string> otherwise;

  void add_better(std::string sql) { add(better, std::move(sql)); }
  void add_otherwise(std::string sql) { add(otherwise, std::move(sql)); }

 private:
  static void add(std::vector<std::string>& list, std::string sql) {
    if (std::find(list.begin(), list.end(), sql) == list.end()) list.push_back(std::move(sql));
  }
};

class RowSecurity {
 public:
  RowSecurity(Checkup& checkup, const source::Catalog& catalog) : checkup_(checkup), relations_(catalog.relations()) {}

  void check() {
    for (const ReadRelation& relation : relations_) look_at(relation);
    print_grants();
    print_hidden(hidden_, "hidden",
                 [&](auto view, auto what, auto advice) { checkup_.findings.error(view, what, advice); });
    print_hidden(filtered_, "filtered",
                 [&](auto view, auto what, auto advice) { checkup_.findings.warning(view, what, advice); });
    print_well();
  }

 private:
  using Print = std::function<void(std::string_view, std::string_view, const Advice&)>;

  void look_at(const ReadRelation& relation) {
    if (!relation.may_select) return no_right(relation);
    if (relation.kind == 'm') materialised(relation);
    if (relation.kind == 'f') {
      checkup_.findings.ok(relation.view, fmt::format("reads the foreign table {}: what its own server hides cannot be "
                                                      "seen from here",
                                                      relation.relation));
    }
    if (relation.shown == ReadRelation::Shown::none) {
      unwell_.insert(relation.view);
      checkup_.broken.insert(relation.view);
      add_hidden(hidden_, relation, source::hidden(relation));
    } else if (relation.shown == ReadRelation::Shown::by_policy) {
      unwell_.insert(relation.view);
      add_hidden(
          filtered_, relation,
          fmt::format("row-level security on {} shows role {} only the rows of {} {}", relation.relation, relation.role,
                      relation.policies.find(',') == std::string::npos ? "policy" : "policies", relation.policies));
    }
  }

  void no_right(const ReadRelation& relation) {
    unwell_.insert(relation.view);
    checkup_.broken.insert(relation.view);
    std::string what = fmt::format("role {} may not select from {}", relation.role, relation.relation);
    if (!relation.through.empty()) what += fmt::format(", which {} reads by its rights", relation.through);
    grants_.lines.emplace_back(relation.view, std::move(what));
    grants_.add_better(fmt::format("GRANT SELECT ON {} TO {};", relation.relation, relation.role));
  }

  void materialised(const ReadRelation& relation) {
    const std::string refresh = fmt::format("REFRESH MATERIALIZED VIEW {};", relation.relation);
    unwell_.insert(relation.view);
    if (!relation.populated) {
      checkup_.broken.insert(relation.view);
      checkup_.findings.error(relation.view,
                              fmt::format("{} is a materialised view that was never filled", relation.relation),
                              {say("Reading it is an error until somebody says"), type(refresh)});
    } else {
      checkup_.findings.warning(
          relation.view,
          fmt::format("{} is a materialised view: the numbers are as old as its last REFRESH", relation.relation),
          {say("Read the tables through a plain view; the daemon asks for little.")});
    }
  }

  bool is_materialised(const std::string& name) const {
    return std::any_of(relations_.begin(), relations_.end(),
                       [&](const ReadRelation& relation) { return relation.relation == name && relation.kind == 'm'; });
  }

  void add_hidden(Group& group, const ReadRelation& relation, std::string what) const {
    if (!relation.through.empty())
      what +=
          fmt::format("; {} {}", relation.through, relation.invoker ? "is security_invoker" : "runs with its rights");
    group.lines.emplace_back(relation.view, std::move(what));
    group.add_otherwise(fmt::format("CREATE POLICY crm_metrics_all_rows ON {}\n  FOR SELECT TO {} USING (true);",
                                    relation.relation, relation.role));
    if (relation.through.empty() || relation.forced) return;  // no owner of a view would see more
    const bool materialised = is_materialised(relation.through);
    const std::string alter = fmt::format("ALTER {}VIEW {}", materialised ? "MATERIALIZED " : "", relation.through);
    if (relation.invoker) group.add_better(fmt::format("{} SET (security_invoker = false);", alter));
    group.add_better(fmt::format("{} OWNER TO {};", alter, relation.owner));
    if (materialised) group.add_better(fmt::format("REFRESH MATERIALIZED VIEW {};", relation.through));
  }

  static void append(Advice& advice, const std::vector<std::string>& sql) {
    for (const std::string& line : sql) advice.push_back(type(line));
  }

  static void print_lines(const Group& group, const Advice& advice, const Print& print) {
    for (std::size_t i = 0; i < group.lines.size(); ++i) {
      const bool last = i + 1 == group.lines.size();
      print(group.lines[i].first, group.lines[i].second, last ? advice : Advice{});
    }
  }

  void print_grants() {
    Advice advice{say("As the owner of the tables:")};
    append(advice, grants_.better);
    print_lines(grants_, advice, [&](auto view, auto what, auto steps) { checkup_.findings.error(view, what, steps); });
  }

  void print_hidden(const Group& group, std::string_view how, const Print& print) {
    Advice advice{say(fmt::format("Rows that are {} would be missing from the numbers.", how))};
    if (how == "hidden") advice = {say("No such view is sampled: zeros would look like data.")};
    if (!group.better.empty()) {
      advice.push_back(say("Let the views run with the rights of the tables' owner, who sees every row:"));
      append(advice, group.better);
      advice.push_back(say("or let the role see every row:"));
    } else {
      advice.push_back(say("Let the role see every row:"));
    }
    append(advice, group.otherwise);
    print_lines(group, advice, print);
  }

  void print_well() {
    std::vector<std::string> well;
    for (const ReadRelation& relation : relations_) {
      if (unwell_.contains(relation.view) || (!well.empty() && well.back() == relation.view)) continue;
      well.push_back(relation.view);
    }
    if (well.empty()) return;
    const bool all = unwell_.empty();
    checkup_.findings.ok(
        all ? "all views" : "the other views",
        all ? "show every row of the tables below them" : fmt::format("show every row: {}", fmt::join(well, ", ")));
    print_empty(well);
  }

  void print_empty(const std::vector<std::string>& views) {
    std::vector<std::string> empty;
    for (const std::string& view : views) {
      const source::Compiled question{fmt::format("SELECT EXISTS (SELECT FROM {}) AS any", view), {}};
      try {
        if (!open_snapshot(checkup_.house)->inspect("check/any_row", question)[0].boolean("any")) empty.push_back(view);
      } catch (const std::exception&) {
        continue;  // what does not let itself be read is told of where it is read
      }
    }
    if (empty.empty()) return;
    checkup_.findings.ok(empty.size() == 1 ? "empty view" : "empty views",
                         fmt::format("{}: no row yet, so zero in JSON", fmt::join(empty, ", ")));
  }

  Checkup& checkup_;
  const std::vector<ReadRelation>& relations_;
  Group grants_;
  Group hidden_;
  Group filtered_;
  std::set<std::string> unwell_;
};

}  // namespace

void check_row_security(Checkup& checkup) {
  checkup.findings.heading("Rows that the role may see");
  const auto snapshot = open_snapshot(checkup.house);
  RowSecurity(checkup, snapshot->catalog()).check();
}

}  // namespace crm::app
