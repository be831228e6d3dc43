#pragma once
// A CRM that lives: random writes of the kinds that CRMs make, some of them late, in an order that only the seed knows.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <crm/sdk/instant.h>

#include "support/postgres_cluster.h"
#include "support/rows.h"

namespace crm::testing {

class LivingCrm {
 public:
  LivingCrm(std::string url, unsigned seed) : url_(std::move(url)), random_(seed) {
    execute(url_, "INSERT INTO profiles (id, full_name, role) SELECT " + agent(0) +
                      ", 'ann', 'agent' UNION ALL SELECT " + agent(1) + ", 'ben', 'agent' UNION ALL SELECT " +
                      agent(2) + ", 'cat', 'agent' UNION ALL SELECT " + supervisor() +
                      ", 'sue', 'supervisor'; INSERT INTO team_members SELECT " + supervisor() + ", " + agent(0) +
                      " UNION ALL SELECT " + supervisor() + ", " + agent(1) + ";");
  }

  // Writes of the time just before `now`, and a few of long before.
  void live(Instant now, int writes) {
    std::string sql;
    for (int i = 0; i < writes; ++i) sql += write(now);
    execute(url_, sql);
  }

  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool one_in(int count) { return pick(count) == 0; }

  // A span back from `now`: mostly minutes, sometimes days.
  Instant before(Instant now) {
    const int kind = pick(10);
    const std::int64_t most = kind < 6 ? 1'800 : kind < 9 ? 86'400 : 10 * 86'400;
    return now - std::chrono::milliseconds(1'000 * std::uniform_int_distribution<std::int64_t>(0, most)(random_) +
                                           pick(1'000));
  }

 private:
  static std::string quoted(const std::string& text) { return "'" + text + "'"; }
  static std::string uuid(const std::string& name) { return "'" + id(name) + "'::uuid"; }
  static std::string agent(int i) {
    return uuid(std::vector<std::string>{"ann", "ben", "cat"}[static_cast<std::size_t>(i)]);
  }
  static std::string supervisor() { return uuid("sue"); }
  std::string any_agent() { return one_in(5) ? "NULL" : agent(pick(3)); }
  static std::string at(Instant instant) { return quoted(to_iso(instant)) + "::timestamptz AT TIME ZONE 'UTC'"; }
  std::string conversation() { return uuid(fmt::format("conversation {}", pick(std::max(conversations_, 1)))); }
  std::string message() { return uuid(fmt::format("message {}", pick(std::max(messages_, 1)))); }
  // Few, so that they come again.
  std::string contact() { return uuid(fmt::format("contact {}", pick(12))); }
  std::string any_contact() { return one_in(10) ? "NULL" : contact(); }
  // An instant about now, seldom one that has not come.
  Instant event(Instant now) { return one_in(12) ? now + std::chrono::seconds(pick(7'200)) : before(now); }

  std::string new_conversation(Instant now) {
    return fmt::format(
        "INSERT INTO conversations (id, contact_id, assigned_agent_id, status, created_at, escalated_at, resolved_at) "
        "VALUES ({}, {}, {}, 'open', {}, {}, {});\n",
        uuid(fmt::format("conversation {}", conversations_++)), any_contact(), any_agent(), at(event(now)),
        one_in(4) ? at(event(now)) : "NULL", one_in(5) ? at(event(now)) : "NULL");
  }

  std::string new_message(Instant now) {
    const int sender = pick(6);
    const bool inbound = sender < 2;
    const std::string type = inbound ? "customer" : sender < 5 ? "agent" : "bot";
    const int status = pick(5);
    static const std::vector<std::string> statuses{"pending", "sent", "delivered", "read", "failed"};
    return fmt::format(
        "INSERT INTO messages (id, conversation_id, campaign_id, direction, sender_type, delivery_status, created_at, "
        "sent_at, "
        "delivered_at, failed_at, failed_reason) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});\n",
        uuid(fmt::format("message {}", messages_++)), one_in(15) ? "NULL" : conversation(),
        one_in(12) ? uuid("spring") : "NULL", quoted(inbound ? "inbound" : "outbound"), quoted(type),
        quoted(statuses[static_cast<std::size_t>(status)]), at(event(now)), one_in(3) ? at(event(now)) : "NULL",
        one_in(4) ? at(event(now)) : "NULL", status == 4 ? at(event(now)) : "NULL",
        status == 4 ? quoted(one_in(2) ? "131026: undeliverable" : "no route") : "NULL");
  }

  std::string write(Instant now) {
    if (conversations_ < 3) return new_conversation(now);
    switch (pick(32)) {
      case 0:
      case 1:
        return new_conversation(now);
      case 2:
        return fmt::format("UPDATE conversations SET assigned_agent_id = {} WHERE id = {};\n", any_agent(),
                           conversation());
      case 3:
        return fmt::format("UPDATE conversations SET resolved_at = {} WHERE id = {};\n", at(event(now)),
                           conversation());
      case 4:
        return fmt::format("UPDATE conversations SET resolved_at = NULL WHERE id = {};\n", conversation());
      case 5:
        return fmt::format("UPDATE conversations SET escalated_at = {} WHERE id = {};\n",
                           one_in(3) ? "NULL" : at(event(now)), conversation());
      case 6:
        return one_in(4) ? fmt::format("DELETE FROM conversations WHERE id = {};\n", conversation())
                         : fmt::format("UPDATE conversations SET created_at = {} WHERE id = {};\n", at(event(now)),
                                       conversation());
      case 7:
        return fmt::format("DELETE FROM messages WHERE id = {};\n", message());
      case 8:
        return fmt::format("UPDATE messages SET created_at = {} WHERE id = {};\n", at(event(now)), message());
      case 9:
        return fmt::format("UPDATE messages SET conversation_id = {} WHERE id = {};\n", conversation(), message());
      case 10:
        return fmt::format(
            "INSERT INTO campaign_recipients (campaign_id, contact_id, message_id) VALUES ({}, {}, {}) ON CONFLICT DO "
            "NOTHING;\n",
            uuid(one_in(2) ? "spring" : "summer"), contact(), message());
      case 11:
        return one_in(3) ? fmt::format("DELETE FROM campaign_recipients WHERE message_id = {};\n", message())
                         : fmt::format("UPDATE campaign_recipients SET message_id = {} WHERE message_id = {};\n",
                                       message(), message());
      case 12:
        return fmt::format("UPDATE messages SET sender_type = {}, direction = 'outbound' WHERE id = {};\n",
                           quoted(one_in(2) ? "agent" : "bot"), message());
      case 13:
      case 14:
        return fmt::format("UPDATE messages SET delivered_at = {}, delivery_status = 'delivered' WHERE id = {};\n",
                           one_in(4) ? "NULL" : at(event(now)), message());
      case 15:
        return fmt::format("UPDATE messages SET read_at = {}, delivery_status = 'read' WHERE id = {};\n",
                           at(event(now)), message());
      case 16:
        return fmt::format(
            "UPDATE messages SET failed_at = {}, delivery_status = 'failed', failed_reason = '131047' WHERE id = {};\n",
            at(event(now)), message());
      case 17:
      case 18:
        return new_span(now);
      case 19:
        return one_in(3) ? fmt::format("DELETE FROM agent_activity_logs WHERE id = {};\n", span())
                         : fmt::format("UPDATE agent_activity_logs SET ended_at = {} WHERE id = {};\n",
                                       one_in(4) ? "NULL" : at(event(now)), span());
      case 20:
        return fmt::format(
            "UPDATE agent_activity_logs SET started_at = {}, status = {}, agent_id = {} WHERE id = {};\n",
            at(event(now)), quoted(one_in(2) ? "online" : "away"), agent(pick(3)), span());
      case 21:
        return fmt::format(
            "INSERT INTO conversation_intents (id, conversation_id, intent, succeeded, detected_at) VALUES ({}, {}, "
            "{}, "
            "{}, {});\n",
            uuid(fmt::format("intent {}", intents_++)), conversation(), quoted(one_in(2) ? "price" : "opening hours"),
            one_in(3)   ? "NULL"
            : one_in(2) ? "true"
                        : "false",
            at(event(now)));
      case 22:
        return one_in(3) ? fmt::format("DELETE FROM conversation_intents WHERE id = {};\n", intent())
                         : fmt::format("UPDATE conversation_intents SET succeeded = {}, intent = {} WHERE id = {};\n",
                                       one_in(2) ? "true" : "false", quoted(one_in(2) ? "price" : "address"), intent());
      case 23:
        return fmt::format(
            "INSERT INTO contacts (id, lead_at, lead_agent_id) VALUES ({}, {}, {}) ON CONFLICT (id) DO UPDATE SET "
            "lead_at "
            "= excluded.lead_at, lead_agent_id = excluded.lead_agent_id;\n",
            contact(), one_in(4) ? "NULL" : at(event(now)), any_agent());
      case 24:
        return fmt::format("DELETE FROM contacts WHERE id = {};\n", contact());
      case 25:
        return fmt::format(
            "INSERT INTO tickets (id, contact_id, assigned_agent_id, priority, created_at, resolved_at) VALUES ({}, "
            "{}, "
            "{}, 'high', {}, {});\n",
            uuid(fmt::format("ticket {}", tickets_++)), any_contact(), any_agent(), at(before(now)),
            one_in(2) ? at(event(now)) : "NULL");
      case 26:
        return one_in(3) ? fmt::format("DELETE FROM tickets WHERE id = {};\n", ticket())
                         : fmt::format("UPDATE tickets SET resolved_at = {}, contact_id = {} WHERE id = {};\n",
                                       one_in(3) ? "NULL" : at(event(now)), any_contact(), ticket());
      case 27:
        return fmt::format("UPDATE conversations SET contact_id = {} WHERE id = {};\n", any_contact(), conversation());
      case 28:
        return fmt::format("UPDATE campaign_recipients SET converted_at = {}, status = {} WHERE contact_id = {};\n",
                           one_in(2) ? "NULL" : at(event(now)), quoted(one_in(2) ? "converted" : "sent"), contact());
      default:
        return new_message(now);
    }
  }

  std::string span() { return uuid(fmt::format("span {}", pick(std::max(spans_, 1)))); }
  std::string intent() { return uuid(fmt::format("intent {}", pick(std::max(intents_, 1)))); }
  std::string ticket() { return uuid(fmt::format("ticket {}", pick(std::max(tickets_, 1)))); }

  // Some overlap, some are forgotten.
  std::string new_span(Instant now) {
    static const std::vector<std::string> words{"online", "away", "offline", "online", "lunch"};
    const Instant from = event(now);
    return fmt::format(
        "INSERT INTO agent_activity_logs (id, agent_id, status, started_at, ended_at) VALUES ({}, {}, {}, {}, {});\n",
        uuid(fmt::format("span {}", spans_++)), agent(pick(3)), quoted(words[static_cast<std::size_t>(pick(5))]),
        at(from), one_in(3) ? "NULL" : at(from + std::chrono::milliseconds(pick(40'000'000))));
  }

  const std::string url_;
  std::mt19937 random_;
  int conversations_ = 0;
  int messages_ = 0;
  int spans_ = 0;
  int intents_ = 0;
  int tickets_ = 0;
};

}  // namespace crm::testing
