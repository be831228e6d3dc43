#include "description.h"

#include "document.h"
#include "select_text.h"

namespace custom_sql {

crm::Description description(const Definition& definition, const Plan& plan) {
  crm::Description description;
  description.name = definition.section();
  description.title = definition.title;
  description.help = definition.help;
  description.schedule = definition.schedule;
  description.window = definition.window;
  description.access = definition.agent_column.empty() ? crm::Access::owner_and_admin : crm::Access::everyone;
  description.audited = definition.business_data;
  description.families = plan.families;
  crm::Statement statement{"custom-sql/" + definition.name,
                           limited(definition.select, definition.agent_column, definition.max_rows)};
  statement.unscoped = definition.agent_column.empty();
  description.statements.push_back(std::move(statement));
  description.json_schema = json_schema(definition);
  return description;
}

}  // namespace custom_sql
