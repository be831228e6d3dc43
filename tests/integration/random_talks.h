#pragma once
// Random rows that the oracles of sections share: a team, and conversations in which customers, agents and a bot speak.
// What they say of a conversation is spec/definitions.md once more, in plain C++ over plain rows: no SQL, no facts.
// Slow and obvious on purpose.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <crm/sdk/scope.h>
#include <crm/sdk/window.h>

#include "support/crms.h"
#include "support/rows.h"

namespace crm::testing {

using MaybeInstant = std::optional<Instant>;

// What is dated later than this after a row's creation is not told of the row any more.
inline constexpr std::chrono::days horizon{35};

inline std::string text(const MaybeInstant& t) {
  return t ? to_iso(*t) : "";
}
inline std::int64_t milliseconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}

// Numbers that only the seed knows.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }
  std::string one_of(const std::vector<std::string>& words) {
    return words[below(static_cast<unsigned>(words.size()))];
  }
  std::chrono::seconds less_than(std::chrono::seconds most) {
    return std::chrono::seconds(below(static_cast<unsigned>(most.count())));
  }

 private:
  std::mt19937 random_;
};

// Of any length up to 30 days and any edge, ending by now; every third ends now.
inline std::vector<Period> random_periods(Dice& dice, Instant now, int count) {
  std::vector<Period> periods;
  for (int i = 0; i < count; ++i) {
    const Instant to = i % 3 == 0 ? now : now - dice.less_than(std::chrono::days(5)) - std::chrono::milliseconds(123);
    const Instant from = to - std::chrono::minutes(1) - dice.less_than(std::chrono::days(30));
    periods.push_back({{from, to}, {from - (to - from), from}});
  }
  return periods;
}

// ann and bob are sue's, tom leads nobody, ina is not active any more, max is an admin; cid has rows and no profile.
class Team {
 public:
  explicit Team(Crm crm) : crm_(crm) {}

  static std::vector<std::string> people() { return {"ann", "bob", "cid", "sue", "ina", "max"}; }

  static std::string sql() {
    return testing::sql(Agent{.name = "ann", .supervisor = "sue"}) +
           testing::sql(Agent{.name = "bob", .supervisor = "sue"}) +
           testing::sql(Agent{.name = "sue", .role = "supervisor"}) +
           testing::sql(Agent{.name = "tom", .role = "supervisor"}) + testing::sql(Agent{.name = "ina"}) +
           testing::sql(Agent{.name = "max", .role = "admin"}) + "UPDATE profiles SET is_active = false WHERE id = '" +
           testing::id("ina") + "';\n";
  }

  std::string id(const std::string& name) const { return testing::id(crm_, name); }

  std::vector<Scope> scopes() const {
    return {Scope::everyone(),
            {Role::supervisor, id("sue")},
            {Role::supervisor, id("tom")},
            {Role::agent, id("ann")},
            {Role::agent, id("cid")}};
  }

  // Nobody's rows, without a name, are seen by those who see all.
  bool sees(const Scope& scope, const std::string& agent) const {
    if (scope.sees_everyone()) return true;
    if (agent.empty()) return false;
    if (id(agent) == scope.subject) return true;
    return scope.role == Role::supervisor && scope.subject == id("sue") && (agent == "ann" || agent == "bob");
  }

 private:
  Crm crm_;
};

struct Said {
  std::string sender;
  Instant at{};
  bool campaign = false;

  bool inbound() const { return sender == "customer"; }
  bool human() const { return sender == "agent" && !campaign; }
  bool bot() const { return sender == "bot" && !campaign; }
};

struct Talk {
  std::string name;
  std::string agent;    // empty: nobody's
  std::string contact;  // empty: of no contact
  Instant created{};
  MaybeInstant resolved = {};
  MaybeInstant escalated = {};
  std::vector<Said> said = {};  // in time order, no two at once

  bool was_resolved(Instant now) const { return resolved && *resolved <= now && *resolved < created + horizon; }
  Instant known_until(Instant now) const { return std::min<Instant>(now, created + horizon); }

  // Nothing: the customer never wrote, or no human has answered.
  std::optional<Duration> first_response(Instant now) const {
    const Instant known = known_until(now);
    MaybeInstant asked;
    for (const Said& m : said) {
      if (m.at > known) break;
      if (m.inbound() && !asked) asked = m.at;
      if (!m.human() || !asked) continue;
      const Instant since = escalated && *escalated <= known ? std::max(*asked, *escalated) : *asked;
      return std::max(m.at - since, Duration{0});
    }
    return std::nullopt;
  }
};

// Who answered in a conversation, and what came of it.
struct BotOutcome {
  bool bot = false, human = false, chatbot = false, successful = false, escalated = false, dropped = false;
};

inline BotOutcome bot_outcome(const Talk& talk, Instant now, Duration drop_off_after = std::chrono::hours(24)) {
  const Instant known = talk.known_until(now);
  const auto within = [](const MaybeInstant& event, Instant until) { return event && *event <= until; };
  BotOutcome outcome;
  outcome.escalated = within(talk.escalated, known);
  for (auto m = talk.said.begin(); m != talk.said.end() && m->at <= known; ++m) {
    outcome.bot |= m->bot();
    outcome.human |= m->human();
    const Instant silent_until = m->at + drop_off_after;
    if (!m->bot() || silent_until > known) continue;
    const bool followed = std::any_of(m + 1, talk.said.end(), [&](const Said& next) {
      return (next.inbound() || next.human()) && next.at <= silent_until;
    });
    outcome.dropped |= !followed && !within(talk.resolved, silent_until) && !within(talk.escalated, silent_until);
  }
  outcome.escalated &= outcome.bot;
  outcome.chatbot = outcome.bot && !outcome.human && !outcome.escalated;
  outcome.successful = outcome.bot && !outcome.human && talk.was_resolved(now);
  return outcome;
}

// Of the last 45 days before `now`, no two begun at once.
class RandomTalks {
 public:
  RandomTalks(Dice& dice, Instant now, int count, int contacts) : now_(now) {
    for (int i = 0; i < count; ++i) {
      Talk talk{.name = fmt::format("c{}", i),
                .agent = dice.one_in(7) ? "" : dice.one_of(Team::people()),
                .contact = dice.one_in(9) ? "" : fmt::format("k{}", dice.below(static_cast<unsigned>(contacts))),
                .created = now - std::chrono::seconds(1) - dice.less_than(std::chrono::days(45)) +
                           std::chrono::milliseconds(i)};
      add_messages(dice, talk);
      add_events(dice, talk);
      talks_.push_back(std::move(talk));
    }
  }

  const std::vector<Talk>& all() const { return talks_; }

  std::string sql() const {
    std::string all;
    for (const Talk& c : talks_) {
      all += testing::sql(Conversation{.name = c.name,
                                       .agent = c.agent,
                                       .created = text(c.created),
                                       .resolved = text(c.resolved),
                                       .escalated = text(c.escalated),
                                       .contact = c.contact});
      for (const Said& m : c.said) {
        all += testing::sql(Message{
            .conversation = c.name, .sender = m.sender, .at = text(m.at), .campaign = m.campaign ? "autumn" : ""});
      }
    }
    return all;
  }

 private:
  void add_messages(Dice& dice, Talk& talk) const {
    Instant t = talk.created;
    for (unsigned n = dice.below(8); n > 0; --n) {
      const Said said{.sender = dice.one_of({"customer", "customer", "agent", "bot", "bot", "system"}),
                      .at = t,
                      .campaign = dice.one_in(12)};
      if (t < now_) talk.said.push_back(said);
      t += std::chrono::milliseconds(1'007) +
           dice.less_than(dice.one_in(5) ? std::chrono::seconds(std::chrono::hours(40)) : std::chrono::minutes(15));
    }
  }

  // What lies behind now has not happened yet. Some are resolved behind the horizon.
  void add_events(Dice& dice, Talk& talk) const {
    const auto happened = [&](Instant t) { return t <= now_ ? MaybeInstant(t) : std::nullopt; };
    if (dice.one_in(2)) talk.resolved = happened(talk.created + dice.less_than(std::chrono::days(2)));
    if (dice.one_in(9))
      talk.resolved = happened(talk.created + std::chrono::days(33) + dice.less_than(std::chrono::days(4)));
    if (dice.one_in(3)) talk.escalated = happened(talk.created + dice.less_than(std::chrono::hours(3)));
  }

  Instant now_;
  std::vector<Talk> talks_;
};

}  // namespace crm::testing
