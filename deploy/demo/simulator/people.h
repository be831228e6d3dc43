#pragma once
// Who works here and who writes to them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "local_day.h"
#include "options.h"
#include "random.h"
#include "rows.h"

namespace crm::simulator {

struct Agent {
  Uuid id;
  int slowness = 100;    // percent of the usual response time
  bool deleted = false;  // has no profile any more, and worked in the first half of history only
};

struct Contact {
  Uuid id;
  std::string phone;
  Instant created;
  bool reached = false;  // by a campaign
  std::optional<Instant> lead = {};
};

struct People {
  std::vector<Agent> agents;  // supervisors first, then agents, then the deleted ones
  std::size_t supervisors = 0;
  std::vector<Contact> contacts;
  std::size_t known = 0;  // contacts that have written, or were known before history began; the rest never wrote yet
};

// Draws the agents and writes profiles and teams.
std::vector<Agent> write_staff(Random& random, const History& history, Instant start, RowWriter& out);
std::size_t supervisor_count(const History& history);

// Contacts; the first third is known before history starts.
std::vector<Contact> draw_contacts(Random& random, const History& history, Instant start);

// Contacts are written last, when it is known who wrote when.
void write_contacts(Random& random, const People& people, Instant now, RowWriter& out);

// The agents on duty that day, with their spans of presence written. At least one.
std::vector<std::size_t> write_presence(Random& random, const People& people, const LocalDay& day, bool second_half,
                                        Instant now, RowWriter& out);

// A span "online" that nobody ever closed.
void write_forgotten_span(Random& random, const People& people, Instant start, RowWriter& out);

void write_sessions(Random& random, Instant now, RowWriter& out);

}  // namespace crm::simulator
