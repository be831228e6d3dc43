#include <vector>

#include "rollup/fact_registry.h"
#include "sql.h"

namespace crm::rollup {

std::span<const FactFile> builtin_facts() {
  static const std::vector<FactFile> files{
      {sql::bot_conversations.name, sql::bot_conversations.text},
      {sql::campaign_messages.name, sql::campaign_messages.text},
      {sql::campaign_results.name, sql::campaign_results.text},
      {sql::conversations.name, sql::conversations.text},
      {sql::customers.name, sql::customers.text},
      {sql::first_responses.name, sql::first_responses.text},
      {sql::intents.name, sql::intents.text},
      {sql::leads.name, sql::leads.text},
      {sql::message_failures.name, sql::message_failures.text},
      {sql::messages.name, sql::messages.text},
      {sql::open_conversations.name, sql::open_conversations.text},
      {sql::presence.name, sql::presence.text},
      {sql::resolutions.name, sql::resolutions.text},
      {sql::sla.name, sql::sla.text},
      {sql::ticket_resolutions.name, sql::ticket_resolutions.text},
      {sql::turns.name, sql::turns.text},
      {sql::visits.name, sql::visits.text},
      {sql::waiting.name, sql::waiting.text},
  };
  return files;
}

}  // namespace crm::rollup
