#include "live.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "delivery.h"
#include "live_clock.h"
#include "rows.h"

namespace crm::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t enough_open = 150;
constexpr std::array<std::string_view, 4> priorities{"low", "medium", "high", "urgent"};

}  // namespace

LiveTraffic::LiveTraffic(Database& database, std::uint64_t seed)
    // Another run on the same database must not draw the same ids again.
    : database_(database), random_(seed ^ static_cast<std::uint64_t>(now().time_since_epoch().count())) {
  for (auto& row :
       database_.run("SELECT id FROM profiles WHERE role IN ('agent', 'supervisor') AND is_active IS NOT FALSE")) {
    agents_.push_back(*row[0]);
  }
  for (auto& row : database_.run("SELECT id, coalesce(phone, '') FROM contacts LIMIT 5000")) {
    contacts_.emplace_back(*row[0], *row[1]);
  }
  if (agents_.empty() || contacts_.empty()) {
    throw DatabaseError("there are no agents or no contacts yet; write a history first, e.g. with --messages 10000");
  }
  const auto open = database_.run(
      "SELECT c.id, c.assigned_agent_id, coalesce(k.phone, ''), c.escalated_at IS NULL,"
      " (SELECT m.sender_type FROM messages m WHERE m.conversation_id = c.id ORDER BY m.created_at DESC LIMIT 1)"
      " FROM conversations c LEFT JOIN contacts k ON k.id = c.contact_id"
      " WHERE c.resolved_at IS NULL AND c.created_at > (now() AT TIME ZONE 'UTC') - interval '1 day'"
      " ORDER BY c.created_at DESC LIMIT 100");
  for (const auto& row : open) {
    const bool customer_waits = row[4] == "customer";
    open_.push_back({*row[0], row[1], *row[2], customer_waits ? Turn::agent : Turn::customer, random_.between(1, 3)});
  }
}

void LiveTraffic::send_message() {
  const bool few = open_.size() < 10;
  if (few || (open_.size() < enough_open && random_.permille(180))) {
    if (!done_.empty() && random_.permille(60)) return reopen();
    return start_conversation();
  }
  go_on(static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(open_.size()))));
}

void LiveTraffic::start_conversation() {
  const auto& [contact, phone] = random_.pick(contacts_);
  const Instant at = now();
  const bool bot = random_.permille(350);
  OpenConversation conversation{to_string(make_uuid(random_, at)), random_.pick(agents_), phone,
                                bot ? Turn::bot : Turn::agent, random_.between(1, 4)};
  if (random_.permille(40)) conversation.agent.reset();
  database_.run(
      "INSERT INTO conversations (id, contact_id, assigned_agent_id, status, created_at) VALUES ($1, $2, $3, 'open', "
      "$4)",
      {conversation.id, contact, conversation.agent, to_timestamp(at)});
  insert_message(conversation, Turn::customer);
  if (random_.permille(60)) open_ticket(conversation);
  open_.push_back(std::move(conversation));
}

void LiveTraffic::go_on(std::size_t index) {
  OpenConversation& conversation = open_[index];
  if (conversation.next == Turn::customer) {
    if (conversation.turns_left <= 0) {
      finish(index);
      return start_conversation();
    }
    --conversation.turns_left;
    insert_message(conversation, Turn::customer);
    conversation.next = random_.permille(150) ? Turn::customer : Turn::agent;
    return;
  }
  if (conversation.next == Turn::agent && !conversation.agent) {  // assigned at last
    conversation.agent = random_.pick(agents_);
    database_.run("UPDATE conversations SET assigned_agent_id = $2 WHERE id = $1",
                  {conversation.id, conversation.agent});
  }
  insert_message(conversation, conversation.next);
  if (conversation.next == Turn::bot && random_.permille(400)) return hand_over(conversation);
  conversation.next = Turn::customer;
}

void LiveTraffic::hand_over(OpenConversation& conversation) {
  database_.run("UPDATE conversations SET escalated_at = $2 WHERE id = $1", {conversation.id, to_timestamp(now())});
  conversation.next = Turn::agent;
}

void LiveTraffic::finish(std::size_t index) {
  database_.run(
      "UPDATE conversations SET status = 'resolved', resolved_at = $2,"
      " resolution_time_seconds = extract(epoch FROM $2::timestamp - created_at)::int WHERE id = $1",
      {open_[index].id, to_timestamp(now())});
  ++resolved_;
  done_.push_back(std::move(open_[index]));
  if (done_.size() > 50) done_.pop_front();
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
  if (random_.permille(60)) {
    database_.run(
        "UPDATE tickets SET resolved_at = $1 WHERE id = (SELECT id FROM tickets WHERE resolved_at IS NULL"
        " ORDER BY created_at DESC LIMIT 1)",
        {to_timestamp(now())});
  }
}

void LiveTraffic::reopen() {
  OpenConversation conversation = std::move(done_.front());
  done_.pop_front();
  ++reopened_;
  database_.run(
      "UPDATE conversations SET status = 'open', resolved_at = NULL, resolution_time_seconds = NULL WHERE id = $1",
      {conversation.id});
  insert_message(conversation, Turn::customer);
  conversation.next = Turn::agent;
  conversation.turns_left = random_.between(0, 2);
  open_.push_back(std::move(conversation));
}

void LiveTraffic::open_ticket(const OpenConversation& conversation) {
  database_.run(
      "INSERT INTO tickets (contact_id, conversation_id, assigned_agent_id, subject, priority, created_at)"
      " SELECT contact_id, id, assigned_agent_id, 'Asked in chat', $2, $3::timestamp FROM conversations WHERE id = $1",
      {conversation.id, std::string{random_.pick(priorities)}, to_timestamp(now())});
}

void LiveTraffic::insert_message(const OpenConversation& conversation, Turn speaker) {
  const Instant at = now();
  const std::string id = to_string(make_uuid(random_, at));
  const bool inbound = speaker == Turn::customer;
  const char* sender_type = inbound ? "customer" : speaker == Turn::bot ? "bot" : "agent";
  database_.run(
      "INSERT INTO messages (id, conversation_id, direction, sender_type, sender_id, recipient, content,"
      " delivery_status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {id, conversation.id, inbound ? "inbound" : "outbound", sender_type,
       speaker == Turn::agent ? conversation.agent : Value{}, inbound ? Value{} : Value{conversation.phone},
       inbound ? "A question" : "An answer", inbound ? "delivered" : "pending", to_timestamp(at)});
  ++messages_;
  if (!inbound) schedule_delivery(id, at);
}

void LiveTraffic::schedule_delivery(const std::string& message, Instant at) {
  const Instant sent = at + random_.between(milliseconds{100}, milliseconds{1'500});
  due_.push({sent, message, "delivery_status = 'sent', sent_at = $2"});
  if (random_.permille(25)) {
    const std::string reason{draw_failure(random_)};
    std::string quoted;
    for (const char c : reason) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    due_.push(
        {sent + seconds{2}, message, "delivery_status = 'failed', failed_at = $2, failed_reason = '" + quoted + "'"});
    return;
  }
  if (random_.permille(20)) return;  // no delivery is ever reported
  const Instant delivered = sent + random_.between(milliseconds{300}, seconds{random_.permille(50) ? 120 : 6});
  due_.push({delivered, message, "delivery_status = 'delivered', delivered_at = $2"});
  if (random_.permille(300)) return;
  const Instant read = delivered + random_.between(seconds{1}, seconds{90});
  due_.push({read, message, "delivery_status = 'read', read_at = $2"});
}

void LiveTraffic::deliver() {
  while (!due_.empty() && due_.top().at <= now()) {
    const DueEvent event = due_.top();
    due_.pop();
    database_.run("UPDATE messages SET " + event.set + " WHERE id = $1", {event.message, to_timestamp(now())});
  }
}

}  // namespace crm::simulator
