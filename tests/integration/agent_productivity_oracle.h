#pragma once
// The definitions of agent-productivity once more, in plain C++ over plain rows.

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "random_spans.h"
#include "random_talks.h"
#include "section_house.h"

namespace crm::testing {

class RandomWork {
 public:
  RandomWork(Crm crm, unsigned seed, Instant now)
      : team_(crm), dice_(seed), now_(now), talks_(dice_, now, 250, 60), spans_(dice_, now, 250) {}

  std::string sql() const { return Team::sql() + talks_.sql() + spans_.sql(); }
  std::vector<Scope> scopes() const { return team_.scopes(); }
  std::vector<Period> periods(int count) { return random_periods(dice_, now_, count); }

  Json expected(const SectionQuestion& question) const {
    std::vector<std::tuple<std::int64_t, std::string, Json>> order;  // most chats first, then by name
    std::vector<std::int64_t> open;                                  // of those who are there
    for (const std::string& name : std::vector<std::string>{"ann", "bob", "sue", "tom"}) {
      if (!team_.sees(question.scope, name)) continue;
      const Json row = row_of(name, question.period.window);
      order.emplace_back(-row.at("chatsHandled").get<std::int64_t>(), name, row);
      if (row.at("status").get<std::string>() != "offline") open.push_back(open_conversations(name));
    }
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    Json agents = Json::array();
    for (const auto& [count, name, row] : order) agents.push_back(row);
    return {{"agentMetrics", agents}, {"workloadDistribution", workload(open)}};
  }

 private:
  Json row_of(const std::string& name, const Window& window) const {
    Ratio resolved;
    Mean handling;
    for (const Talk& talk : talks_.all()) {
      if (talk.agent != name) continue;
      if (window.contains(talk.created)) {
        ++resolved.whole;
        resolved.part += talk.was_resolved(now_);
      }
      if (!talk.resolved || !window.contains(*talk.resolved)) continue;
      handling.sum_ms += milliseconds(*talk.resolved - talk.created);
      ++handling.count;
    }
    const PresenceTimes times = spans_.within(name, window);
    const PresenceNow presence = spans_.latest(name);
    const Duration since = presence.since ? now_ - *presence.since : Duration{0};
    return {{"agentId", team_.id(name)},
            {"agentName", name},
            {"chatsHandled", resolved.whole},
            {"resolutionRate", percentage(resolved, 0.0)},
            {"idleTime", whole_seconds({times.away, 1})},
            {"activeTime", whole_seconds({times.online, 1})},
            {"avgHandlingTime", whole_seconds(handling)},
            {"status", presence.word},
            {"statusDuration", milliseconds(since) / 1'000}};
  }

  std::int64_t open_conversations(const std::string& name) const {
    return std::count_if(talks_.all().begin(), talks_.all().end(),
                         [&](const Talk& talk) { return talk.agent == name && !talk.resolved; });
  }

  // Against the mean of these agents, 30 % more or less of it.
  static Json workload(const std::vector<std::int64_t>& open) {
    std::int64_t sum = 0;
    for (const std::int64_t own : open) sum += own;
    std::int64_t balanced = 0, overloaded = 0, underutilized = 0;
    for (const std::int64_t own : open) {
      const std::int64_t left = 100 * own * static_cast<std::int64_t>(open.size());
      overloaded += left > 130 * sum;
      underutilized += left < 70 * sum;
      balanced += left >= 70 * sum && left <= 130 * sum;
    }
    return {{"balanced", balanced}, {"overloaded", overloaded}, {"underutilized", underutilized}};
  }

  Team team_;
  Dice dice_;
  Instant now_;
  RandomTalks talks_;
  RandomSpans spans_;
};

}  // namespace crm::testing
