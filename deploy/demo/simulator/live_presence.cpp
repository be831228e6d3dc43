// Who is there: agents, and WhatsApp sessions.

#include "live.h"
#include "live_clock.h"
#include "rows.h"

namespace crm::simulator {

void LiveTraffic::change_presence() {
  const std::string& agent = random_.pick(agents_);
  const auto draw = random_.below(10);
  const std::string status = draw < 6 ? "online" : draw < 9 ? "away" : "offline";
  const std::string at = to_timestamp(now());
  database_.run(
      "WITH ended AS (UPDATE agent_activity_logs SET ended_at = $3::timestamp,"
      " duration_seconds = extract(epoch FROM $3::timestamp - started_at)::int"
      " WHERE agent_id = $1 AND ended_at IS NULL)"
      " INSERT INTO agent_activity_logs (agent_id, status, started_at) VALUES ($1, $2, $3::timestamp)",
      {agent, status, at});
}

void LiveTraffic::touch_sessions() {
  database_.run("UPDATE whatsapp_sessions SET last_seen = $1 WHERE status IN ('connected', 'active')",
                {to_timestamp(now())});
}

}  // namespace crm::simulator
