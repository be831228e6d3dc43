#pragma once
// The kpi definitions once more, in plain C++ over plain rows: no SQL, no facts. Slow and obvious on purpose. And a CRM
// of random rows to hold the two against each other.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <crm/sdk/numbers.h>
#include <crm/sdk/window.h>

#include "support/rows.h"

namespace crm::testing {

using MaybeInstant = std::optional<Instant>;
using Visible = std::optional<std::set<std::string>>;  // agents by name; nothing: everybody's rows and nobody's

struct RandomConversation {
  std::string name;
  std::string agent;  // empty: nobody's
  Instant created;
  MaybeInstant resolved;
  MaybeInstant escalated;
};

struct RandomMessage {
  int number = 0;
  int conversation = -1;  // -1: a broadcast
  std::string direction;
  std::string sender;
  std::string status;
  Instant created;
  MaybeInstant sent, delivered, read, failed;
  bool campaign = false;
};

struct RandomTicket {
  std::string agent;
  std::string priority;
  Instant created;
  MaybeInstant resolved;
};

struct RandomCrm {
  std::vector<RandomConversation> conversations;
  std::vector<RandomMessage> messages;
  std::vector<RandomTicket> tickets;
};

struct Counted {
  std::int64_t open = 0, open_before = 0;
  std::map<std::string, std::int64_t> tickets;  // low, medium, high, urgent
  std::int64_t tickets_before = 0;
  struct Period {
    std::int64_t inbound = 0, outbound = 0, sent = 0, delivered = 0, read = 0, failed = 0;
    std::int64_t turns = 0, response_ms = 0;
  } today, yesterday;
};

class Oracle {
 public:
  Oracle(const RandomCrm& crm, Visible visible) : crm_(crm), visible_(std::move(visible)) {}

  Counted count(Instant as_of, const crm::Period& period) const {
    Counted counted;
    const Instant before = period.previous.to;
    for (const auto& c : crm_.conversations) {
      if (!sees(c.agent)) continue;
      counted.open += is_open(c, as_of);
      counted.open_before += is_open(c, before);
    }
    for (const auto& t : crm_.tickets) {
      if (!sees(t.agent)) continue;
      const bool known = t.priority == "low" || t.priority == "high" || t.priority == "urgent";
      counted.tickets[known ? t.priority : "medium"] += is_open(t, as_of);
      counted.tickets_before += is_open(t, before);
    }
    counted.today = over(period.window, as_of);
    counted.yesterday = over(period.previous, as_of);
    return counted;
  }

 private:
  bool sees(const std::string& agent) const { return !visible_ || (!agent.empty() && visible_->contains(agent)); }
  const std::string& agent_of(const RandomMessage& m) const {
    static const std::string nobody;
    return m.conversation < 0 ? nobody : crm_.conversations[static_cast<std::size_t>(m.conversation)].agent;
  }

  template <typename Thing>
  static bool is_open(const Thing& thing, Instant t) {
    return thing.created <= t && (!thing.resolved || *thing.resolved > t);
  }

  Counted::Period over(const Window& window, Instant as_of) const {
    Counted::Period period;
    for (const auto& m : crm_.messages) {
      if (window.contains(m.created) && sees(agent_of(m))) add_message(m, as_of, period);
    }
    for (std::size_t c = 0; c < crm_.conversations.size(); ++c) {
      if (sees(crm_.conversations[c].agent)) add_turns(static_cast<int>(c), window, period);
    }
    return period;
  }

  static void add_message(const RandomMessage& m, Instant as_of, Counted::Period& period) {
    if (m.direction == "inbound") ++period.inbound;
    if (m.direction != "outbound") return;
    ++period.outbound;
    const Instant horizon = std::min(as_of, m.created + std::chrono::days(35));
    const auto is = [&](const MaybeInstant& t) { return t && *t <= horizon; };
    const bool read = m.read ? is(m.read) : m.status == "read";
    const bool delivered =
        read || (m.delivered ? is(m.delivered) : !m.read && (m.status == "delivered" || m.status == "read"));
    const bool failed = !delivered && (m.failed ? is(m.failed) : m.status == "failed");
    const bool only_words = !m.delivered && !m.read && !m.failed;
    const bool left = m.sent ? is(m.sent)
                             : only_words && (m.status == "sent" || m.status == "delivered" || m.status == "read" ||
                                              m.status == "failed");
    period.read += read;
    period.delivered += delivered;
    period.failed += failed;
    period.sent += delivered || failed || left;
  }

  // Walks one conversation's messages in order.
  void add_turns(int conversation, const Window& window, Counted::Period& period) const {
    std::vector<const RandomMessage*> line;
    for (const auto& m : crm_.messages) {
      if (m.conversation == conversation) line.push_back(&m);
    }
    std::sort(line.begin(), line.end(), [](const RandomMessage* a, const RandomMessage* b) {
      if (a->created != b->created) return a->created < b->created;
      if ((a->direction == "inbound") != (b->direction == "inbound")) return a->direction == "inbound";
      return a->number < b->number;
    });
    const MaybeInstant escalated = crm_.conversations[static_cast<std::size_t>(conversation)].escalated;
    MaybeInstant waiting;
    for (const RandomMessage* m : line) {
      if (m->direction == "inbound") {
        if (!waiting) waiting = m->created;
      } else if (m->direction == "outbound" && m->sender == "agent" && !m->campaign && waiting) {
        const Instant since = escalated ? std::max(*waiting, *escalated) : *waiting;
        if (window.contains(m->created)) {
          ++period.turns;
          period.response_ms += std::max<std::int64_t>(
              0, std::chrono::duration_cast<std::chrono::milliseconds>(m->created - since).count());
        }
        waiting.reset();
      }
    }
  }

  const RandomCrm& crm_;
  const Visible visible_;
};

// Ten days around `middle`, with ties, hand-offs, gaps of all lengths, late fates and rows from the future.
inline RandomCrm random_crm(std::mt19937& random, Instant middle, const std::vector<std::string>& agents) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto one_of = [&](const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(pick(static_cast<int>(words.size())))];
  };
  const auto later = [&](Instant t, int minutes) {
    return t + std::chrono::milliseconds(pick(minutes * 60) * 1000 + pick(3));
  };
  const auto maybe = [&](int one_in, Instant t, int minutes) {
    return pick(one_in) == 0 ? MaybeInstant(later(t, minutes)) : std::nullopt;
  };
  RandomCrm crm;
  const Instant first = middle - std::chrono::days(5);
  const auto message = [&](int conversation, Instant created) {
    RandomMessage m{.number = static_cast<int>(crm.messages.size()) + 1,
                    .conversation = conversation,
                    .direction = {},
                    .sender = one_of({"customer", "customer", "customer", "agent", "agent", "bot", "system", "alien"}),
                    .status = one_of({"pending", "sent", "delivered", "read", "failed", "lost?"}),
                    .created = created,
                    .sent = maybe(3, created, 10),
                    .delivered = maybe(4, created, 600),
                    .read = maybe(6, created, 3'000),
                    .failed = maybe(8, created, 600),
                    .campaign = pick(12) == 0};
    m.direction = pick(60) == 0 ? "sideways" : m.sender == "customer" ? "inbound" : "outbound";
    crm.messages.push_back(m);
  };
  for (int c = 0; c < 160; ++c) {
    const Instant created = later(first, 10 * 24 * 60);
    crm.conversations.push_back({.name = fmt::format("c{}", c),
                                 .agent = one_of(agents),
                                 .created = created,
                                 .resolved = maybe(2, created, 3 * 24 * 60),
                                 .escalated = maybe(3, created, 240)});
    Instant t = created;
    for (int n = pick(24); n > 0; --n) {
      message(c, t);
      if (pick(4) != 0) t = later(t, pick(5) == 0 ? 900 : 20);  // one of four at the very same instant
    }
  }
  for (int n = 0; n < 150; ++n) message(-1, later(first, 10 * 24 * 60));
  for (int n = 0; n < 200; ++n) {
    const Instant created = later(first, 10 * 24 * 60);
    crm.tickets.push_back({.agent = one_of(agents),
                           .priority = one_of({"low", "medium", "high", "urgent", "blocker"}),
                           .created = created,
                           .resolved = maybe(2, created, 4 * 24 * 60)});
  }
  return crm;
}

// The same in a CRM that has the word `delivered`, and no instant of it.
inline RandomCrm without_delivery_instants(RandomCrm crm) {
  for (auto& m : crm.messages) {
    if (m.delivered && m.status != "read") m.status = "delivered";
    m.delivered.reset();
  }
  return crm;
}

// The rows as INSERT statements; messages are numbered by their ids.
inline std::string sql(const RandomCrm& crm) {
  const auto time = [](const MaybeInstant& t) { return t ? "'" + to_iso(*t) + "'" : std::string("NULL"); };
  const auto named = [](const std::string& name) { return name.empty() ? "NULL" : "'" + id(name) + "'"; };
  std::string text;
  for (const auto& c : crm.conversations) {
    text += fmt::format(
        "INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at, escalated_at) VALUES "
        "({}, {}, {}, {}, {});\n",
        named(c.name), named(c.agent), time(c.created), time(c.resolved), time(c.escalated));
  }
  for (const auto& m : crm.messages) {
    text += fmt::format(
        "INSERT INTO messages (id, conversation_id, campaign_id, direction, sender_type, delivery_status, created_at, "
        "sent_at, delivered_at, read_at, failed_at) VALUES ('00000000-0000-4000-8000-{:012}', {}, {}, '{}', '{}', "
        "'{}', {}, {}, {}, {}, {});\n",
        m.number, m.conversation < 0 ? "NULL" : named(crm.conversations[static_cast<std::size_t>(m.conversation)].name),
        m.campaign ? named("spring") : "NULL", m.direction, m.sender, m.status, time(m.created), time(m.sent),
        time(m.delivered), time(m.read), time(m.failed));
  }
  for (const auto& t : crm.tickets) {
    text += fmt::format(
        "INSERT INTO tickets (assigned_agent_id, priority, created_at, resolved_at) VALUES ({}, '{}', {}, {});\n",
        named(t.agent), t.priority, time(t.created), time(t.resolved));
  }
  return text;
}

}  // namespace crm::testing
