#pragma once
// The definitions of conversation-effectiveness once more, in plain C++ over plain rows: no SQL, no facts. Slow and
// obvious on purpose. And random rows to hold the two against each other.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "section_house.h"
#include "support/crms.h"
#include "support/rows.h"

namespace crm::testing {

class RandomConversations {
 public:
  RandomConversations(Crm crm, unsigned seed, Instant now) : crm_(crm), random_(seed), now_(now) {
    for (int i = 0; i < 160; ++i) conversations_.push_back(draw(i));
  }

  // ann and bob are sue's; cid has conversations but no profile any more.
  std::vector<Scope> scopes() const {
    return {Scope::everyone(),
            {Role::supervisor, id(crm_, "sue")},
            {Role::agent, id(crm_, "ann")},
            {Role::agent, id(crm_, "cid")}};
  }

  // Of any length and edge, ending by now; some end in the middle of a turn.
  std::vector<Window> windows(int count) const {
    std::mt19937 random(99);
    std::vector<Window> windows;
    for (int i = 0; i < count; ++i) {
      const auto minutes = [&](unsigned most) { return std::chrono::minutes(random() % most); };
      const Instant to = now_ - minutes(3 * 1'440);
      windows.push_back({to - std::chrono::minutes(1) - minutes(6 * 1'440), to});
    }
    return windows;
  }

  std::string sql() const {
    std::string all = testing::sql(Agent{.name = "ann", .supervisor = "sue"}) +
                      testing::sql(Agent{.name = "bob", .supervisor = "sue"}) +
                      testing::sql(Agent{.name = "sue", .role = "supervisor"});
    for (const Talk& c : conversations_) {
      all += testing::sql(Conversation{.name = c.name,
                                       .agent = c.agent,
                                       .created = text(c.created),
                                       .resolved = text(c.resolved),
                                       .escalated = text(c.escalated)});
      for (const Said& m : c.messages) {
        all += testing::sql(Message{
            .conversation = c.name, .sender = m.sender, .at = text(m.at), .campaign = m.campaign ? "spring" : ""});
      }
    }
    return all;
  }

  Json expected(const SectionQuestion& question) const {
    const Window& window = question.period.window;
    std::map<std::string, std::int64_t> created;
    std::map<std::string, Mean> agents;
    std::map<std::string, Mean> buckets;
    std::int64_t all = 0, resolved = 0, compliant = 0, breached = 0;
    for (const Talk& c : conversations_) {
      if (!sees(question.scope, c.agent)) continue;
      for (const Turn& turn : turns(c)) {
        if (!window.contains(turn.reply)) continue;
        add(agents[c.agent], turn.wait);
        add(buckets[bucket(window, turn.reply)], turn.wait);
      }
      if (!window.contains(c.created)) continue;
      ++all;
      ++created[c.agent];
      resolved += c.resolved && *c.resolved <= now_;
      const Outcome outcome = outcome_of(c);
      compliant += outcome == Outcome::compliant;
      breached += outcome == Outcome::breached;
    }
    return {{"conversationsPerAgent", per_agent(created, agents)},
            {"avgResponseTimeOverTime", over_time(buckets)},
            {"slaCompliance",
             {{"percentage", compliant + breached == 0 ? 100.0 : percentage({compliant, compliant + breached}, 0)},
              {"compliant", compliant},
              {"nonCompliant", breached}}},
            {"resolvedVsOpen",
             {{"resolved", resolved}, {"open", all - resolved}, {"percentage", percentage({resolved, all}, 0.0)}}}};
  }

 private:
  using MaybeInstant = std::optional<Instant>;
  static constexpr std::chrono::seconds target{300};

  struct Said {
    std::string sender;
    Instant at;
    bool campaign = false;
    bool inbound() const { return sender == "customer"; }
    bool human_reply() const { return sender == "agent" && !campaign; }
  };
  struct Talk {
    std::string name;
    std::string agent;  // empty: nobody's
    Instant created;
    MaybeInstant resolved, escalated;
    std::vector<Said> messages;  // in time order, inbound first among those of one instant
  };
  struct Turn {
    Instant reply;
    Duration wait;
  };
  enum class Outcome { compliant, breached, not_counted };

  Talk draw(int number) {
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random_() % n); };
    const std::vector<std::string> agents{"ann", "bob", "cid", "sue", ""};
    const std::vector<std::string> senders{"customer", "customer", "customer", "agent", "agent", "bot", "system", "?"};
    Talk c{.name = fmt::format("c{}", number),
           .agent = agents[pick(5)],
           .created = now_ - std::chrono::seconds(pick(8 * 86'400)),
           .resolved = {},
           .escalated = {},
           .messages = {}};
    if (pick(2) == 0) c.resolved = c.created + std::chrono::seconds(pick(40'000));
    if (pick(3) == 0) c.escalated = c.created + std::chrono::seconds(pick(1'500));
    Instant t = c.created;
    for (unsigned m = pick(12); m > 0; --m) {
      t += std::chrono::seconds(pick(3) == 0 ? 0 : pick(400));
      c.messages.push_back({senders[pick(8)], t, pick(12) == 0});
    }
    // What lies behind now has not happened yet.
    const auto drop = [&](MaybeInstant& event) {
      if (event && *event > now_) event.reset();
    };
    drop(c.resolved);
    drop(c.escalated);
    std::erase_if(c.messages, [&](const Said& m) { return m.at >= now_; });
    std::stable_sort(c.messages.begin(), c.messages.end(), [](const Said& a, const Said& b) {
      return std::make_pair(a.at, !a.inbound()) < std::make_pair(b.at, !b.inbound());
    });
    return c;
  }

  static std::string text(MaybeInstant instant) {
    if (!instant) return "";
    std::string iso = to_iso(*instant);
    iso[10] = ' ';
    iso.pop_back();
    return iso;
  }
  static void add(Mean& mean, Duration wait) {
    mean.sum_ms += std::chrono::round<std::chrono::milliseconds>(wait).count();
    ++mean.count;
  }
  bool sees(const Scope& scope, const std::string& agent) const {
    if (scope.sees_everyone()) return true;
    if (agent.empty()) return false;
    if (scope.role == Role::agent) return id(crm_, agent) == scope.subject;
    return agent == "sue" || agent == "ann" || agent == "bob";
  }
  static Duration waited(Instant since, Instant reply, MaybeInstant escalated) {
    if (escalated && *escalated > since) since = *escalated;
    return std::max(reply - since, Duration{0});
  }
  static std::string bucket(const Window& window, Instant t) {
    const std::string iso = utc_calendar().iso(t);
    const bool by_hour = window.to - window.from <= std::chrono::hours(48);
    return by_hour ? iso.substr(0, 13) + ":00:00+00:00" : iso.substr(0, 10) + "T00:00:00+00:00";
  }

  static std::vector<Turn> turns(const Talk& c) {
    std::vector<Turn> turns;
    MaybeInstant asked;
    for (const Said& m : c.messages) {
      if (m.inbound() && !asked) asked = m.at;
      if (!m.human_reply() || !asked) continue;
      turns.push_back({m.at, waited(*asked, m.at, c.escalated)});
      asked.reset();
    }
    return turns;
  }

  Outcome outcome_of(const Talk& c) const {
    const auto first = std::find_if(c.messages.begin(), c.messages.end(), [](const Said& m) { return m.inbound(); });
    if (first == c.messages.end()) return Outcome::not_counted;
    const auto reply = std::find_if(first, c.messages.end(), [](const Said& m) { return m.human_reply(); });
    if (reply != c.messages.end()) {
      return waited(first->at, reply->at, c.escalated) <= target ? Outcome::compliant : Outcome::breached;
    }
    const bool bot_in_time = std::any_of(c.messages.begin(), c.messages.end(), [&](const Said& m) {
      return m.sender == "bot" && !m.campaign && m.at <= first->at + target;
    });
    if (bot_in_time && !c.escalated) return Outcome::not_counted;
    const Instant since = c.escalated ? std::max(first->at, *c.escalated) : first->at;
    return now_ > since + target ? Outcome::breached : Outcome::not_counted;
  }

  Json per_agent(const std::map<std::string, std::int64_t>& created, std::map<std::string, Mean>& means) const {
    std::vector<std::tuple<std::int64_t, std::string, std::string>> order;  // most first, then by name
    for (const auto& [agent, count] : created) {
      if (!agent.empty()) order.emplace_back(-count, agent == "cid" ? "" : agent, agent);
    }
    std::sort(order.begin(), order.end());
    Json list = Json::array();
    for (const auto& [count, name, agent] : order) {
      list.push_back({{"agentId", id(crm_, agent)},
                      {"agentName", name},
                      {"count", -count},
                      {"avgResponseTime", whole_seconds(means[agent])}});
    }
    return list;
  }
  static Json over_time(const std::map<std::string, Mean>& buckets) {
    Json list = Json::array();
    for (const auto& [start, mean] : buckets) {
      list.push_back({{"timestamp", start}, {"avgSeconds", whole_seconds(mean)}});
    }
    return list;
  }

  Crm crm_;
  std::mt19937 random_;
  Instant now_;
  std::vector<Talk> conversations_;
};

}  // namespace crm::testing
