#pragma once
// GET /api/dashboard/agent-productivity, as the design document shows it. Everything here is counted, nothing is
// rounded yet.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/numbers.h>
#include <crm/sdk/window.h>

#include "workload.h"

namespace agent_productivity {

enum class Presence { online, away, offline };
inline constexpr std::array<const char*, 3> presence_words{"online", "away", "offline"};

constexpr const char* to_string(Presence presence) {
  return presence_words[static_cast<std::size_t>(presence)];
}
// Nothing: a word of no presence, which counts as offline.
std::optional<Presence> parse_presence(std::string_view word);

struct AgentMetrics {
  std::string agent_id = {};
  std::string agent_name = {};
  std::int64_t chats = 0;     // created in the window, assigned to the agent now
  std::int64_t resolved = 0;  // of those
  std::int64_t online_ms = 0;
  std::int64_t away_ms = 0;
  crm::Mean handling_time = {};  // of the agent's conversations resolved in the window
  Presence presence = Presence::offline;
  std::optional<crm::Instant> since = {};  // nothing: there never was a span
  std::int64_t open_conversations = 0;     // now
};

struct AgentProductivity {
  std::vector<AgentMetrics> agents;
  Workload workload;
};

// Most chats first, then by name in code point order, then by id.
void sort(std::vector<AgentMetrics>& agents);

// Of those who are online or away.
Workload workload_of(const std::vector<AgentMetrics>& agents, double band);

crm::Json to_json(const AgentProductivity& report, crm::Instant now);

}  // namespace agent_productivity
