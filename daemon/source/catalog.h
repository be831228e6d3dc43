#pragma once
// What the live database has of the contract: views, columns, types, and which rows it shows. Immutable; safe to share.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/row_security.h"
#include "source/sql_text.h"

namespace pqxx {
class transaction_base;
}

namespace crm::source {

class Catalog {
 public:
  // column → type, as format_type prints it
  using Columns = std::map<std::string, std::string, std::less<>>;

  Catalog() = default;
  Catalog(std::string schema, std::map<std::string, Columns, std::less<>> views,
          std::vector<ReadRelation> relations = {})
      : schema_(std::move(schema)), views_(std::move(views)), relations_(std::move(relations)) {}

  bool empty() const { return views_.empty(); }
  bool has_view(std::string_view view) const { return views_.contains(view); }

  // The type of an id column, to cast parameters with: "uuid", "bigint", "integer", "smallint" or "text".
  std::string id_type(std::string_view view, std::string_view column) const;

  // The type of agent ids: that of agents.agent_id, else of conversations.agent_id, else text.
  std::string agent_id_type() const;

  // The first view that a statement reads and this database does not have, or "view.column" of an optional column.
  std::optional<std::string> absent_view(const Reads& reads) const;

  // One line for each column that a statement reads and its existing view lacks or has in an unusable type.
  std::vector<std::string> faults(const Reads& reads) const;

  // One line for each table below those views whose rows row-level security hides, all of them: its zeros are no data.
  std::vector<std::string> hidden(const Reads& reads) const;

  const std::string& schema() const { return schema_; }

  // The type of a column of a view, as format_type prints it; null where there is none.
  const std::string* type_of(std::string_view view, std::string_view column) const;

  // Has the daemon's own schema a history that this role may read?
  bool history_readable() const { return history_readable_; }
  void set_history_readable(bool readable) { history_readable_ = readable; }

  // What the views read, and with whose rights.
  const std::vector<ReadRelation>& relations() const { return relations_; }

 private:
  std::string schema_;
  std::map<std::string, Columns, std::less<>> views_;
  std::vector<ReadRelation> relations_;
  bool history_readable_ = false;
};

// Reads the catalog of one schema, and of the daemon's own. Throws what pqxx throws.
Catalog read_catalog(pqxx::transaction_base& transaction, const std::string& schema, const std::string& own_schema);

}  // namespace crm::source
