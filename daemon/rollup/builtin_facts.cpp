#include <vector>

#include "rollup/fact_registry.h"
#include "sql.h"

namespace crm::rollup {

std::span<const FactFile> builtin_facts() {
  static const std::vector<FactFile> files{
      {sql::campaign_messages.name, sql::campaign_messages.text},
      {sql::conversations.name, sql::conversations.text},
      {sql::first_responses.name, sql::first_responses.text},
      {sql::message_failures.name, sql::message_failures.text},
      {sql::messages.name, sql::messages.text},
      {sql::open_conversations.name, sql::open_conversations.text},
      {sql::resolutions.name, sql::resolutions.text},
      {sql::sla.name, sql::sla.text},
      {sql::turns.name, sql::turns.text},
      {sql::waiting.name, sql::waiting.text},
  };
  return files;
}

}  // namespace crm::rollup
