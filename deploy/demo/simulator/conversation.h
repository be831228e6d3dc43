#pragma once
// One conversation, told from its first message to its end or to now, with its tickets and intents.

#include <cstdint>
#include <optional>
#include <vector>

#include "delivery.h"
#include "people.h"
#include "random.h"
#include "rows.h"

namespace crm::simulator {

struct Setting {
  Instant opened;
  std::optional<Uuid> id;  // where a campaign's message already names it
  bool office_hours = true;
  std::optional<Uuid> contact;
  std::string_view recipient;
  std::optional<Uuid> agent;      // nobody: it stays unassigned, and no human answers
  int slowness = 100;             // the agent's, percent
  std::optional<Uuid> new_agent;  // who takes over at a hand-off, else the same
};

enum class Opening { customer, bot, agent, broadcast };

enum class Speaker { customer, agent, bot, system };

// A conversation whose course is given, in lengths of time since it was opened.
struct Scene {
  struct Line {
    Speaker speaker;
    Duration after;
    std::string_view failure = {};  // why it could not be delivered; empty: as chance wills
  };
  std::vector<Line> lines;
  std::optional<Duration> escalated = {};
  std::optional<Duration> resolved = {};
};

class Conversation {
 public:
  Conversation(Random& random, Instant now, const Setting& setting);

  // One of the two, once: as chance wills, or as the scene says. What would happen after now does not.
  void tell(Opening opening);
  void follow(const Scene& scene);

  // Returns the number of messages.
  std::int64_t write(RowWriter& out);

 private:
  struct Line {
    Uuid id;
    Speaker speaker;
    Instant at;
    Delivery delivery;
    std::string_view content;
  };

  // False once the time is up: then nothing is added.
  bool say(Speaker speaker, Instant at);
  bool customer_turn(Duration after);
  bool agent_turn();
  bool bot_dialogue();
  void human_turns();
  void settle();
  void reopen();
  void write_messages(RowWriter& out);
  void write_intents(RowWriter& out);
  void write_ticket(RowWriter& out);
  std::optional<std::int64_t> first_answer_seconds() const;
  bool spoken_by(Speaker speaker) const;

  Random& random_;
  Instant now_;
  Setting setting_;
  Uuid id_;
  Instant clock_;  // of the last thing that happened
  std::vector<Line> lines_;
  std::optional<Instant> escalated_;
  std::optional<Instant> resolved_;
  bool ended_ = false;
};

}  // namespace crm::simulator
