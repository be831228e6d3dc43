#include "description.h"

#include "families.h"
#include "sql.h"

namespace my_section {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::conversations, Family::Type::counter, "Conversations created since the daemon began to count."},
      {family::agents, Family::Type::gauge, "Agents who have a conversation created since business midnight."},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["conversations", "agents"],
  "properties": {
    "conversations": {
      "type": "object",
      "required": ["value", "trend", "change"],
      "properties": {
        "value": {"type": "integer", "minimum": 0},
        "trend": {"enum": ["up", "down", "stable"]},
        "change": {"type": "number"}
      }
    },
    "agents": {"type": "integer", "minimum": 0}
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "my-section";
  description.title = "My section";
  description.help = "Conversations of the window, and how many agents have them.";
  description.schedule.every = std::chrono::seconds(15);
  description.families = families();
  description.statements = {sql::agents_of_conversations};
  description.facts_read = {"conversations"};
  description.depends_on = {"conversation"};
  description.json_schema = schema;
  return description;
}

}  // namespace my_section
