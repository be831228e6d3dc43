#pragma once
// A fact file read: what its header declares, and its SELECT. The format is described in crm/sdk/facts.h.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crm::rollup {

enum class Clock { created, happened };

struct FactColumn {
  enum class Kind { count, sum };
  std::string name;
  Kind kind = Kind::count;  // count: a boolean column, its true rows; sum: a bigint column
};

// What touches the periods of a fact: which instants of a change must be looked at (touched.h finds them).
enum class Touch {
  message,         // created_at of a message that was inserted, deleted, or changed in what makes it
  delivery,        // created_at of a message whose fate changed
  agent_message,   // created_at of each message of a conversation that changed hands
  recipient,       // created_at of the message of a campaign's recipient
  conversation,    // created_at of a conversation that came, went, or changed hands
  outcome,         // created_at of a conversation that was resolved or reopened
  resolution,      // resolved_at of a conversation, before and after
  reply,           // human replies whose turn may have changed
  first_response,  // human replies that may be or have been their conversation's first
  asked,           // created_at of a conversation whose first response may have changed
  talk,            // created_at of a conversation in which somebody spoke, as far as it may tell who answered there
  contact,         // created_at of a conversation that may be its contact's first now, or no more
  intent,          // detected_at of an intent
  agent_intent,    // detected_at of each intent of a conversation that changed hands
  lead,            // lead_at of a contact, before and after
  ticket,          // resolved_at of a ticket, before and after
  presence,        // instants of which an agent's spans may tell something else now
  campaign,        // created_at of a recipient's message for whom something may have changed
  rating,          // created_at of a conversation whose satisfaction score changed
};
inline constexpr std::array<std::string_view, 19> touch_names{
    "message", "delivery",       "agent_message", "recipient", "conversation", "outcome", "resolution",
    "reply",   "first_response", "asked",         "talk",      "contact",      "intent",  "agent_intent",
    "lead",    "ticket",         "presence",      "campaign",  "rating"};

struct FactHistogram {
  std::string name;
  std::string column;                // whose values it counts, NULL left out
  std::vector<std::int64_t> bounds;  // ascending
};

struct FactDefinition {
  std::string name;
  std::string about;  // the header's first lines, for people
  Clock clock = Clock::created;
  std::vector<Touch> touched_by;
  std::vector<FactColumn> columns;
  std::vector<FactHistogram> histograms;
  std::vector<std::string> settings;
  std::string next_due;    // empty: time alone changes nothing
  bool keyed = false;      // some rows have a key
  bool of_now = false;     // true now of rows, by when they were created: no history, so pruned rows leave it
  bool own_table = false;  // of the house: stored in fact_<name>
  std::string sql;
  // It has shares (shares.h): whose rows they are made of, and the SELECT with those in asked_rows. Empty: none.
  std::string shares;
  std::string share_sql;

  // What it counts goes on by itself (spans of presence), and is cut where the asked periods begin.
  bool lasts() const { return sql.find(":edges") != std::string::npos; }
};

// Answers to a campaign and conversions come for days.
inline bool changes_for_days(const FactDefinition& fact) {
  return std::find(fact.touched_by.begin(), fact.touched_by.end(), Touch::campaign) != fact.touched_by.end();
}

// std::invalid_argument, naming the file and the line of its header that is wrong.
FactDefinition parse_fact_file(std::string_view file, std::string_view text);

}  // namespace crm::rollup
