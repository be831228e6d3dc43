#include "rollup/sessions.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "rollup/session_label.h"

namespace crm::rollup {
namespace {

std::string lower(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool before(const Session& a, const Session& b) {
  const auto rank = [](const Session& session) {
    return std::tuple(session.state != Session::State::connected, !session.last_seen.has_value());
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (a.last_seen != b.last_seen) return a.last_seen > b.last_seen;
  return a.id < b.id;
}

// Collects sessions, and the words that nobody knows.
class Reading {
 public:
  explicit Reading(const SessionRules& rules) : rules_(rules) {}

  void add(Session session, std::string_view word) {
    session.label = session_label(session.id, rules_.label_key());
    if (const auto* state = rules_.state(word)) {
      session.state = *state;
    } else {
      ++unknown_;
    }
    sessions_.push_back(std::move(session));
  }

  std::vector<Session> take(const std::function<void(std::int64_t)>& unknown) {
    std::sort(sessions_.begin(), sessions_.end(), before);
    std::set<std::string> seen;
    std::erase_if(sessions_, [&](const Session& session) { return !seen.insert(session.id).second; });
    if (unknown_ > 0) unknown(unknown_);
    return std::move(sessions_);
  }

 private:
  const SessionRules& rules_;
  std::vector<Session> sessions_;
  std::int64_t unknown_ = 0;
};

}  // namespace

SessionRules::SessionRules(const Words& words, std::string label_key) : label_key_(std::move(label_key)) {
  const auto add = [&](const std::vector<std::string>& list, Session::State state) {
    for (const std::string& word : list) states_.emplace(lower(word), state);
  };
  add(words.connected, Session::State::connected);
  add(words.reconnecting, Session::State::reconnecting);
  add(words.disconnected, Session::State::disconnected);
}

const Session::State* SessionRules::state(std::string_view word) const {
  const auto found = states_.find(lower(word));
  return found == states_.end() ? nullptr : &found->second;
}

void SeenSessions::connected(const std::string& id, Instant at) {
  constexpr std::size_t most = 100'000;  // no gateway has so many: these are ids that come and go
  const std::lock_guard lock(mutex_);
  if (last_.size() >= most && !last_.contains(id)) last_.clear();
  Instant& last = last_[id];
  last = std::max(last, at);
}

std::optional<Instant> SeenSessions::last(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(id);
  return found == last_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Session> read_sessions(const Rows& rows, const SessionRules& rules,
                                   const std::function<void(std::int64_t)>& unknown) {
  Reading reading(rules);
  rows.each([&](const Row& row) {
    reading.add({.id = std::string(row.text("session_id")),
                 .phone_number = std::string(row.text_or("phone_number", "")),
                 .last_seen = row.maybe_instant("last_seen")},
                row.text_or("status", ""));
  });
  return reading.take(unknown);
}

std::vector<Session> read_sessions(const std::vector<source::GatewaySession>& told, const SessionRules& rules,
                                   SeenSessions& seen, const std::function<void(std::int64_t)>& unknown) {
  Reading reading(rules);
  for (const source::GatewaySession& session : told) {
    const Session::State* state = rules.state(session.status);
    if (state != nullptr && *state == Session::State::connected) seen.connected(session.id, session.told);
    reading.add({.id = session.id,
                 .phone_number = session.phone_number,
                 .last_seen = session.last_seen ? session.last_seen : seen.last(session.id)},
                session.status);
  }
  return reading.take(unknown);
}

}  // namespace crm::rollup
