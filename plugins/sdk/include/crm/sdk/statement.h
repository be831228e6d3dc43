#pragma once
// A SQL statement of a plugin, and what is bound to its parameters.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm {

// One SELECT from a .sql file, named "<plugin>/<file>". Parameters are written :name, as in psql. The host binds
//   :from :to :as_of   instants of the request (timestamptz)
//   :agents            the ids that the scope may see, typed as the CRM's ids are, or NULL for everyone; written
//                      (:agents IS NULL OR c.agent_id = ANY (:agents))
//   settings           by key with dots as underscores: :sla_first_response_seconds, :rollup_horizon
//   the rest           from Args.
// Views are named without a schema; columns are qualified with their alias. A line `\i <file>.sql`, as in psql, stands
// for a fragment of the SDK's own (sdk/sql): what becomes of a message is said there, once.
struct Statement {
  std::string name;
  std::string text;
  bool unscoped = false;
};

// The statement counts nothing that belongs to an agent (sessions, the queue): it may do without :agents.
inline Statement Unscoped(Statement statement) {
  statement.unscoped = true;
  return statement;
}

// An id of the CRM's, or NULL: cast to the type that the catalog gives for `column` of `view`. A text that is no id of
// that type is a BadParameter where a caller's `parameter` brought it, else a UsageError.
struct IdArg {
  std::string view;
  std::string column;
  std::optional<std::string> value;
  std::string parameter = {};
};

struct Arg {
  std::string name;
  std::variant<std::int64_t, double, bool, std::string, Instant, Duration, IdArg> value;
};

using Args = std::vector<Arg>;

}  // namespace crm
