// The source contract against the live database: views, columns, types, and ids that must be of one type.

#include "source/contract.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/check/readers.h"
#include "app/check/subjects.h"

namespace crm::app {
namespace {

// Whose id it is: agents are named by their part in the row.
std::string entity_of(std::string_view column) {
  const bool agent = column == "supervisor_id" || column.find("agent_id") != std::string_view::npos;
  return agent ? "agent_id" : std::string(column);
}

// Types that PostgreSQL compares with each other, by any index.
std::string comparable(std::string_view type) {
  if (type == "uuid") return "uuid";
  if (type == "bigint" || type == "integer" || type == "smallint") return "bigint";
  return "text";
}

// The type that other columns have for ids of that entity.
std::string id_type(std::string_view name, const source::Catalog& catalog) {
  for (const source::View& view : source::contract()) {
    for (const source::Column& column : view.columns) {
      const std::string* type = catalog.type_of(view.name, column.name);
      if (type != nullptr && column.kind == source::ColumnKind::id && entity_of(column.name) == entity_of(name))
        return *type;
    }
  }
  return "uuid";
}

std::string null_of(const source::Column& column, const source::Catalog& catalog) {
  switch (column.kind) {
    case source::ColumnKind::id:
      return "NULL::" + id_type(column.name, catalog);
    case source::ColumnKind::text:
      return "NULL::text";
    case source::ColumnKind::instant:
      return "NULL::timestamptz";
    case source::ColumnKind::integer:
      return "NULL::integer";
    case source::ColumnKind::boolean:
      break;
  }
  return "NULL::boolean";
}

class Contract {
 public:
  explicit Contract(Checkup& checkup)
      : checkup_(checkup),
        findings_(checkup.findings),
        readers_(readers_of(checkup.house)),
        snapshot_(open_snapshot(checkup.house)),
        catalog_(snapshot_->catalog()) {}

  void check_views() {
    for (const source::View& view : source::contract()) {
      if (catalog_.has_view(view.name)) {
        check_columns(view);
      } else {
        absent(view);
      }
    }
  }

  // Ids of one entity must be of one type: the one that most columns have is taken to be right.
  void check_ids() {
    for (const auto& [entity, columns] : id_columns()) {
      const IdColumn& right = columns.at(most_common(columns));
      for (const IdColumn& column : columns) {
        if (comparable(column.type) == comparable(right.type)) continue;
        checkup_.broken.insert(std::string(column.view));
        findings_.error(column.view,
                        fmt::format("{} is {}, but {}.{} is {}: they cannot be joined", column.column->name,
                                    column.type, right.view, right.column->name, right.type),
                        to_join(column, right));
      }
    }
  }

 private:
  struct IdColumn {
    std::string_view view;
    const source::Column* column;
    std::string type;
  };

  std::map<std::string, std::vector<IdColumn>> id_columns() const {
    std::map<std::string, std::vector<IdColumn>> entities;
    for (const source::View& view : source::contract()) {
      for (const source::Column& column : view.columns) {
        const std::string* type = catalog_.type_of(view.name, column.name);
        if (type == nullptr || column.kind != source::ColumnKind::id || !serves(column.kind, *type)) continue;
        entities[entity_of(column.name)].push_back({view.name, &column, *type});
      }
    }
    return entities;
  }

  static std::size_t most_common(const std::vector<IdColumn>& columns) {
    std::map<std::string, int> votes;
    for (const IdColumn& column : columns) ++votes[comparable(column.type)];
    const auto most = std::max_element(columns.begin(), columns.end(), [&](const IdColumn& a, const IdColumn& b) {
      return votes[comparable(a.type)] < votes[comparable(b.type)];
    });
    return static_cast<std::size_t>(most - columns.begin());
  }

  static Advice to_join(const IdColumn& column, const IdColumn& right) {
    Advice advice{
        say("Give both the same type in the tables. A cast in the view makes them fit too, but no index of the "
            "table serves it.")};
    if (column.column->nullable) {
      advice.push_back(say("Where the column is NULL in every row anyway, write in the view:"));
      advice.push_back(type(fmt::format("NULL::{} AS {}", right.type, column.column->name)));
    }
    return advice;
  }

  std::string read_by(std::string_view view, std::string_view column) const {
    const std::string who = who_reads(readers_, view, column);
    return who.empty() ? "no enabled collector reads it" : "needed by " + who;
  }

  void absent(const source::View& view) {
    const std::string who = who_reads(readers_, view.name);
    if (who.empty()) {
      findings_.ok(view.name, "absent, and nothing that is enabled reads it");
      return;
    }
    findings_.warning(view.name,
                      fmt::format("absent: what {} counts of it is zero in JSON and absent from /metrics", who),
                      {say("Fine if the CRM has no such thing. If it has, create the view: "
                           "config/source/reference/views.sql shows how.")});
  }

  void check_columns(const source::View& view) {
    std::vector<std::string> zones;
    bool well = true;
    for (const source::Column& column : view.columns) {
      const std::string* type = catalog_.type_of(view.name, column.name);
      if (type == nullptr && column.optional) continue;
      if (type == nullptr) {
        missing(view, column);
      } else if (!serves(column.kind, *type)) {
        of_another_type(view, column, *type);
      } else {
        continue;
      }
      well = false;
      checkup_.broken.insert(std::string(view.name));
    }
    if (well) findings_.ok(view.name, summary(view));
  }

  void missing(const source::View& view, const source::Column& column) {
    Advice advice{say("Add it to the view.")};
    if (column.nullable) {
      advice = {say("Add it to the view. Where the CRM has no such thing:"),
                type(fmt::format("{} AS {}", null_of(column, catalog_), column.name))};
    }
    findings_.error(
        view.name,
        fmt::format("has no column {}, {}; {}", column.name, to_string(column.kind), read_by(view.name, column.name)),
        advice);
  }

  void of_another_type(const source::View& view, const source::Column& column, const std::string& type) {
    Advice advice{
        say("Pass the base table's column through as it is, of type timestamp (read as UTC) or timestamptz.")};
    if (column.kind == source::ColumnKind::text) {
      advice = {say("Cast it in the view: an enumeration refuses words that it lacks."),
                app::type(fmt::format("{0}::text AS {0}", column.name))};
    } else if (column.kind != source::ColumnKind::instant) {
      advice = {say("Give the view a column of that type.")};
    }
    findings_.error(view.name,
                    fmt::format("column {} is {}, expected {}; {}", column.name, type, to_string(column.kind),
                                read_by(view.name, column.name)),
                    advice);
  }

  // "14 columns, ids uuid, times timestamp"
  std::string summary(const source::View& view) const {
    std::set<std::string> ids;
    std::set<std::string> times;
    std::size_t columns = 0;
    std::string without;
    for (const source::Column& column : view.columns) {
      const std::string* type = catalog_.type_of(view.name, column.name);
      if (type == nullptr) {
        without += fmt::format("; without {}, which is optional", column.name);
        continue;
      }
      ++columns;
      if (column.kind == source::ColumnKind::id) ids.insert(*type);
      if (column.kind == source::ColumnKind::instant)
        times.insert(type->find("with time") != std::string::npos ? "timestamptz" : "timestamp (UTC)");
    }
    std::string text = fmt::format("{} columns; ids {}", columns, fmt::join(ids, ", "));
    if (!times.empty()) text += fmt::format("; times {}", fmt::join(times, ", "));
    return text + without;
  }

  Checkup& checkup_;
  Findings& findings_;
  const std::vector<Reader> readers_;
  const std::unique_ptr<source::Snapshot> snapshot_;
  const source::Catalog& catalog_;
};

}  // namespace

void check_contract(Checkup& checkup) {
  checkup.findings.heading(fmt::format("Views of {}", checkup.house.values().database.schema));
  Contract contract(checkup);
  contract.check_views();
  contract.check_ids();
}

}  // namespace crm::app
