#pragma once
// GET /api/dashboard/automation-impact, as the design document shows it. Everything here is counted, nothing is rounded
// yet.

#include <cstdint>
#include <string>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/settings.h>

namespace automation_impact {

// Conversations created in the window, as the fact bot_conversations counts them.
struct Conversations {
  std::int64_t bot = 0;         // the bot wrote in them
  std::int64_t human = 0;       // a human replied, bot or none
  std::int64_t chatbot = 0;     // the bot's alone
  std::int64_t successful = 0;  // resolved without a human reply
  std::int64_t escalated = 0;
  std::int64_t dropped = 0;
};

struct Intent {
  std::string name;
  std::int64_t detected = 0;
  std::int64_t succeeded = 0;
  std::int64_t unsuccessful = 0;  // of the rest nobody has decided
};

// What the bot spared: a figure that is configured for each conversation that succeeded, because elapsed times count
// nights.
struct Rates {
  std::int64_t handling_seconds = 300;
  double agent_hour = 15.0;
};

struct AutomationImpact {
  Conversations conversations;
  std::vector<Intent> intents;  // of the window, all of them
};

// Most frequent first, then by name in code point order.
void sort(std::vector<Intent>& intents);

std::int64_t seconds_saved(const Conversations& conversations, const Rates& rates);

// `report.intents` sorted.
crm::Json to_json(const AutomationImpact& report, const Rates& rates);

}  // namespace automation_impact
