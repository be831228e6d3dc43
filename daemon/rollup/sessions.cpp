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

std::vector<Session> read_sessions(const Rows& rows, const SessionRules& rules,
                                   const std::function<void(std::int64_t)>& unknown) {
  std::vector<Session> sessions;
  std::int64_t unknown_words = 0;
  rows.each([&](const Row& row) {
    Session session;
    session.id = row.text("session_id");
    session.phone_number = row.text_or("phone_number", "");
    session.last_seen = row.maybe_instant("last_seen");
    session.label = session_label(session.id, rules.label_key());
    if (const auto* state = rules.state(row.text_or("status", ""))) {
      session.state = *state;
    } else {
      ++unknown_words;
    }
    sessions.push_back(std::move(session));
  });
  std::sort(sessions.begin(), sessions.end(), before);
  std::set<std::string> seen;
  std::erase_if(sessions, [&](const Session& session) { return !seen.insert(session.id).second; });
  if (unknown_words > 0) unknown(unknown_words);
  return sessions;
}

}  // namespace crm::rollup
