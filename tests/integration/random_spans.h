#pragma once
// Random spans of presence, and what they tell of an instant, in plain C++: the one that began last, for a day at most.

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "random_talks.h"

namespace crm::testing {

// Times in milliseconds.
struct PresenceTimes {
  std::int64_t online = 0;
  std::int64_t away = 0;
};

// "online", "away" or "offline", and since when, if there ever was a span.
struct PresenceNow {
  std::string word = "offline";
  MaybeInstant since = {};
};

// Of the last 45 days before `now`, no two begun at once: some overlap, some were forgotten, some are to come. bob
// never forgets one, and is offline now.
class RandomSpans {
 public:
  RandomSpans(Dice& dice, Instant now, int count) : now_(now) {
    std::set<Instant> taken;
    while (static_cast<int>(spans_.size()) < count) {
      RandomSpan span{.agent = dice.one_of(Team::people()),
                      .word = dice.one_of({"online", "online", "online", "away", "away", "offline", "lunch"}),
                      .from = now + std::chrono::hours(2) - dice.less_than(std::chrono::days(45))};
      if (!taken.insert(span.from).second) continue;
      const auto most = dice.one_in(8) ? std::chrono::hours(70) : std::chrono::hours(9);
      const bool forgets = span.agent != "bob";
      if (!forgets || !dice.one_in(7)) span.to = span.from + std::chrono::seconds(1) + dice.less_than(most);
      if (span.to && *span.to > now) span.to.reset();
      if (span.to || forgets) spans_.push_back(span);
    }
  }

  std::string sql() const {
    std::string all;
    for (const RandomSpan& s : spans_) {
      all += testing::sql(Span{.agent = s.agent, .status = s.word, .from = text(s.from), .to = text(s.to)});
    }
    return all;
  }

  // From one edge of a span to the next, nothing changes.
  PresenceTimes within(const std::string& agent, const Window& window) const {
    std::set<Instant> edges{window.from, window.to};
    for (const RandomSpan& s : spans_) {
      for (const Instant edge : {s.from, end_of(s)}) {
        if (s.agent == agent && window.contains(edge)) edges.insert(edge);
      }
    }
    PresenceTimes times;
    for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge) {
      const std::string word = at(agent, *edge);
      const std::int64_t length = milliseconds(*std::next(edge) - *edge);
      if (word == "online") times.online += length;
      if (word == "away") times.away += length;
    }
    return times;
  }

  PresenceNow latest(const std::string& agent) const {
    const RandomSpan* open = nullptr;
    MaybeInstant ended;
    for (const RandomSpan& s : spans_) {
      if (s.agent != agent || s.from > now_) continue;
      if (s.to) ended = std::max(ended.value_or(*s.to), *s.to);
      if (!s.to && (open == nullptr || s.from > open->from)) open = &s;
    }
    if (open == nullptr) return {"offline", ended};
    return {open->word == "lunch" ? "offline" : open->word, open->from};
  }

 private:
  struct RandomSpan {
    std::string agent;
    std::string word;
    Instant from{};
    MaybeInstant to = {};
  };

  Instant end_of(const RandomSpan& span) const {
    return std::min<Instant>(span.to.value_or(now_), span.from + std::chrono::hours(24));
  }
  std::string at(const std::string& agent, Instant t) const {
    const RandomSpan* last = nullptr;
    for (const RandomSpan& s : spans_) {
      const bool covers = s.agent == agent && s.from <= t && t < end_of(s);
      if (covers && (last == nullptr || s.from > last->from)) last = &s;
    }
    return last == nullptr ? "" : last->word;
  }

  Instant now_;
  std::vector<RandomSpan> spans_;
};

}  // namespace crm::testing
