#pragma once
// Rows of the reference CRM, written as a test reads: times of one day in UTC, agents and conversations by short names.
// The same INSERT statements work in the other CRM of the tests: crms.h.

#include <optional>
#include <string>

namespace crm::testing {

// A stable uuid for a short name: id("ann") is the same everywhere.
std::string id(const std::string& name);

struct Conversation {
  std::string name;
  std::string agent = "";  // empty: unassigned
  std::string created;     // "2026-03-10 09:00"
  std::string resolved = "";
  std::string escalated = "";
  std::string contact = "";
};

struct Message {
  std::string conversation = "";  // empty: a broadcast
  std::string sender;             // customer, agent, bot, system
  std::string at;
  std::string status = "sent";
  std::string delivered = "";
  std::string read = "";
  std::string failed = "";
  std::string sent = "";
  std::string campaign = "";
  std::string direction = "";  // by the sender unless given
  std::string name = "";       // empty: an id of its own
  std::string recipient = "";
  std::string reason = "";  // why it failed
};

struct Ticket {
  std::string agent = "";
  std::string priority;
  std::string created;
  std::string resolved = "";
  std::string contact = "";
};

struct Agent {
  std::string name;
  std::string role = "agent";
  std::string supervisor = "";
};

// Of a campaign, by name. The message, if there is one, was given that name.
struct Recipient {
  std::string campaign;
  std::string contact;
  std::string message = "";
  std::string agent = "";
  std::string converted = "";
  std::string status = "pending";
};

struct Campaign {
  std::string name;
  std::string created;
};

struct Contact {
  std::string name;
  std::string lead = "";   // when it became one
  std::string agent = "";  // who won it
};

// Of presence.
struct Span {
  std::string agent;
  std::string status;
  std::string from;
  std::string to = "";  // empty: open
};

struct Intent {
  std::string conversation;
  std::string intent;
  std::string at;
  std::string succeeded = "";  // true, false; empty: not decided
};

// INSERT statements.
std::string sql(const Conversation& conversation);
std::string sql(const Message& message);
std::string sql(const Ticket& ticket);
std::string sql(const Agent& agent);
std::string sql(const Recipient& recipient);
std::string sql(const Campaign& campaign);
std::string sql(const Contact& contact);
std::string sql(const Span& span);
std::string sql(const Intent& intent);

}  // namespace crm::testing
