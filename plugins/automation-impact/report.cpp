#include "report.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

namespace automation_impact {
namespace {

using crm::Json;

constexpr std::size_t intents_shown = 10;
constexpr double seconds_an_hour = 3600.0;

// `part` under its own name, of the bot's conversations.
Json of_bot_conversations(const Conversations& conversations, const char* name, std::int64_t part, double of_nothing) {
  return {{"total", conversations.bot},
          {name, part},
          {"percentage", crm::percentage({part, conversations.bot}, of_nothing)}};
}

Json top(const std::vector<Intent>& intents) {
  Json list = Json::array();
  for (const Intent& intent : intents) {
    if (list.size() == intents_shown) break;
    list.push_back({{"intent", intent.name},
                    {"count", intent.detected},
                    {"successRate", crm::percentage({intent.succeeded, intent.succeeded + intent.unsuccessful}, 0.0)}});
  }
  return list;
}

Json time_saved(const Conversations& conversations, const Rates& rates) {
  const double hours = static_cast<double>(seconds_saved(conversations, rates)) / seconds_an_hour;
  return {{"hours", crm::hundredths(hours)}, {"estimatedCost", crm::hundredths(hours * rates.agent_hour)}};
}

}  // namespace

void sort(std::vector<Intent>& intents) {
  std::sort(intents.begin(), intents.end(), [](const Intent& a, const Intent& b) {
    return std::tie(b.detected, a.name) < std::tie(a.detected, b.name);
  });
}

std::int64_t seconds_saved(const Conversations& conversations, const Rates& rates) {
  return conversations.successful * rates.handling_seconds;
}

Json to_json(const AutomationImpact& report, const Rates& rates) {
  const Conversations& all = report.conversations;
  return {{"chatbotVsHuman",
           {{"chatbot", all.chatbot},
            {"human", all.human},
            {"percentage", crm::percentage({all.chatbot, all.chatbot + all.human}, 0.0)}}},
          {"autoReplySuccess", of_bot_conversations(all, "successful", all.successful, 100.0)},
          {"dropOffRate", of_bot_conversations(all, "dropped", all.dropped, 0.0)},
          {"topIntents", top(report.intents)},
          {"timeSaved", time_saved(all, rates)},
          {"escalationRate", of_bot_conversations(all, "escalated", all.escalated, 0.0)}};
}

}  // namespace automation_impact
