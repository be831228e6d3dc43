#pragma once
// Which rows the daemon may see. A role without rights on a table under row-level security gets no rows and no error,
// so that zeros would look like data: this walks from each view to the tables below it and says where rows are hidden.

#include <string>
#include <vector>

namespace pqxx {
class transaction_base;
}

namespace crm::source {

// One relation that a view of the contract reads, itself first, and whose rights count there.
struct ReadRelation {
  enum class Shown { all, by_policy, none };

  std::string view;      // of the contract
  std::string relation;  // "public.messages", quoted where it must be
  char kind = 'r';       // as pg_class.relkind
  std::string through;   // the view that names the relation; empty: the daemon itself does
  bool invoker = false;  // that view is security_invoker
  std::string role;      // whose rights count
  std::string owner;     // of the relation
  bool may_select = true;
  bool populated = true;  // a materialised view that was never refreshed is not
  bool forced = false;    // row-level security binds the owner too
  Shown shown = Shown::all;
  std::string policies;  // those that show rows to the role
};

// All relations below the views of a schema. Throws what pqxx throws.
std::vector<ReadRelation> read_relations(pqxx::transaction_base& transaction, const std::string& schema);

// "row-level security on public.messages hides every row from role anna"
std::string hidden(const ReadRelation& relation);

}  // namespace crm::source
