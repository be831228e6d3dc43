#pragma once
// A statement made ready for PostgreSQL: $n in place of :name, every parameter cast, values as text.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <crm/sdk/settings.h>
#include <crm/sdk/statement.h>

#include "source/catalog.h"
#include "source/sql_text.h"

namespace crm::source {

// A parameter's text (NULL where absent) and the type it is cast to.
struct Bound {
  std::optional<std::string> text;
  std::string type;
};

using Binding = std::map<std::string, Bound, std::less<>>;

struct Compiled {
  std::string sql;
  std::vector<std::optional<std::string>> values;
};

// UsageError, naming the statement, for a parameter that nothing is bound to.
Compiled compile(std::string_view name, std::string_view sql, const Binding& binding);
Compiled compile(std::string_view name, const std::vector<Piece>& pieces, const Binding& binding);

// BadParameter or UsageError for a text that is no id of its type (see IdArg).
Bound bind(const std::variant<std::int64_t, double, bool, std::string, Instant, Duration, IdArg>& value,
           const Catalog& catalog);
Bound bind_instants(const std::vector<Instant>& instants);  // timestamptz[]

// The ids that a scope may see; nothing = everyone = NULL.
Bound bind_agents(const std::optional<std::vector<std::string>>& agents, const Catalog& catalog);

// Settings as parameters: "sla.count_bot_replies" is :sla_count_bot_replies.
Binding bind_settings(const Settings& settings);

// Can this text be an id of that type? Anything can be text.
bool is_id(std::string_view text, std::string_view type);

}  // namespace crm::source
