#pragma once
// Do the CRM's triggers note every change? A deployment's changes.sql names their functions
// note_<message, conversation, recipient, intent, lead, ticket, presence>_<insert, update, delete> and note_truncate,
// in the daemon's own schema, and puts them on the tables that the views read. Views that a CRM lacks need none.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/snapshot.h"

namespace crm::rollup {

struct FeedState {
  bool complete = false;
  std::vector<std::string> missing = {};  // "message insert"
};

FeedState feed_state(source::Snapshot& snapshot, const std::string& own_schema);

// What waits for a step of the rollup.
struct Waiting {
  std::optional<Instant> since = {};  // when the oldest change was noted; nothing: none waits
  bool many = false;                  // at least `enough` of them
  bool rescan = false;                // a change was missed: all is to be counted again
};

Waiting look_at_waiting(source::Snapshot& snapshot, std::int64_t enough);

}  // namespace crm::rollup
