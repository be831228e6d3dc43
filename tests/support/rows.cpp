#include "support/rows.h"

#include <cstdint>

#include <fmt/format.h>

namespace crm::testing {
namespace {

std::string text(const std::string& value) {
  return value.empty() ? "NULL" : "'" + value + "'";
}
std::string id_or_null(const std::string& name) {
  return name.empty() ? "NULL" : "'" + id(name) + "'";
}

}  // namespace

std::string id(const std::string& name) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:08x}-0000-4000-8000-{:012x}", hash >> 32, hash & 0xffffffffULL);
}

std::string sql(const Conversation& c) {
  return fmt::format(
      "INSERT INTO conversations (id, assigned_agent_id, contact_id, created_at, resolved_at, escalated_at, status) "
      "VALUES ('{}', {}, {}, {}, {}, {}, '{}');\n",
      id(c.name), id_or_null(c.agent), id_or_null(c.contact), text(c.created), text(c.resolved), text(c.escalated),
      c.resolved.empty() ? "open" : "resolved");
}

std::string sql(const Message& m) {
  const std::string direction = !m.direction.empty() ? m.direction : m.sender == "customer" ? "inbound" : "outbound";
  return fmt::format(
      "INSERT INTO messages (id, conversation_id, campaign_id, direction, sender_type, delivery_status, created_at, "
      "sent_at, "
      "delivered_at, read_at, failed_at, recipient, failed_reason) VALUES ({}, {}, {}, '{}', '{}', '{}', {}, {}, {}, "
      "{}, {}, {}, {});\n",
      m.name.empty() ? "DEFAULT" : id_or_null(m.name), id_or_null(m.conversation), id_or_null(m.campaign), direction,
      m.sender, m.status, text(m.at), text(m.sent), text(m.delivered), text(m.read), text(m.failed), text(m.recipient),
      text(m.reason));
}

std::string sql(const Recipient& r) {
  return fmt::format(
      "INSERT INTO campaign_recipients (campaign_id, contact_id, message_id, assigned_agent_id, converted_at, status) "
      "VALUES ('{}', '{}', {}, {}, {}, '{}');\n",
      id(r.campaign), id(r.contact), id_or_null(r.message), id_or_null(r.agent), text(r.converted), r.status);
}

std::string sql(const Campaign& c) {
  return fmt::format("INSERT INTO campaigns (id, name, created_at) VALUES ('{}', '{}', '{}');\n", id(c.name), c.name,
                     c.created);
}

std::string sql(const Contact& c) {
  return fmt::format("INSERT INTO contacts (id, name, lead_at, lead_agent_id) VALUES ('{}', '{}', {}, {});\n",
                     id(c.name), c.name, text(c.lead), id_or_null(c.agent));
}

std::string sql(const Span& s) {
  return fmt::format(
      "INSERT INTO agent_activity_logs (agent_id, status, started_at, ended_at) VALUES ('{}', '{}', '{}', {});\n",
      id(s.agent), s.status, s.from, text(s.to));
}

std::string sql(const Intent& i) {
  return fmt::format(
      "INSERT INTO conversation_intents (conversation_id, intent, succeeded, detected_at) VALUES ('{}', '{}', {}, "
      "'{}');\n",
      id(i.conversation), i.intent, i.succeeded.empty() ? "NULL" : i.succeeded, i.at);
}

std::string sql(const Ticket& t) {
  return fmt::format(
      "INSERT INTO tickets (assigned_agent_id, contact_id, priority, created_at, resolved_at) VALUES ({}, {}, '{}', "
      "{}, {});\n",
      id_or_null(t.agent), id_or_null(t.contact), t.priority, text(t.created), text(t.resolved));
}

std::string sql(const Agent& a) {
  std::string sql = fmt::format("INSERT INTO profiles (id, full_name, role) VALUES ('{}', '{}', '{}');\n", id(a.name),
                                a.name, a.role);
  if (!a.supervisor.empty()) {
    sql += fmt::format("INSERT INTO team_members (supervisor_id, agent_id) VALUES ('{}', '{}');\n", id(a.supervisor),
                       id(a.name));
  }
  return sql;
}

}  // namespace crm::testing
