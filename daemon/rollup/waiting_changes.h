#pragma once
// What waits for a step: changes in the queue, and messages that no trigger has noted.

#include <vector>

#include "rollup/touched.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; `snapshot` is its, a writing one.
class WaitingChanges {
 public:
  // `most`: changes out of the queue, and as many messages that are not noted.
  WaitingChanges(source::Snapshot& snapshot, const Settings& settings, std::int64_t most)
      : snapshot_(snapshot), settings_(settings), most_(most) {}

  // Before the step says what it sees: messages that the last one did not see. Those for later, and more than `most`,
  // go into the queue.
  void look_at_messages();

  struct Taken {
    std::vector<Change> changes = {};   // equal ones once
    std::vector<Change> prunings = {};  // of rows older than the horizon
    std::size_t count = 0;              // of all, however equal
    bool more = false;                  // wait than were taken
  };
  Taken take();

 private:
  Rows write(const Statement& statement, const source::Binding& binding) {
    return snapshot_.write(statement.name, statement.text, binding);
  }

  source::Snapshot& snapshot_;
  const Settings& settings_;
  const std::int64_t most_;
  std::vector<Change> messages_;
};

}  // namespace crm::rollup
