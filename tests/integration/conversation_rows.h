#pragma once
// Every conversation's row as conversation_metrics has it, and as plain C++ over plain rows has it: no SQL but SELECT.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <crm/sdk/instant.h>

namespace crm::testing {

// By id: "agent first average messages resolution bot escalated created", "-" for none.
using ConversationRows = std::map<std::string, std::string>;

inline ConversationRows derived_rows(const std::string& url) {
  pqxx::connection connection(url);
  pqxx::nontransaction query(connection);
  ConversationRows rows;
  for (const auto& row : query.exec(
           "SELECT conversation_id, concat_ws(' ', coalesce(agent_id::text, '-'), "
           "coalesce(first_response_time_seconds::text, "
           "'-'), coalesce(avg_response_time_seconds::text, '-'), total_messages, "
           "coalesce(resolution_time_seconds::text, "
           "'-'), handled_by_bot::int, escalated_to_human::int, to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')) "
           "FROM crm_metrics.conversation_metrics")) {
    rows[row[0].c_str()] = row[1].c_str();
  }
  return rows;
}

class PlainConversations {
 public:
  PlainConversations(const std::string& url, Instant now, Duration horizon) : now_(now), horizon_(horizon) {
    pqxx::connection connection(url);
    pqxx::nontransaction query(connection);
    for (const auto& row :
         query.exec("SELECT id, assigned_agent_id, created_at || '+00', resolved_at || '+00', escalated_at || "
                    "'+00', to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US') FROM conversations")) {
      const Instant created = instant(row[2]).value();
      if (created > now) continue;
      const auto known = [&](const std::optional<Instant>& event) {
        return event && *event <= now ? event : std::nullopt;
      };
      talks_[row[0].c_str()] = {row[1].is_null() ? "-" : row[1].c_str(),
                                created,
                                known(instant(row[3])),
                                known(instant(row[4])),
                                instant(row[4]),
                                row[5].c_str(),
                                {}};
    }
    for (const auto& row :
         query.exec("SELECT conversation_id, created_at || '+00', direction, sender_type, campaign_id, id FROM "
                    "messages WHERE conversation_id IS NOT NULL")) {
      const auto talk = talks_.find(row[0].c_str());
      const Instant at = instant(row[1]).value();
      if (talk == talks_.end() || at > now) continue;
      const bool inbound = row[2].as<std::string>() == "inbound";
      const bool answers = !inbound && row[4].is_null();
      talk->second.said.push_back({at, !inbound, row[5].c_str(), answers && row[3].as<std::string>() == "agent",
                                   answers && row[3].as<std::string>() == "bot"});
    }
  }

  ConversationRows rows() {
    ConversationRows rows;
    for (auto& [id, talk] : talks_) rows[id] = row_of(talk);
    return rows;
  }

 private:
  struct Said {
    Instant at;
    bool outbound = false;
    std::string id;
    bool human = false;
    bool bot = false;
    auto order() const { return std::tie(at, outbound, id); }
  };
  struct Talk {
    std::string agent;
    Instant created;
    std::optional<Instant> resolved, escalated, escalated_ever;
    std::string created_text;
    std::vector<Said> said;
  };

  static std::optional<Instant> instant(const pqxx::field& field) {
    return field.is_null() ? std::nullopt : parse_instant(field.c_str());
  }
  static std::int64_t milliseconds(Duration wait) {
    return std::max<std::int64_t>(0, (wait.count() + 500) / 1'000);  // waits are not negative where it matters
  }
  static std::string seconds(std::int64_t ms, std::int64_t count) {
    return std::to_string((2 * ms + 1'000 * count) / (2'000 * count));
  }

  std::string row_of(Talk& talk) const {
    std::sort(talk.said.begin(), talk.said.end(), [](const Said& a, const Said& b) { return a.order() < b.order(); });
    std::optional<Instant> asked_first, asked;
    std::optional<std::int64_t> first;
    std::int64_t sum = 0, turns = 0;
    for (const Said& said : talk.said) {
      if (!said.outbound) {
        if (!asked_first) asked_first = said.at;
        if (!asked) asked = said.at;
      }
      if (!said.human) continue;
      const Instant known = talk.created + horizon_;
      if (asked_first && *asked_first <= known && !first && said.at <= known)
        first = waited(*asked_first, said.at, talk.escalated, known);
      if (!asked) continue;
      sum += waited(*asked, said.at, talk.escalated_ever, Instant::max());
      ++turns;
      asked.reset();
    }
    const bool bot = std::any_of(talk.said.begin(), talk.said.end(), [](const Said& said) { return said.bot; });
    return fmt::format("{} {} {} {} {} {} {} {}", talk.agent, first ? seconds(*first, 1) : "-",
                       turns > 0 ? seconds(sum, turns) : "-", talk.said.size(),
                       talk.resolved ? seconds(milliseconds(*talk.resolved - talk.created), 1) : "-", bot ? 1 : 0,
                       talk.escalated ? 1 : 0, talk.created_text);
  }

  // A hand-off after `known` is none.
  static std::int64_t waited(Instant since, Instant reply, const std::optional<Instant>& escalated, Instant known) {
    if (escalated && *escalated <= known) since = std::max(since, *escalated);
    return milliseconds(reply - since);
  }

  const Instant now_;
  const Duration horizon_;
  std::map<std::string, Talk> talks_;
};

inline ConversationRows recomputed_rows(const std::string& url, Instant now, Duration horizon) {
  return PlainConversations(url, now, horizon).rows();
}

}  // namespace crm::testing
