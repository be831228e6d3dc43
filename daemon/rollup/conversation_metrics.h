#pragma once
// The table conversation_metrics: a row for each conversation, derived from its messages by a step of the rollup, again
// whenever something of it has changed.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <crm/sdk/settings.h>

#include "rollup/touched.h"
#include "source/snapshot.h"

namespace crm::rollup {

// The conversations that these changes are about.
std::set<std::string> conversations_of(const std::vector<Change>& changes);

// Of one step; `snapshot` is a writing one.
class ConversationMetrics {
 public:
  ConversationMetrics(source::Snapshot& snapshot, const Settings& settings)
      : snapshot_(snapshot), settings_(settings) {}

  void derive(const std::set<std::string>& ids);

  // Those that were created, resolved or spoken in since then: without triggers, that is all that is known.
  void derive_since(Instant since);

  // From now on all that are younger than the horizon are derived once more.
  void begin_again();

  // The next ones of those that are to be derived without a change, the newest first: all there are at the beginning,
  // those within the horizon after other settings. False: all of them have been.
  bool derive_more();

  // Of those that derive_more() has yet to derive, the newest was created at or before this; nothing: there is none.
  std::optional<Instant> underived_before();

  // For the log.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  bool possible();
  std::string id_type() const;
  std::string version() const;
  Rows state();
  void note_progress(const source::Bound& before, const source::Bound& before_id);

  source::Snapshot& snapshot_;
  const Settings& settings_;
  std::optional<bool> possible_;
  std::vector<std::string> notes_;
};

}  // namespace crm::rollup
