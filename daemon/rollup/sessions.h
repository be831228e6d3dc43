#pragma once
// WhatsApp sessions: what the rows of the view, or gateways, say, in the contract's three states.

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/rows.h>
#include <crm/sdk/sources.h>

#include "source/gateway/dialect.h"

namespace crm::rollup {

// How the gateway's words are read. Immutable; safe to share.
class SessionRules {
 public:
  struct Words {
    std::vector<std::string> connected;
    std::vector<std::string> reconnecting;
    std::vector<std::string> disconnected;
  };

  SessionRules() = default;
  SessionRules(const Words& words, std::string label_key);

  // Compared without case; null for a word in no list.
  const Session::State* state(std::string_view word) const;
  const std::string& label_key() const { return label_key_; }

 private:
  std::map<std::string, Session::State, std::less<>> states_;
  std::string label_key_;
};

// When a gateway that does not tell has last had a session connected, since the daemon began. Thread-safe; outlives
// reloads.
class SeenSessions {
 public:
  void connected(const std::string& id, Instant at);
  std::optional<Instant> last(const std::string& id) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Instant> last_;
};

// Connected ones first, then by the newest last_seen (those never seen last), then by id; of rows with one id only the
// first. A row without an id is skipped and counted; a word that is unknown or missing means disconnected, and
// `unknown` is told how many did.
std::vector<Session> read_sessions(const Rows& rows, const SessionRules& rules,
                                   const std::function<void(std::int64_t rows)>& unknown);

// The same of what gateways told. A session is seen when its gateway says so, and else whenever it is connected.
std::vector<Session> read_sessions(const std::vector<source::GatewaySession>& told, const SessionRules& rules,
                                   SeenSessions& seen, const std::function<void(std::int64_t sessions)>& unknown);

}  // namespace crm::rollup
