// Works, and reads what kpi does not: bot_intents, and of a window that may be asked for. Its report is partial.

#include "tiny.h"

namespace {

const crm::Statement intents{"windowed/intents", R"sql(-- Intents detected in the window.
SELECT count(*) AS n
FROM bot_intents i
LEFT JOIN conversations c ON c.conversation_id = i.conversation_id
WHERE i.detected_at >= :from
  AND i.detected_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents)))sql"};

crm::Description description() {
  crm::Description description = tiny::description("windowed");
  description.schedule.timeout = std::chrono::seconds(10);
  description.statements = {intents};
  return description;
}

crm::Report collect(const crm::Request&, crm::Sources& sources) {
  std::int64_t intents_met = 0;
  sources.query(intents, {}).each([&](const crm::Row& row) { intents_met = row.integer("n"); });
  crm::Report report = tiny::report({{"intents", intents_met}});
  report.partial.push_back({"half of it is missing, for the test"});
  return report;
}

crm::Collectors make(const crm::Config&) {
  return tiny::one(description(), collect);
}

}  // namespace

CRM_COLLECTOR_PLUGIN("windowed", make)
