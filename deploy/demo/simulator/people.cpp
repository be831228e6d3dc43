#include "people.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace crm::simulator {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 20> first_names{
    "Amara",     "Bruno", "Chloé", "Deniz", "Elif", "Farid", "Giulia", "Hana", "Ivan",  "Jonas",
    "Katarzyna", "Luís",  "Maya",  "Nora",  "Omar", "Priya", "Quinn",  "Rosa", "Søren", "Tariq"};
constexpr std::array<std::string_view, 12> last_names{"Okafor", "Silva",    "Martin", "Yılmaz", "Haddad", "Rossi",
                                                      "Tanaka", "Petrović", "Weber",  "Nowak",  "O'Neil", "Sharma"};

std::string name(Random& random) {
  return fmt::format("{} {}", random.pick(first_names), random.pick(last_names));
}

constexpr std::size_t deleted_agents = 2;

void write_profile(RowWriter& out, const Uuid& id, std::string_view name, std::string_view role,
                   std::optional<bool> active, Instant created) {
  out.row(Table::profiles).id(id).text(name).text(role).flag(active).time(created).end();
}

void write_team(RowWriter& out, const Uuid& supervisor, const Uuid& agent) {
  out.row(Table::team_members).id(supervisor).id(agent).end();
}

// Everybody has one supervisor, but the second agent has two, and the last of several has none.
void write_teams(const std::vector<Agent>& staff, std::size_t supervisors, std::size_t count, RowWriter& out) {
  for (std::size_t i = 0; i < count; ++i) {
    if (count > 2 && i + 1 == count) break;
    write_team(out, staff[i % supervisors].id, staff[supervisors + i].id);
    if (i == 1 && supervisors > 1) write_team(out, staff[0].id, staff[supervisors + i].id);
  }
}

struct Span {
  std::string_view status;
  Instant start;
  Instant end;
};

void write_span(Random& random, const Uuid& agent, const Span& span, Instant now, RowWriter& out) {
  if (span.start >= now) return;
  const bool open = span.end > now;
  out.row(Table::agent_activity_logs).id(make_uuid(random, span.start)).id(agent).text(span.status).time(span.start);
  if (open) {
    out.null().null();
  } else {
    out.time(span.end).number(std::chrono::floor<seconds>(span.end - span.start).count());
  }
  out.time(span.start).end();
}

// A working day: online, lunch, online, home. Now and then a span ends after the next has begun.
void write_shift(Random& random, const Uuid& agent, const LocalDay& day, Instant now, RowWriter& out) {
  const Instant start = day.start + hours{8} + random.between(Duration{0}, minutes{40});
  const Instant lunch = start + hours{4} + random.between(Duration{0}, minutes{30});
  const Instant back = lunch + random.between(minutes{25}, minutes{65});
  const Instant home = back + hours{4} + random.between(Duration{0}, minutes{50});
  const Duration overlap = random.permille(30) ? Duration{minutes{10}} : Duration{0};
  write_span(random, agent, {"online", start, lunch + overlap}, now, out);
  write_span(random, agent, {"away", lunch, back}, now, out);
  if (random.permille(300)) {
    const Instant coffee = back + random.between(minutes{60}, minutes{150});
    write_span(random, agent, {"online", back, coffee}, now, out);
    write_span(random, agent, {"away", coffee, coffee + minutes{12}}, now, out);
    write_span(random, agent, {"online", coffee + minutes{12}, home}, now, out);
  } else {
    write_span(random, agent, {"online", back, home}, now, out);
  }
  write_span(random, agent, {"offline", home, day.start + hours{32}}, now, out);
}

}  // namespace

std::size_t supervisor_count(const History& history) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, history.agents / 8));
}

std::vector<Agent> write_staff(Random& random, const History& history, Instant start, RowWriter& out) {
  const std::size_t supervisors = supervisor_count(history);
  const auto count = static_cast<std::size_t>(history.agents);
  const Instant hired = start - days{200};
  write_profile(out, make_uuid(random, hired), "Olga Owner", "owner", true, hired);
  write_profile(out, make_uuid(random, hired), "Adam Admin", "admin", true, hired);

  std::vector<Agent> staff;
  for (std::size_t i = 0; i < supervisors + count + deleted_agents; ++i) {
    staff.push_back({make_uuid(random, hired), static_cast<int>(random.between(60, 180)), i >= supervisors + count});
    if (staff.back().deleted) continue;
    const std::size_t agent = i - supervisors;  // wraps for supervisors, which are none of the special ones
    // The third never had is_active set, the fifth left.
    const std::optional<bool> active = agent == 2 ? std::nullopt : std::optional{agent != 4};
    write_profile(out, staff.back().id, name(random), i < supervisors ? "supervisor" : "agent", active, hired);
  }
  write_teams(staff, supervisors, count, out);
  return staff;
}

std::vector<Contact> draw_contacts(Random& random, const History& history, Instant start) {
  const std::int64_t count =
      history.contacts > 0 ? history.contacts : std::max<std::int64_t>(20, history.messages / 25);
  std::vector<Contact> contacts(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    Contact& contact = contacts[i];
    contact.created = start - random.between(hours{1}, days{200});
    contact.id = make_uuid(random, contact.created);
    contact.phone = fmt::format("+49151{:08}", random.below(100'000'000));
  }
  return contacts;
}

void write_contacts(Random& random, const People& people, Instant now, RowWriter& out) {
  for (const Contact& contact : people.contacts) {
    out.row(Table::contacts).id(contact.id);
    if (random.permille(30)) {
      out.null();
    } else {
      out.text(name(random));
    }
    out.text(contact.phone).time(contact.created);
    std::optional<Instant> lead = contact.lead;
    if (!lead && random.permille(40)) lead = contact.created + random.between(hours{1}, days{60});
    if (lead && *lead > now) lead.reset();
    out.time(lead);
    if (lead && random.permille(800)) {
      out.id(random.pick(people.agents).id);
    } else {
      out.null();
    }
    out.end();
  }
}

std::vector<std::size_t> write_presence(Random& random, const People& people, const LocalDay& day, bool second_half,
                                        Instant now, RowWriter& out) {
  std::vector<std::size_t> on_duty;
  for (std::size_t i = 0; i < people.agents.size(); ++i) {
    const Agent& agent = people.agents[i];
    if (agent.deleted && second_half) continue;
    if (!random.permille(day.weekend ? 300 : 920)) continue;
    on_duty.push_back(i);
    write_shift(random, agent.id, day, now, out);
  }
  if (on_duty.empty()) on_duty.push_back(0);
  return on_duty;
}

void write_forgotten_span(Random& random, const People& people, Instant start, RowWriter& out) {
  const Uuid& agent = people.agents[people.supervisors].id;
  out.row(Table::agent_activity_logs).id(make_uuid(random, start)).id(agent).text("online").time(start);
  out.null().null().time(start).end();
}

void write_sessions(Random& random, Instant now, RowWriter& out) {
  struct Session {
    std::string_view id, phone, status;
    std::optional<Instant> seen;
  };
  const std::array<Session, 5> sessions{{
      {"sales-4915112345601", "+4915112345601", "connected", now - random.between(seconds{1}, seconds{50})},
      {"support-4915112345602", "+4915112345602", "active", now - random.between(seconds{1}, seconds{50})},
      {"support-4915112345603", "+4915112345603", "connecting", now - random.between(minutes{1}, minutes{4})},
      {"returns-4915112345604", "+4915112345604", "logged_out", now - random.between(hours{5}, hours{50})},
      {"old-4915112345605", "+4915112345605", "hibernating", std::nullopt},  // a word that no gateway is known for
  }};
  for (const auto& session : sessions) {
    out.row(Table::whatsapp_sessions).text(session.id).text(session.phone).text(session.status);
    out.time(session.seen).end();
  }
}

}  // namespace crm::simulator
