#pragma once
// Traffic that happens now, one statement a step, as a CRM writes it.

#include <cstdint>
#include <deque>
#include <iosfwd>
#include <queue>
#include <string>
#include <vector>

#include "database.h"
#include "random.h"

namespace crm::simulator {

class LiveTraffic {
 public:
  // Goes on with the open conversations of the last day. DatabaseError when there are no agents or contacts yet.
  LiveTraffic(Database& database, std::uint64_t seed);

  // Writes one message, and whatever goes with it: a conversation, a hand-off, a resolution, a ticket.
  void send_message();

  // Deliveries that are due by now.
  void deliver();

  // A campaign begins: a message to each of a few contacts, and none to one of them.
  void send_campaign();

  // An agent comes, goes or takes a break.
  void change_presence();

  // The sessions that work are seen again.
  void touch_sessions();

  std::int64_t messages() const { return messages_; }
  std::int64_t resolved() const { return resolved_; }
  std::int64_t reopened() const { return reopened_; }
  std::size_t open() const { return open_.size(); }

 private:
  enum class Turn { customer, bot, agent };

  struct OpenConversation {
    std::string id;
    Value agent;
    std::string phone;
    Turn next = Turn::agent;
    std::int64_t turns_left = 1;  // of the customer
  };

  struct DueEvent {
    Instant at;
    std::string message;
    std::string set;
    bool operator<(const DueEvent& other) const { return at > other.at; }  // the earliest on top
  };

  void start_conversation();
  void go_on(std::size_t index);
  void hand_over(OpenConversation& conversation);
  void finish(std::size_t index);
  void reopen();
  void open_ticket(const OpenConversation& conversation);
  void insert_message(const OpenConversation& conversation, Turn speaker);
  void schedule_delivery(const std::string& message, Instant sent);

  Database& database_;
  Random random_;
  std::vector<std::string> agents_;
  std::vector<std::pair<std::string, std::string>> contacts_;  // id, phone
  std::vector<OpenConversation> open_;
  std::deque<OpenConversation> done_;  // resolved lately, may come back
  std::priority_queue<DueEvent> due_;
  std::int64_t messages_ = 0;
  std::int64_t resolved_ = 0;
  std::int64_t reopened_ = 0;
};

// Sends `rate` messages a second until SIGTERM or SIGINT. The caller must have blocked both signals in all threads.
void run_live(Database& database, double rate, std::uint64_t seed, std::ostream& log);

}  // namespace crm::simulator
