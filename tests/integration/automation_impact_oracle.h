#pragma once
// The definitions of automation-impact once more, in plain C++ over plain rows.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "random_talks.h"
#include "section_house.h"

namespace crm::testing {

class RandomAutomation {
 public:
  RandomAutomation(Crm crm, unsigned seed, Instant now)
      : team_(crm), dice_(seed), now_(now), talks_(dice_, now, 250, 60) {
    for (int i = 0; i < 400; ++i) {
      intents_.push_back({.talk = dice_.below(251),
                          .name = dice_.one_of(names()),
                          .at = now - dice_.less_than(std::chrono::days(45)) + std::chrono::minutes(30),
                          .succeeded = dice_.one_of({"", "true", "false"})});
    }
  }

  std::string sql() const {
    std::string all = Team::sql() + talks_.sql();
    for (const Understood& i : intents_) {
      all += testing::sql(
          Intent{.conversation = name_of(i), .intent = i.name, .at = text(i.at), .succeeded = i.succeeded});
    }
    return all;
  }
  std::vector<Scope> scopes() const { return team_.scopes(); }
  std::vector<Period> periods(int count) { return random_periods(dice_, now_, count); }

  Json expected(const SectionQuestion& question) const {
    std::int64_t bot = 0, human = 0, chatbot = 0, successful = 0, escalated = 0, dropped = 0;
    for (const Talk& talk : talks_.all()) {
      if (!question.period.window.contains(talk.created) || !team_.sees(question.scope, talk.agent)) continue;
      const BotOutcome outcome = bot_outcome(talk, now_);
      bot += outcome.bot;
      human += outcome.human;
      chatbot += outcome.chatbot;
      successful += outcome.successful;
      escalated += outcome.escalated;
      dropped += outcome.dropped;
    }
    const double hours = static_cast<double>(successful * 300) / 3'600.0;
    const auto of_bot = [&](const char* name, std::int64_t part, double of_nothing) -> Json {
      return {{"total", bot}, {name, part}, {"percentage", percentage({part, bot}, of_nothing)}};
    };
    return {{"chatbotVsHuman",
             {{"chatbot", chatbot}, {"human", human}, {"percentage", percentage({chatbot, chatbot + human}, 0.0)}}},
            {"autoReplySuccess", of_bot("successful", successful, 100.0)},
            {"dropOffRate", of_bot("dropped", dropped, 0.0)},
            {"topIntents", top_intents(question)},
            {"timeSaved", {{"hours", hundredths(hours)}, {"estimatedCost", hundredths(hours * 15.0)}}},
            {"escalationRate", of_bot("escalated", escalated, 0.0)}};
  }

 private:
  struct Understood {
    unsigned talk = 0;  // 250: one that is gone
    std::string name;
    Instant at{};
    std::string succeeded;
  };

  // In code point order a word in ASCII comes before Ü; more than ten.
  static std::vector<std::string> names() {
    return {"price", "order", "hours",  "refund", "Price", "Übergabe", "zip",
            "café",  "other", "cancel", "hello",  "bye",   "lost",     "delivery"};
  }
  std::string name_of(const Understood& intent) const {
    return intent.talk < talks_.all().size() ? talks_.all()[intent.talk].name : "gone";
  }
  std::string agent_of(const Understood& intent) const {
    return intent.talk < talks_.all().size() ? talks_.all()[intent.talk].agent : "";
  }

  Json top_intents(const SectionQuestion& question) const {
    struct Counts {
      std::int64_t detected = 0, decided = 0, succeeded = 0;
    };
    std::map<std::string, Counts> by_name;
    for (const Understood& intent : intents_) {
      if (!question.period.window.contains(intent.at) || !team_.sees(question.scope, agent_of(intent))) continue;
      Counts& counts = by_name[intent.name];
      ++counts.detected;
      counts.decided += !intent.succeeded.empty();
      counts.succeeded += intent.succeeded == "true";
    }
    std::vector<std::pair<std::string, Counts>> order(by_name.begin(), by_name.end());
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.second.detected > b.second.detected; });
    Json list = Json::array();
    for (const auto& [name, counts] : order) {
      if (list.size() == 10) break;
      list.push_back({{"intent", name},
                      {"count", counts.detected},
                      {"successRate", percentage({counts.succeeded, counts.decided}, 0.0)}});
    }
    return list;
  }

  Team team_;
  Dice dice_;
  Instant now_;
  RandomTalks talks_;
  std::vector<Understood> intents_;
};

}  // namespace crm::testing
